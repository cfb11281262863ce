package dev.lynceus.text;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// Reads the small JSON files of a checkpoint folder.
final class CheckpointJson {
  static final JsonMapper MAPPER = JsonMapper.shared();

  private CheckpointJson() {}

  /// The content of an optional file; a missing node where the file is absent.
  static JsonNode read(Path folder, String name) {
    Path file = folder.resolve(name);
    return InputFile.isThere(file)
        ? parse(file, InputFile.SETTINGS.text(file))
        : MissingNode.getInstance();
  }

  static JsonNode parse(Path file, String text) {
    if (text.startsWith("\uFEFF")) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          file + " begins with a byte order mark, which JSON does not have",
          "Save it as UTF-8 without one (editors call that UTF-8 without BOM).");
    }
    try {
      JsonNode node = MAPPER.readTree(text);
      if (node.isObject()) {
        return node;
      }
    } catch (JacksonException e) {
      throw broken(file, "is not valid JSON: " + e.getOriginalMessage(), e);
    }
    throw broken(file, "is not a JSON object", null);
  }

  private static LynceusException broken(
      Path file, String what, @org.jspecify.annotations.Nullable Throwable cause) {
    return new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        file + " " + what,
        "The file is broken or half copied; download it again.",
        cause);
  }
}
