package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/// The entries of JSON files: values of a list, of an object, or one a line.
final class Entries {
  private Entries() {}

  /// Takes entries.
  interface Taker {
    /// @param path names of the objects that it lies in, with dots between; empty at the top
    /// @param number of the entry in its list, from 1
    /// @param name in its object; empty in a list
    /// @return whether more are wanted
    boolean take(String path, long number, String name, JsonNode value);
  }

  /// Goes over a file: the fields of the object at its top, where those are lists or, if `deep`,
  /// objects, entry by entry; scalars as they are; the entries of a list at its top.
  ///
  /// @param deep which fields are taken apart if they are objects
  /// @throws LynceusException BAD_REQUEST for broken JSON
  static void each(Path file, Set<String> deep, Taker taker) {
    try (InputStream stream = ByteLines.open(file);
        JsonParser parser = Json.parser(stream)) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_ARRAY) {
        list(parser, "", taker);
      } else if (first == JsonToken.START_OBJECT) {
        object(parser, deep, taker);
      }
    } catch (JacksonException e) {
      throw Refusal.bad(
          "%s is not valid JSON: %s (line %d, column %d)"
              .formatted(
                  file,
                  Refusal.shown(e.getOriginalMessage()),
                  e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                  e.getLocation() == null ? 0 : e.getLocation().getColumnNr()),
          "Fetch or write the file again.",
          e);
    } catch (IOException e) {
      throw Refusal.bad(file + " cannot be read: " + e.getMessage(), "Check the file.", e);
    }
  }

  private static boolean list(JsonParser parser, String path, Taker taker) {
    long number = 0;
    JsonToken token = parser.nextToken();
    while (token != JsonToken.END_ARRAY && token != null) {
      if (!taker.take(path, ++number, "", Json.value(parser))) {
        return false;
      }
      token = parser.nextToken();
    }
    return true;
  }

  private static void object(JsonParser parser, Set<String> deep, Taker taker) {
    long number = 0;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = String.valueOf(parser.currentName());
      number++;
      JsonToken token = parser.nextToken();
      boolean goesOn;
      if (token == JsonToken.START_ARRAY) {
        goesOn = list(parser, name, taker);
      } else if (token == JsonToken.START_OBJECT && deep.contains(name)) {
        goesOn = fields(parser, name, taker);
      } else {
        goesOn = taker.take("", number, name, Json.value(parser));
      }
      if (!goesOn) {
        return;
      }
    }
  }

  private static boolean fields(JsonParser parser, String path, Taker taker) {
    long number = 0;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = String.valueOf(parser.currentName());
      parser.nextToken();
      if (!taker.take(path, ++number, name, Json.value(parser))) {
        return false;
      }
    }
    return true;
  }

  /// Makes examples of rows of a file that is a list, or has one a line.
  interface RowTaker {
    /// @param where what messages call it
    List<Example> take(Origin origin, String where, JsonNode row);
  }

  /// Goes over the rows of a file that is a list of objects, or has an object a line; a line that
  /// is none is a row that cannot be used.
  static void rows(Path file, boolean list, Rows rows, RowTaker taker) {
    if (list) {
      each(
          file,
          Set.of(),
          (path, number, name, value) -> {
            if (path.isEmpty() && name.isEmpty()) {
              Origin origin = new Origin(file, number);
              guarded(
                  origin,
                  rows,
                  () -> told(value),
                  () -> taker.take(origin, origin.toString(), value));
            }
            return !rows.full();
          });
      return;
    }
    try (ByteLines lines = new ByteLines(file, rows.options().limits().rowBytes())) {
      while (!rows.full() && line(lines, rows, taker)) {
        // Each line is a row of its own.
      }
    }
  }

  private static boolean line(ByteLines lines, Rows rows, RowTaker taker) {
    String text;
    try {
      text = lines.next();
    } catch (LynceusException e) {
      rows.bad(lines.origin(), e);
      return true;
    }
    if (text == null) {
      return false;
    }
    if (!text.isBlank()) {
      JsonNode row;
      try {
        row = parsed(text, lines);
      } catch (LynceusException e) {
        rows.bad(lines.origin(), e);
        return true;
      }
      guarded(
          lines.origin(),
          rows,
          () -> told(row),
          () -> taker.take(lines.origin(), lines.where(), row));
    }
    return true;
  }

  private static JsonNode parsed(String text, ByteLines lines) {
    try {
      return Json.value(text);
    } catch (JacksonException e) {
      throw Refusal.bad(
          "%s is no question: it is no JSON%s"
              .formatted(
                  lines.where(),
                  e.getLocation() == null || e.getLocation().getColumnNr() <= 0
                      ? ""
                      : " from column %d on".formatted(e.getLocation().getColumnNr())),
          LinesReader.EXAMPLE,
          e);
    }
  }

  /// What a row tells of itself, be the rest of it broken.
  private static Item.Told told(JsonNode row) {
    return new Item.Told(
        text(row.path("id")),
        row.path("image").isMissingNode() ? text(row.path("images")) : text(row.path("image")),
        text(row.path("question")));
  }

  private static String text(JsonNode node) {
    return node.isArray()
        ? String.join(", ", node.valueStream().map(Entries::text).toList())
        : node.isValueNode() ? Json.text(node) : "";
  }

  /// Reads a row; what is wrong with it becomes a row that cannot be used.
  static void guarded(Origin origin, Rows rows, Supplier<List<Example>> reading) {
    guarded(origin, rows, () -> Item.Told.NOTHING, reading);
  }

  private static void guarded(
      Origin origin, Rows rows, Supplier<Item.Told> told, Supplier<List<Example>> reading) {
    List<Example> examples;
    try {
      examples = reading.get();
    } catch (LynceusException e) {
      rows.bad(origin, told.get(), e);
      return;
    }
    examples.forEach(rows::good);
  }
}
