package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the JSON files of a checkpoint. A repeated key is refused, since it would hide one of two
/// values; `NaN` and `Infinity` are read, since Python writes them.
final class JsonFiles {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  /// Bytes of the mark in UTF-8.
  private static final int MARK = 3;

  private JsonFiles() {}

  /// Reads a file that holds one JSON object.
  ///
  /// @throws LynceusException BAD_CHECKPOINT, naming the file
  static JsonNode read(Path file) {
    byte[] bytes = InputFile.SETTINGS.bytes(file);
    ForeignFormat.of(Arrays.copyOf(bytes, Math.min(bytes.length, ForeignFormat.BYTES)))
        .ifPresent(format -> {
          throw new LynceusException(
              ErrorCode.BAD_CHECKPOINT, file + " " + format.description(), format.nextStep());
        });
    requireNoMark(file, new String(bytes, 0, Math.min(bytes.length, MARK), StandardCharsets.UTF_8));
    try {
      JsonNode node = MAPPER.readTree(bytes);
      if (!node.isObject()) {
        throw bad(file, "does not hold a JSON object");
      }
      return node;
    } catch (JacksonException e) {
      // What breaks a limit of the reader, such as lists in lists without end, has no place.
      String place = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
      throw bad(file, "is not valid JSON" + place + ": " + e.getOriginalMessage());
    }
  }

  /// Refuses a text that begins with a byte order mark, which is invisible, and is no JSON.
  ///
  /// @throws LynceusException BAD_CHECKPOINT
  private static void requireNoMark(Path file, String text) {
    if (text.startsWith("\uFEFF")) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          file + " begins with a byte order mark, which JSON does not have",
          "Save it as UTF-8 without one (editors call that UTF-8 without BOM).");
    }
  }

  private static LynceusException bad(Path file, String what) {
    return new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        file + " " + what,
        "Fetch the model again, or repair the file if you changed it.");
  }
}
