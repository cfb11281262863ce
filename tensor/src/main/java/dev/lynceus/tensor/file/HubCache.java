package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The Hugging Face cache on this machine: turns `org/name[@revision]` into the folder of a
/// snapshot. Nothing is ever fetched; what `hf download` put there is found.
///
/// The layout is the published one: `models--org--name/refs/REVISION` holds the commit that a
/// branch or tag stood for, `models--org--name/snapshots/COMMIT/` the files.
public final class HubCache {

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  private final Path root;
  private final String chosenBy;

  private HubCache(Path root, String chosenBy) {
    this.root = root;
    this.chosenBy = chosenBy;
  }

  /// The cache in a given folder.
  public static HubCache at(Path root) {
    return new HubCache(root, "given");
  }

  /// The cache of this process: its environment, its user's home.
  public static HubCache fromEnvironment() {
    return fromEnvironment(System.getenv(), path(System.getProperty("user.home", "")));
  }

  /// The cache that an environment names. The first that is set, and not empty, decides:
  /// `HF_HUB_CACHE`, `HUGGINGFACE_HUB_CACHE` (its older name), `HF_HOME`/hub,
  /// `XDG_CACHE_HOME`/huggingface/hub, `~/.cache/huggingface/hub`. A leading `~` is the home.
  public static HubCache fromEnvironment(Map<String, String> environment, Path home) {
    for (Variable variable : Variable.values()) {
      String value = environment.getOrDefault(variable.name(), "");
      if (!value.isEmpty()) {
        return new HubCache(expand(value, home).resolve(variable.below), "by " + variable.name());
      }
    }
    return new HubCache(home.resolve(".cache/huggingface/hub"), "the default");
  }

  /// The cache folder. It need not exist.
  public Path root() {
    return root;
  }

  /// The folder that a user's words mean: a folder as it is, else a model in the cache.
  ///
  /// @throws LynceusException MODEL_NOT_FOUND, with every folder that was looked in; BAD_REQUEST
  ///   where the words are neither a folder nor a model's name
  public Path locate(String folderOrReference) {
    Path folder = path(folderOrReference);
    if (Files.isDirectory(folder)) {
      return folder;
    }
    if (Files.exists(folder)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          folderOrReference + " is a file, not the folder of a model",
          FolderFiles.insteadOf(folder));
    }
    if (!ModelReference.isReference(folderOrReference)) {
      throw new LynceusException(
          ErrorCode.MODEL_NOT_FOUND,
          "There is no folder " + folder.toAbsolutePath().normalize(),
          "Check the path, or give org/name of a model in the local Hugging Face cache.");
    }
    return resolve(ModelReference.parse(folderOrReference), List.of(folder.toAbsolutePath()));
  }

  /// The snapshot folder of a model in the cache.
  ///
  /// @throws LynceusException MODEL_NOT_FOUND, with every folder that was looked in and how to get
  ///   the model; BAD_CHECKPOINT where the cache contradicts itself
  public Path resolve(ModelReference reference) {
    return resolve(reference, List.of());
  }

  /// The models in the cache, as `org/name`, sorted.
  public List<String> models() {
    try (Stream<Path> folders = Files.list(root)) {
      return folders
          .filter(folder -> Files.isDirectory(folder.resolve("snapshots")))
          .map(folder -> String.valueOf(folder.getFileName()))
          .filter(name -> name.startsWith(ModelReference.FOLDER_PREFIX))
          .map(name -> name.substring(ModelReference.FOLDER_PREFIX.length()).replace("--", "/"))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private Path resolve(ModelReference reference, List<Path> lookedBefore) {
    Path repository = root.resolve(reference.cacheFolder());
    if (!Files.isDirectory(repository)) {
      throw notFound(
          reference,
          Stream.concat(lookedBefore.stream(), Stream.of(repository)).toList(),
          "The cache folder is " + root + " (" + chosenBy + "). ");
    }
    String commit =
        COMMIT.matcher(reference.revision()).matches()
            ? reference.revision()
            : commitOf(reference, repository);
    Path snapshot = repository.resolve("snapshots").resolve(commit);
    if (!Files.isDirectory(snapshot)) {
      throw notFound(reference, List.of(snapshot), otherSnapshots(reference, repository));
    }
    return snapshot;
  }

  private String commitOf(ModelReference reference, Path repository) {
    Path ref = repository.resolve("refs").resolve(reference.revision());
    if (!InputFile.isThere(ref)) {
      throw notFound(reference, List.of(ref), otherSnapshots(reference, repository));
    }
    String commit = InputFile.SETTINGS.text(ref).strip();
    if (!COMMIT.matcher(commit).matches()) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          ref + " does not hold a commit hash",
          "Fetch the model again: `" + reference.downloadCommand() + "`.");
    }
    return commit;
  }

  /// What else of this model is there, for the user to choose: never chosen silently.
  private static String otherSnapshots(ModelReference reference, Path repository) {
    try (Stream<Path> snapshots = Files.list(repository.resolve("snapshots"))) {
      List<String> commits =
          snapshots
              .map(path -> String.valueOf(path.getFileName()))
              .filter(name -> COMMIT.matcher(name).matches())
              .sorted()
              .toList();
      return commits.isEmpty()
          ? ""
          : "Other commits of it are here: name one as "
              + reference.repository()
              + "@COMMIT ("
              + String.join(", ", commits)
              + "). ";
    } catch (IOException e) {
      return "";
    }
  }

  private static LynceusException notFound(
      ModelReference reference, List<Path> looked, String hint) {
    String places = String.join(", ", looked.stream().map(Path::toString).toList());
    return new LynceusException(
        ErrorCode.MODEL_NOT_FOUND,
        "The model " + reference + " is not on this machine; looked in " + places,
        hint
            + "Fetch it with `"
            + reference.downloadCommand()
            + "`, or give the folder of a checkpoint.");
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          Quoted.name(text) + " is neither a path nor the name of a model",
          "Give a folder, or org/name of a model in the local Hugging Face cache.",
          e);
    }
  }

  private static Path expand(String value, Path home) {
    if (value.equals("~")) {
      return home;
    }
    return value.startsWith("~/") ? home.resolve(value.substring(2)) : path(value);
  }

  /// The variables that choose the cache, strongest first, and where below their value it lies.
  private enum Variable {
    HF_HUB_CACHE(""),
    HUGGINGFACE_HUB_CACHE(""),
    HF_HOME("hub"),
    XDG_CACHE_HOME("huggingface/hub");

    private final String below;

    Variable(String below) {
      this.below = below;
    }
  }
}
