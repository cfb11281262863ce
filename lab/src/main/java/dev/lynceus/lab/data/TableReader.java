package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Tables of questions: VLMEvalKit's, with pictures in base64 in the column `image`, in the row of
/// another `index`, or in files (`image_path`); and plain ones, whose `image` is a file.
final class TableReader {
  /// No base64 of a picture is so short, no index longer.
  private static final int MOST_INDEX = 64;

  private static final Set<String> FILES =
      Set.of("image_path", "image_file", "file_name", "filename", "img", "img_path", "image_name");

  /// Where a picture stands in base64.
  record Place(long offset, int length) {}

  /// A row whose pictures may stand in another.
  private record Pending(
      Origin origin, ObjectNode cells, List<Place> places, String other, List<String> names) {}

  private final Path file;
  private final Rows rows;
  private final PictureFiles files;
  private final Store store;
  private final Map<String, List<Place>> byIndex = new HashMap<>();

  private TableReader(Path file, Rows rows) {
    this.file = file;
    this.rows = rows;
    this.files = PictureFiles.besideFile(file, rows.options());
    this.store = new Store(file, null);
  }

  static void read(Path file, char separator, Rows rows) {
    TableReader reader = new TableReader(file, rows);
    List<Object> found = new ArrayList<>();
    boolean asks = false;
    try (TableFile table = new TableFile(file, separator, rows.options().limits().rowBytes())) {
      while (found.size() < rows.options().limit()) {
        Object row = reader.row(table);
        if (row == null) {
          break;
        }
        found.add(row);
        reader.bounded(found.size());
        asks |=
            row instanceof Pending one
                && !one.other().isEmpty()
                && !reader.byIndex.containsKey(one.other());
      }
      // A row may take its picture from one behind the last that is wanted.
      while (asks && reader.row(table) != null) {
        reader.bounded(reader.byIndex.size());
      }
    }
    found.forEach(reader::give);
  }

  private void bounded(int count) {
    if (count > rows.options().limits().rows()) {
      throw Refusal.bad(
          "%s has more than %,d rows".formatted(file, rows.options().limits().rows()),
          "Read a part of it (--limit), or split the file.");
    }
  }

  /// A fault with its row.
  private record Fault(Origin origin, LynceusException fault) {}

  private @Nullable Object row(TableFile table) {
    Origin origin = new Origin(file, table.origin().row() + 1);
    try {
      List<TableFile.Cell> cells = table.next();
      return cells == null ? null : pending(table.origin(), table.header(), cells);
    } catch (LynceusException e) {
      return new Fault(origin, e);
    }
  }

  private Pending pending(Origin origin, List<String> header, List<TableFile.Cell> cells) {
    ObjectNode texts = JsonNodeFactory.instance.objectNode();
    List<Place> places = new ArrayList<>();
    List<String> names = new ArrayList<>();
    String other = "";
    try {
      for (int i = 0; i < cells.size(); i++) {
        String name = header.get(i);
        TableFile.Cell cell = cells.get(i);
        if (cell.bytes().length == 0) {
          continue;
        }
        if (name.equalsIgnoreCase("image") && cell.bytes().length > MOST_INDEX && isCode(cell)) {
          places.addAll(places(cell, origin));
        } else if (name.equalsIgnoreCase("image") && header.contains("index") && !isName(cell)) {
          other = cell.text().strip();
        } else if (name.equalsIgnoreCase("image") || FILES.contains(name)) {
          List<String> list = PythonList.texts(cell.text());
          names.addAll(list.isEmpty() ? List.of(cell.text().strip()) : list);
        } else if (!name.isEmpty()) {
          texts.put(name, cell.text());
        }
      }
    } catch (CharacterCodingException e) {
      throw Refusal.bad(origin + " is not text in UTF-8", "Save the file as UTF-8.", e);
    }
    String index = Json.text(texts.path("index"));
    if (!index.isEmpty() && !places.isEmpty()) {
      byIndex.putIfAbsent(index, places);
    }
    return new Pending(
        origin, texts, places, other, places.isEmpty() && other.isEmpty() ? names : List.of());
  }

