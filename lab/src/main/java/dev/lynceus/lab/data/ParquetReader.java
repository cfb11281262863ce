package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Parquet of the Hugging Face hub: pictures are structs of `bytes` and `path`; what the other
/// columns mean their names say; numbers of classes become their names, where the file tells them.
final class ParquetReader {
  private final Path file;
  private final ParquetTable table;
  private final Rows rows;
  private final PictureFiles files;
  private final Map<String, List<String>> classes;

  private ParquetReader(Path file, Rows rows) {
    this.file = file;
    this.rows = rows;
    this.table = new ParquetTable(file, rows.options().limits());
    this.files = PictureFiles.besideFile(file, rows.options());
    this.classes = classes(table.note("huggingface"));
  }

  /// @param split of the rows; empty where the file does not tell
  static void read(Path file, String split, Rows rows) {
    ParquetReader reader = new ParquetReader(file, rows);
    try {
      reader.table.each((row, cells, paths) -> {
        Origin origin = new Origin(file, row + 1);
        Entries.guarded(
            origin, rows, () -> List.of(reader.example(origin, row, cells, paths, split)));
        return !rows.full();
      });
    } catch (LynceusException e) {
      if (rows.count() == 0) {
        throw e;
      }
      // What came before the break is whole.
      rows.bad(new Origin(file, 0), e);
    }
  }

  private Example example(
      Origin origin, long row, ObjectNode cells, Map<String, List<String>> paths, String split) {
    ObjectNode named = named(cells, classes);
    if (!split.isEmpty() && !named.has(Rows.SPLIT)) {
      named.put(Rows.SPLIT, split);
    }
    List<ImageSource> images = new ArrayList<>();
    paths.forEach((column, names) -> {
      for (int i = 0; i < names.size(); i++) {
        // Of several columns some may be empty; only one that is there tells.
        if (paths.size() == 1 || !names.get(i).isEmpty() || !table.stored(column, row).isEmpty()) {
          images.add(image(column, row, i, names.get(i), origin));
        }
      }
    });
    Example example = Columns.example(origin, Long.toString(origin.row()), named, images);
    if (images.isEmpty() && example.question().isEmpty()) {
      throw Refusal.bad(
          origin + " has neither a picture nor a question",
          "Pictures are columns of structs of bytes and path; questions are called question.");
    }
    return example;
  }

  private ImageSource image(String column, long row, int index, String path, Origin origin) {
    String place = column + (index == 0 ? "" : " " + (index + 1)) + " of " + origin;
    String name =
        path.isEmpty() ? column + " " + origin.row() + (index == 0 ? "" : "." + index) : path;
    return new StoredImage(
        name,
        place,
        () -> {
          ParquetTable.Stored stored = table.picture(column, row, index);
          byte[] bytes = stored.bytes();
          if (bytes != null) {
            return bytes;
          }
          if (stored.path().isEmpty()) {
            throw Refusal.badImage(place + " is empty", "Leave that row out.");
          }
          return InputFile.PICTURE.bytes(
              files.file(stored.path(), place), rows.options().limits().pictureBytes());
        });
  }

  /// Numbers of classes as names.
  static ObjectNode named(ObjectNode cells, Map<String, List<String>> classes) {
    ObjectNode named = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> cell : cells.properties()) {
      List<String> names = classes.getOrDefault(cell.getKey(), List.of());
      JsonNode value = cell.getValue();
      boolean is =
          value.isIntegralNumber() && value.asLong(-1) >= 0 && value.asLong() < names.size();
      if (is) {
        named.put(cell.getKey(), names.get((int) value.asLong()));
      } else {
        named.set(cell.getKey(), value);
      }
    }
    return named;
  }

  /// The names of classes, by column, as the library `datasets` notes them in the file.
  static Map<String, List<String>> classes(String note) {
    Map<String, List<String>> classes = new HashMap<>();
    JsonNode features;
    try {
      features = Json.value(note).path("info").path("features");
    } catch (JacksonException e) {
      return classes;
    }
    for (Map.Entry<String, JsonNode> feature : features.properties()) {
      if (Json.text(feature.getValue().path("_type")).equals("ClassLabel")) {
        List<String> names = new ArrayList<>();
        feature.getValue().path("names").forEach(name -> names.add(Json.text(name)));
        classes.put(feature.getKey(), names);
      }
    }
    return classes;
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
