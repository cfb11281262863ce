package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// COCO-QA: the last three columns are the number of a picture, a question and its answer, whatever
/// the header calls them (the published tables call them counts).
final class CocoQaReader {
  private static final String NEXT = "Give rows of a picture's number, a question and its answer.";

  private CocoQaReader() {}

  static void read(Path file, char separator, Rows rows) {
    PictureFiles files = PictureFiles.besideFile(file, rows.options());
    try (TableFile table = new TableFile(file, separator, rows.options().limits().rowBytes())) {
      List<TableFile.Cell> cells = List.of();
      while (!rows.full() && cells != null) {
        Origin origin = new Origin(file, table.origin().row() + 1);
        try {
          cells = table.next();
        } catch (LynceusException e) {
          rows.bad(origin, e);
          continue;
        }
        if (cells != null) {
          List<TableFile.Cell> read = cells;
          int columns = table.header().size();
          Entries.guarded(origin, rows, () -> List.of(example(origin, read, columns, files)));
        }
      }
    }
  }

  private static Example example(
      Origin origin, List<TableFile.Cell> cells, int columns, PictureFiles files) {
    List<String> texts = new ArrayList<>();
    try {
      for (TableFile.Cell cell : cells) {
        texts.add(cell.text().strip());
      }
    } catch (CharacterCodingException e) {
      throw Refusal.bad(origin + " is not text in UTF-8", "Save the file as UTF-8.", e);
    }
    if (texts.size() < columns || columns < 3) {
      throw Refusal.bad("%s has %d cells".formatted(origin, texts.size()), NEXT);
    }
    String image = texts.get(columns - 3);
    String question = texts.get(columns - 2);
    String answer = texts.get(columns - 1);
    if (!image.matches("\\d{1,12}(\\.0)?") || question.isEmpty() || answer.isEmpty()) {
      throw Refusal.bad(
          origin
              + (image.matches("\\d{1,12}(\\.0)?")
                  ? " lacks " + (question.isEmpty() ? "a question" : "an answer")
                  : ": " + Refusal.quoted(image) + " is no number of a picture"),
          NEXT);
    }
    long number = Long.parseLong(image.replace(".0", ""));
    SequencedMap<String, String> fields = new LinkedHashMap<>();
    fields.put("image_id", Long.toString(number));
    if (columns > 3 && !texts.getFirst().isEmpty()) {
      fields.put("row", texts.getFirst());
    }
    return new Example(
        Long.toString(origin.row()),
        origin,
        List.of(files.either(names(number), origin.toString())),
        "",
        question,
        List.of(answer),
        List.of(),
        "",
        List.of(),
        fields);
  }

  /// The table does not say of which part of COCO its pictures are.
  private static List<String> names(long number) {
    List<String> names = new ArrayList<>();
    for (String part : List.of("train2014", "val2014")) {
      names.addAll(CocoNames.in(part, CocoNames.of(part, number)));
    }
    String plain = "%012d.jpg".formatted(number);
    names.add("COCO_QA" + plain);
    names.addAll(CocoNames.in("train2017", plain));
    names.addAll(CocoNames.in("val2017", plain));
    return names.stream().distinct().toList();
  }
}
