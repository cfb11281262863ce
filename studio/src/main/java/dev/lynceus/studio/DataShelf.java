package dev.lynceus.studio;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.DataOptions;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.lab.data.DataSets;
import dev.lynceus.lab.data.WorldData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Data sets that may be opened: those in the folders that whoever started the studio named, and
/// generated worlds. A name is compared with the list and never followed as a path. The last few
/// stay open.
final class DataShelf {
  private static final int MOST_OPEN = 3;
  private static final int MOST_ROWS = 500_000;
  private static final int MOST_SCENES = 2000;
  private static final int MOST_LISTED = 500;
  private static final List<String> WORLDS = List.of("world:20260:50", "world-large:20260:20");
  private static final String FILES = "(?i).*\\.(json|jsonl|csv|tsv|parquet|tar|tar\\.gz|tgz)";

  private final List<Path> roots;
  private final Map<String, Open> open = new LinkedHashMap<>(4, 0.75f, true);

  DataShelf(List<Path> roots) {
    this.roots = roots;
  }

  /// A data set that may be opened.
  ///
  /// @param name by which it is opened
  /// @param where `world` or `folder`
  record Known(String name, String where) {}

  private record Open(DataSet data, Optional<FileTime> changed) {}

  List<Known> all() {
    List<Known> all = new ArrayList<>();
    WORLDS.forEach(name -> all.add(new Known(name, "world")));
    sources().keySet().forEach(name -> all.add(new Known(name, "folder")));
    return all;
  }

  /// Files and folders below the roots, by the names that they are opened by.
  private Map<String, Path> sources() {
    Map<String, Path> found = new LinkedHashMap<>();
    for (Path root : roots) {
      Path base = root.toAbsolutePath().normalize();
      String own = String.valueOf(base.getFileName());
      found.putIfAbsent(own, base);
      if (!Files.isDirectory(base)) {
        continue;
      }
      try (Stream<Path> below = Files.list(base)) {
        below
            .filter(
                one -> Files.isDirectory(one) || String.valueOf(one.getFileName()).matches(FILES))
            .filter(one -> !String.valueOf(one.getFileName()).startsWith("."))
            .sorted()
            .limit(MOST_LISTED)
            .forEach(one -> found.putIfAbsent(own + "/" + one.getFileName(), one));
      } catch (IOException e) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "the folder of data sets " + own + " cannot be read",
            "Name another one with --data.",
            e);
      }
    }
    return found;
  }

  /// How the command line names a data set.
  String command(String name) {
    Path source = sources().get(name);
    return source == null ? name : source.toString();
  }

  /// A data set of the list, or a generated world.
  ///
  /// @throws LynceusException BAD_REQUEST for a name that is not in the list; as [DataSets#open]
  synchronized DataSet open(String name) {
    Path source = sources().get(name);
    Optional<FileTime> changed = changed(source);
    Open known = open.get(name);
    if (known != null && known.changed().equals(changed)) {
      return known.data();
    }
    DataSet data =
        source == null
            ? world(name)
                .orElseThrow(() ->
                    new LynceusException(
                        ErrorCode.BAD_REQUEST,
                        "there is no data set of that name here",
                        "Choose one of the list, or world:SEED:SCENES; start the studio with --data"
                            + " FOLDER to add others."))
            : DataSets.open(source, DataOptions.DEFAULT.withLimit(MOST_ROWS));
    open.put(name, new Open(data, changed));
    if (open.size() > MOST_OPEN) {
      open.remove(open.keySet().iterator().next());
    }
    return data;
  }

  /// A generated world, if it is made in a few seconds.
  private static Optional<DataSet> world(String name) {
    String[] parts = name.split(":", -1);
    if (parts.length == 3
        && parts[2].matches("\\d+")
        && (parts[2].length() > 4 || Integer.parseInt(parts[2]) > MOST_SCENES)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a world of more than %d scenes is not made here".formatted(MOST_SCENES),
          "Name fewer scenes.");
    }
    return WorldData.named(name);
  }

  private static Optional<FileTime> changed(@org.jspecify.annotations.Nullable Path source) {
    if (source == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.getLastModifiedTime(source));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
