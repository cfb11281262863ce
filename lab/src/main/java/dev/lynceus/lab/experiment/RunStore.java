package dev.lynceus.lab.experiment;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where runs are kept: a folder with a list of them in SQLite, and a folder for each with its
/// ledger and its tables.
public final class RunStore {
  /// Where they are kept unless a folder is named.
  public static final String VARIABLE = "LYNCEUS_RUNS";

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]*");

  private final Path folder;
  private final Catalogue catalogue;

  /// @param folder made where it is absent
  /// @throws LynceusException NOT_WRITABLE
  public RunStore(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          "cannot make the folder of runs " + folder + ": " + e.getMessage(),
          "Name one that can be written with --store.",
          e);
    }
    this.catalogue = new Catalogue(folder.resolve("runs.sqlite"));
  }

  /// The folder that a user's runs are kept in: `LYNCEUS_RUNS`, or `lynceus/runs` among the data of
  /// the user.
  public static Path usual() {
    String named = System.getenv(VARIABLE);
    if (named != null && !named.isBlank()) {
      return Path.of(named);
    }
    String data = System.getenv("XDG_DATA_HOME");
    Path base =
        data == null || data.isBlank()
            ? Path.of(System.getProperty("user.home"), ".local", "share")
            : Path.of(data);
    return base.resolve("lynceus").resolve("runs");
  }

  /// The folder.
  public Path folder() {
    return folder;
  }

  /// All runs, the newest first.
  public List<RunInfo> all() {
    return catalogue.all();
  }

  /// One run.
  ///
  /// @param name its id; its name, of several runs of one name the newest; or the beginning of
  ///   either, if that is of one run only
  /// @throws LynceusException BAD_REQUEST
  public RunInfo find(String name) {
    List<RunInfo> found = catalogue.beginning(name);
    List<RunInfo> exact =
        found.stream().filter(run -> run.id().equals(name) || run.name().equals(name)).toList();
    if (!exact.isEmpty()) {
      return exact.getFirst();
    }
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new LynceusException(
        ErrorCode.BAD_REQUEST,
        found.isEmpty()
            ? "there is no run '%s' in %s".formatted(name, folder)
            : "'%s' is the beginning of %d runs: %s"
                .formatted(
                    name,
                    found.size(),
                    found.stream().limit(5).map(RunInfo::id).collect(Collectors.joining(", "))),
        "See all with lynceus lab runs.");
  }

  /// Keeps what is known of a run.
  void put(RunInfo run) {
    catalogue.put(run);
  }

  /// What is known of a run that may not be there.
  Optional<RunInfo> get(String id) {
    return catalogue.get(id);
  }

  /// The folder of a run.
  public Path folder(String id) {
    if (!ID.matcher(id).matches()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "'%s' is no id of a run".formatted(id),
          "See all with lynceus lab runs.");
    }
    return folder.resolve(id);
  }

  /// The ledger of a run.
  Path ledger(String id) {
    return folder(id).resolve("ledger.txt");
  }

  /// Gives a run other words of the user.
  public RunInfo label(RunInfo run, String name, List<String> tags, String note) {
    RunInfo labelled = run.labelled(name, tags, note);
    catalogue.put(labelled);
    return labelled;
  }

  /// Deletes a run with all that is kept of it.
  ///
  /// @throws LynceusException NOT_WRITABLE
  public void delete(RunInfo run) {
    Path own = folder(run.id());
    try {
      if (Files.isDirectory(own)) {
        try (Stream<Path> files = Files.walk(own)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          "cannot delete " + own + ": " + e.getMessage(),
          "Delete the folder by hand, then delete the run again.",
          e);
    }
    catalogue.remove(run.id());
  }
}
