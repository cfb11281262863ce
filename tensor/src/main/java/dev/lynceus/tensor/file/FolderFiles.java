package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What lies in the folder of a model beside its weights.
final class FolderFiles {
  private FolderFiles() {}

  private static final String ADAPTER = "adapter_config.json";

  /// The names of the files of a folder, sorted.
  ///
  /// @throws LynceusException BAD_CHECKPOINT where it cannot be listed
  static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          folder + " cannot be listed: " + e.getMessage(),
          "Check that you may read the folder.",
          e);
    }
  }

  /// Refuses a folder with a link to a file that is gone, as a cache has that was cleaned or copied
  /// in part, or with a link that is only the text of one.
  ///
  /// @throws LynceusException BAD_CHECKPOINT, naming the link and what it should lead to
  static void refuseLostLinks(Path folder) {
    for (String name : names(folder)) {
      Path file = folder.resolve(name);
      boolean needed = name.matches(".*\\.(safetensors|json|jinja|model)");
      if (needed && Files.isSymbolicLink(file) && !Files.exists(file)) {
        throw new LynceusException(
            ErrorCode.BAD_CHECKPOINT,
            file + " is a link to " + target(file) + ", which is not there",
            "The cache has lost this file: fetch the model again, for example with `hf download"
                + " org/name`, or copy the file from where the cache came from.");
      }
      if (needed) {
        refuseStoredLink(file);
      }
    }
  }

  /// Refuses a file that is no more than the text of a link.
  private static void refuseStoredLink(Path file) {
    if (!InputFile.isRegular(file) || InputFile.WEIGHTS.size(file) > StoredLink.LONGEST) {
      return;
    }
    Optional<String> target = StoredLink.target(InputFile.WEIGHTS.bytes(file, StoredLink.LONGEST));
    if (target.isPresent()) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          file
              + " holds no more than "
              + Quoted.name(target.get())
              + ": it was a symbolic link, which was stored as a text",
          isThere(file, target.get())
              ? "The file that it should lead to is there: put that in its place, or make the link anew; so with"
                  + " the other files of the folder. Or fetch the model again with `hf download org/name`."
              : "Copy the cache so that links stay links or become what they lead to (rsync -a, cp -rL), or fetch"
                  + " the model again with `hf download org/name`.");
    }
  }

  private static boolean isThere(Path link, String target) {
    try {
      return InputFile.isRegular(link.resolveSibling(target.replace('\\', '/')));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "somewhere";
    }
  }

  /// What is to be said about an adapter beside the weights.
  static Optional<String> adapter(Path folder) {
    List<String> names = names(folder);
    List<String> adapters =
        names.stream()
            .filter(name -> name.equals(ADAPTER) || name.startsWith("adapter_model."))
            .toList();
    return adapters.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s %s beside the weights and %s not applied: this is the plain model; merge the adapter with peft (merge_and_unload, then save_pretrained) to see the adapted one"
                .formatted(
                    String.join(" and ", adapters),
                    adapters.size() == 1 ? "lies" : "lie",
                    adapters.size() == 1 ? "is" : "are"));
  }

  /// The base model that an adapter names, as a part of a sentence; empty where it names none.
  static String baseOfAdapter(Path folder) {
    Path config = folder.resolve(ADAPTER);
    if (!Files.isRegularFile(config)) {
      return "";
    }
    String base = JsonFiles.read(config).path("base_model_name_or_path").asString("");
    return base.isEmpty() ? "" : " for " + Quoted.name(base);
  }

  /// What to give instead of a file.
  static String insteadOf(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return name.endsWith(".gguf")
        ? NoWeights.GGUF
        : "Give the folder that holds config.json and the weights.";
  }
}
