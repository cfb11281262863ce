package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Tells the format of a file from what is in it; its name decides only where its contents do not.
final class Recognizer {
  /// What a file is.
  ///
  /// @param list for JSON, whether it is one list, not an entry a line
  /// @param packed for archives
  /// @param separator for tables
  record Found(DataFormat format, boolean list, boolean packed, char separator) {
    static Found of(DataFormat format) {
      return new Found(format, false, false, ',');
    }
  }

  private static final int START = 1 << 16;

  private Recognizer() {}

  /// Recognises a file.
  ///
  /// @throws LynceusException BAD_REQUEST with what was found, and what is read
  static Found of(Path file) {
    byte[] start = start(file);
    if (start.length == 0) {
      throw Refusal.bad(
          file + " has no questions", "Write one JSON object a line, with image and question.");
    }
    if (startsWith(start, "PAR1")) {
      return Found.of(DataFormat.PARQUET);
    }
    if (TarFile.isTar(start)) {
      return Found.of(DataFormat.WEBDATASET);
    }
    if (start.length > 2 && (start[0] & 0xff) == 0x1f && (start[1] & 0xff) == 0x8b) {
      return packed(file);
    }
    String binary = binary(start);
    if (binary != null) {
      throw unknown(file, binary);
    }
    char first = firstLetter(start);
    if (first == '{' || first == '[') {
      return json(file, first == '[');
    }
    Found table = table(start);
    if (table != null) {
      return table;
    }
    if (isNamedLines(file)) {
      return Found.of(DataFormat.LINES);
    }
    String line = new String(start, StandardCharsets.UTF_8).strip();
    int end = line.indexOf('\n');
    throw unknown(
        file,
        line.isEmpty()
            ? "nothing but blanks"
            : "text that begins with "
                + Refusal.quoted(end < 0 ? line : line.substring(0, end).strip()));
  }

  static LynceusException unknown(Path file, String found) {
    return Refusal.bad(
        "%s is no data set that is known: it is %s".formatted(file, found),
        "Formats are " + DataFormat.labels() + "; see docs/reference/data.md.");
  }

  private static byte[] start(Path file) {
    try (InputStream stream = ByteLines.open(file)) {
      return stream.readNBytes(START);
    } catch (IOException e) {
      throw Refusal.bad(file + " cannot be read: " + e.getMessage(), "Check the file.", e);
    }
  }

  private static Found packed(Path file) {
    try (InputStream stream = new GZIPInputStream(ByteLines.open(file))) {
      if (TarFile.isTar(stream.readNBytes(512))) {
        return new Found(DataFormat.WEBDATASET, false, true, ',');
      }
    } catch (IOException e) {
      throw Refusal.bad(file + " is no whole gzip: " + e.getMessage(), "Fetch it again.", e);
    }
    throw unknown(file, "packed with gzip, and no archive within; unpack it");
  }

  private static boolean startsWith(byte[] bytes, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// What bytes are that are no text; null where they may be some.
  private static @Nullable String binary(byte[] start) {
    if (startsWith(start, "PK\u0003\u0004")) {
      return "a zip archive; unpack it";
    }
    if (startsWith(start, "\u0089PNG") || startsWith(start, "\u00ff\u00d8\u00ff")) {
      return "a picture";
    }
    if (startsWith(start, "ARROW1") || startsWith(start, "\u00ff\u00ff\u00ff\u00ff")) {
      return "an Arrow file; save it as Parquet";
    }
    if (startsWith(start, "\u0080") && start.length > 1 && start[1] <= 5) {
      return "a Python pickle, which could run anything; save it as JSON";
    }
    if (startsWith(start, "BZh")
        || startsWith(start, "\u00fd7zXZ")
        || startsWith(start, "(\u00b5/\u00fd")) {
      return "packed; unpack it";
    }
    for (int i = 0; i < Math.min(start.length, 4096); i++) {
      if (start[i] == 0) {
        return "binary data";
      }
    }
    return null;
  }

  private static char firstLetter(byte[] start) {
    int at = startsWith(start, "\u00ef\u00bb\u00bf") ? 3 : 0;
    while (at < start.length && Character.isWhitespace(start[at])) {
      at++;
    }
    return at < start.length ? (char) (start[at] & 0xff) : ' ';
  }

  private static boolean isNamedLines(Path file) {
    return String.valueOf(file.getFileName())
        .toLowerCase(Locale.ROOT)
        .matches(".*\\.(jsonl|ndjson)");
  }

  /// A table by its header; null where the first line is none.
  private static @Nullable Found table(byte[] start) {
    String text = new String(start, StandardCharsets.UTF_8);
    int end = text.indexOf('\n');
    String line = (end < 0 ? text : text.substring(0, end)).strip().replace("\"", "");
    line = line.startsWith("\ufeff") ? line.substring(1) : line;
    char separator = line.indexOf('\t') >= 0 ? '\t' : ',';
    List<String> names =
        List.of(
            (end < 0 ? text : text.substring(0, end))
                .replace("\r", "")
                .replace("\"", "")
                .split(String.valueOf(separator), -1));
    Set<String> lower = new TreeSet<>();
    names.forEach(name -> lower.add(name.strip().toLowerCase(Locale.ROOT)));
    if (names.size() < 2) {
      return null;
    }
    if (names.getLast().strip().equals("answer_count")
        || lower.equals(Set.of("image_id", "question", "answer"))
        || lower.equals(Set.of("", "image_id", "question", "answer"))) {
      return new Found(DataFormat.COCO_QA, false, false, separator);
    }
    if (lower.contains("file_name") && separator == ',' && !lower.contains("question")) {
      return Found.of(DataFormat.IMAGE_FOLDER);
    }
    boolean pictures =
        lower.stream().anyMatch(name -> name.contains("image") || name.contains("file"));
    return lower.contains("question") || pictures && lower.contains("index")
        ? new Found(DataFormat.TABLE, false, false, separator)
        : null;
  }

  private static Found json(Path file, boolean list) {
    Set<String> names = new TreeSet<>();
    try (InputStream stream = ByteLines.open(file);
        JsonParser parser = Json.parser(stream)) {
      parser.nextToken();
      if (list && parser.nextToken() != JsonToken.START_OBJECT) {
        throw unknown(file, "a JSON list, but not of objects");
      }
      DataFormat format = JsonShape.of(parser, names);
      if (format != null) {
        return new Found(format, list, false, ',');
      }
    } catch (JacksonException | IOException e) {
      // A broken line is one row; a broken document is told so below.
      if (!isNamedLines(file) && !hasLines(file)) {
        throw Refusal.bad(
            "%s is not valid JSON: %s"
                .formatted(file, Refusal.shown(String.valueOf(e.getMessage()))),
            "Fetch or write the file again.",
            e);
      }
    }
    if (isNamedLines(file) || hasLines(file)) {
      return Found.of(DataFormat.LINES);
    }
    throw unknown(
        file,
        "JSON with the fields "
            + new ArrayList<>(names).stream().limit(12).map(Refusal::shown).toList());
  }

  /// Whether one of the first lines is a row of ours.
  private static boolean hasLines(Path file) {
    try (ByteLines lines = new ByteLines(file, 1 << 20)) {
      for (int i = 0; i < 100; i++) {
        String line = lines.next();
        if (line == null) {
          return false;
        }
        Set<String> names = new TreeSet<>();
        try {
          Json.value(line).propertyNames().forEach(names::add);
        } catch (JacksonException e) {
          continue;
        }
        if (JsonShape.isLine(names)) {
          return true;
        }
      }
      return false;
    } catch (LynceusException e) {
      return false;
    }
  }
}