  /// Whether a cell is base64, or a list of such texts.
  private static boolean isCode(TableFile.Cell cell) {
    byte[] bytes = cell.bytes();
    for (int i = 0; i < Math.min(bytes.length, 4096); i++) {
      boolean ok =
          bytes[i] >= '0' && bytes[i] <= '9'
              || bytes[i] >= 'A' && bytes[i] <= 'Z'
              || bytes[i] >= 'a' && bytes[i] <= 'z'
              || "+/='\"[], ".indexOf(bytes[i]) >= 0;
      if (!ok) {
        return false;
      }
    }
    return true;
  }

  /// Whether a cell names a file: it has an ending, or folders.
  private static boolean isName(TableFile.Cell cell) throws CharacterCodingException {
    return cell.text().matches("(?s).*\\.[A-Za-z]{2,5}(['\"]?\\])?\\s*");
  }

  private static List<Place> places(TableFile.Cell cell, Origin origin) {
    if (!cell.verbatim()) {
      throw Refusal.bad(
          origin + ": image is no base64, there are quotes in it",
          "Write pictures as VLMEvalKit does.");
    }
    byte[] bytes = cell.bytes();
    List<Place> places = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= bytes.length; i++) {
      boolean code = i < bytes.length && "'\"[], ".indexOf(bytes[i]) < 0;
      if (code && start < 0) {
        start = i;
      } else if (!code && start >= 0) {
        places.add(new Place(cell.offset() + start, i - start));
        start = -1;
      }
    }
    return places;
  }

  private void give(Object row) {
    if (row instanceof Fault fault) {
      rows.bad(fault.origin(), fault.fault());
    } else if (row instanceof Pending one) {
      Entries.guarded(one.origin(), rows, () -> List.of(example(one)));
    }
  }

  private Example example(Pending one) {
    List<Place> places = one.places();
    if (!one.other().isEmpty()) {
      places = byIndex.get(one.other());
      if (places == null) {
        throw Refusal.bad(
            "%s takes its picture from row %s, which has none"
                .formatted(one.origin(), Refusal.quoted(one.other())),
            "Write the picture in base64, or the index of a row that has one.");
      }
    }
    List<ImageSource> images = new ArrayList<>();
    for (Place place : places) {
      images.add(image(place, one, images.size()));
    }
    for (String name : one.names()) {
      images.add(files.either(List.of(name, "images/" + name), one.origin().toString()));
    }
    Example example =
        Columns.example(one.origin(), Long.toString(one.origin().row()), one.cells(), images);
    if (example.question().isEmpty() && example.images().isEmpty()) {
      throw Refusal.bad(
          one.origin() + " has neither question nor image", "Name the columns question and image.");
    }
    return example;
  }

  private ImageSource image(Place place, Pending one, int number) {
    String called = "image" + (number == 0 ? "" : " " + (number + 1)) + " of " + one.origin();
    return new StoredImage(
        "image " + one.origin().row() + (number == 0 ? "" : "." + number),
        called,
        () -> decoded(place, called));
  }

  private byte[] decoded(Place place, String called) {
    if (place.length() / 4L * 3 > rows.options().limits().pictureBytes()) {
      throw Refusal.badImage(
          "%s has more than %d MiB".formatted(called, rows.options().limits().pictureBytes() >> 20),
          "Store it smaller.");
    }
    byte[] code = store.read(place.offset(), place.length());
    try {
      return Base64.getDecoder().decode(code);
    } catch (IllegalArgumentException e) {
      throw Refusal.badImage(
          called
              + " is no base64: "
              + Refusal.shown(String.valueOf(e.getMessage()))
              + " in "
              + Refusal.quoted(
                  new String(code, 0, Math.min(20, code.length), StandardCharsets.ISO_8859_1)),
          "Write pictures as VLMEvalKit does.");
    }
  }
}
