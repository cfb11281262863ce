package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The files of a checkpoint that say how pictures are processed, in the order in which the
/// reference looks at them.
final class SettingsFiles {
  private final Path checkpoint;
  private final @Nullable JsonNode nested;

  SettingsFiles(Path checkpoint) {
    this.checkpoint = checkpoint;
    this.nested = readIfThere("processor_config.json");
  }

  /// Settings and what errors call their file.
  record Found(JsonNode json, String source) {}

  /// The settings of the image processor.
  ///
  /// @throws LynceusException `MODEL_NOT_FOUND` if there are none
  Found ofImages() {
    return find("image_processor", "preprocessor_config.json");
  }

  /// The settings of the video processor; older checkpoints have one file for both.
  ///
  /// @throws LynceusException `MODEL_NOT_FOUND` if there are none
  Found ofVideos() {
    return InputFile.isThere(checkpoint.resolve("video_preprocessor_config.json"))
        ? find("video_processor", "video_preprocessor_config.json")
        : find("video_processor", "preprocessor_config.json");
  }

  /// `model_type` of the model's config.
  Optional<String> modelType() {
    return text(readIfThere("config.json"), "model_type");
  }

  /// The class that joins tokenizer and image processor. Some of these pass settings of their own,
  /// which go before those in files.
  Optional<String> processorClass(JsonNode settings) {
    return text(nested, "processor_class")
        .or(() -> text(settings, "processor_class"))
        .or(() ->
            modelType()
                .flatMap(type ->
                    switch (type) {
                      case "internvl" -> Optional.of(SettingsParser.INTERNVL);
                      case "gemma3" -> Optional.of(SettingsParser.GEMMA3);
                      default -> Optional.empty();
                    }));
  }

  /// The string under `key`, if there is one.
  static Optional<String> text(@Nullable JsonNode json, String key) {
    JsonNode value = json == null ? null : json.get(key);
    return value == null || !value.isString() ? Optional.empty() : Optional.of(value.asString());
  }

  private Found find(String part, String name) {
    JsonNode settings = nested == null ? null : nested.get(part);
    if (settings != null && !settings.isNull()) {
      return new Found(settings, checkpoint.resolve("processor_config.json").toString());
    }
    JsonNode own = readIfThere(name);
    if (own == null) {
      throw new LynceusException(
          ErrorCode.MODEL_NOT_FOUND,
          checkpoint + " holds no " + name,
          "Copy that file from the model's repository into the folder.");
    }
    return new Found(own, checkpoint.resolve(name).toString());
  }

  private @Nullable JsonNode readIfThere(String name) {
    Path file = checkpoint.resolve(name);
    if (!InputFile.isThere(file)) {
      return null;
    }
    try {
      return JsonMapper.shared().readTree(InputFile.SETTINGS.bytes(file));
    } catch (JacksonException e) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          file + " is not valid JSON",
          "Restore the file from the model's repository.",
          e);
    }
  }
}
