package dev.lynceus.studio;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Checkpoints;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.ContentDigest;
import dev.lynceus.tensor.file.HubCache;
import dev.lynceus.tensor.file.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Which models may be asked: bundled ones, those of the local Hugging Face cache, and checkpoints
/// in folders that whoever started the studio named. What a client says is compared with these
/// names and never followed as a path.
///
/// @param roots folders that hold checkpoints, or are one
record ModelNames(List<Path> roots) {

  /// A model that may be asked.
  ///
  /// @param name by which it is asked
  /// @param where `bundled`, `cache` or `folder`
  /// @param family `model_type`; empty where it cannot be read
  /// @param command how the command line names it
  record Entry(String name, String where, String family, String command) {}

  /// All of them, the bundled ones first.
  List<Entry> all() {
    List<Entry> all = new ArrayList<>();
    for (String name : Checkpoints.bundled()) {
      all.add(new Entry(name, "bundled", family(Checkpoints.locate(name)), name));
    }
    HubCache.fromEnvironment().models().stream()
        .map(ModelNames::cached)
        .flatMap(Optional::stream)
        .forEach(all::add);
    folders()
        .forEach((name, folder) ->
            all.add(new Entry(name, "folder", family(folder), folder.toString())));
    return all;
  }

  /// One of the cache; of a cache that contradicts itself none: `lynceus models show` tells what is
  /// wrong.
  private static Optional<Entry> cached(String name) {
    try {
      return Optional.of(new Entry(name, "cache", family(Checkpoints.locate(name)), name));
    } catch (LynceusException broken) {
      return Optional.empty();
    }
  }

  /// Checkpoints below the roots, by the names that they are asked by.
  private Map<String, Path> folders() {
    Map<String, Path> found = new LinkedHashMap<>();
    for (Path root : roots) {
      Path base = root.toAbsolutePath().normalize();
      if (isCheckpoint(base)) {
        found.putIfAbsent(String.valueOf(base.getFileName()), base);
        continue;
      }
      try (Stream<Path> below = Files.list(base)) {
        below
            .filter(ModelNames::isCheckpoint)
            .sorted()
            .forEach(folder -> {
              String name = String.valueOf(folder.getFileName());
              found.putIfAbsent(
                  found.containsKey(name) ? base.getFileName() + "/" + name : name, folder);
            });
      } catch (IOException e) {
        throw new LynceusException(
            ErrorCode.MODEL_NOT_FOUND,
            "the folder of models " + root + " cannot be read",
            "Name another one with --models.",
            e);
      }
    }
    return found;
  }

  private static boolean isCheckpoint(Path folder) {
    return Files.isDirectory(folder) && InputFile.isRegular(folder.resolve("config.json"));
  }

  private static String family(Path folder) {
    try {
      return JsonMapper.shared()
          .readTree(InputFile.SETTINGS.bytes(folder.resolve("config.json")))
          .path("model_type")
          .asString("");
    } catch (LynceusException | JacksonException e) {
      return "";
    }
  }

  /// The folder of a name.
  ///
  /// @throws LynceusException MODEL_NOT_FOUND for one that is not in the list
  Path folder(String name) {
    if (Checkpoints.bundled().contains(name)
        || HubCache.fromEnvironment().models().contains(name)) {
      return Checkpoints.locate(name);
    }
    Path folder = folders().get(name);
    if (folder == null) {
      throw new LynceusException(
          ErrorCode.MODEL_NOT_FOUND,
          "there is no model of that name here",
          "Choose one of the list; start the studio with --models FOLDER to add checkpoints.");
    }
    return folder;
  }

  /// Loads a model of the list.
  LoadedModel load(String name, LoadOptions options) {
    Path folder = folders().get(name);
    return folder == null ? LoadedModel.load(name, options) : LoadedModel.load(folder, options);
  }

  /// How the command line names a model.
  String command(String name) {
    Path folder = folders().get(name);
    return folder == null ? name : folder.toString();
  }

  /// What all that a model computes with goes by: its weights and its settings.
  String contents(String name) {
    Path folder = folder(name);
    StringBuilder all = new StringBuilder();
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        Stream<Path> files = Files.list(folder)) {
      all.append(checkpoint.fingerprint());
      files
          .filter(
              file -> file.toString().matches(".*\\.(json|jinja|txt)") && InputFile.isRegular(file))
          .sorted()
          .forEach(file -> all.append(ContentDigest.of(InputFile.SETTINGS.bytes(file))));
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT, "the model's folder cannot be read", "Try again.", e);
    }
    return ContentDigest.of(all.toString());
  }
}
