package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Lynceus' own format: an object a line, or a list of them, with `image` or `images` and what is
/// known of them. Any field that is not told by the example itself stays among its fields; lists
/// and objects as JSON.
final class LinesReader {
  static final String EXAMPLE =
      "Write one JSON object a line, for example {\"image\": \"cat.png\", \"question\": \"What is this?\"}.";

  /// What the example itself tells.
  private static final Set<String> TOLD =
      Set.of("image", "images", "question", "passage", "kind", "choices");

  /// Fields of one text; another value in their place is a mistake.
  private static final Set<String> TEXTS =
      Set.of("image", "question", "passage", "kind", "answer", "expected", "target");

  private final PictureFiles files;

  private LinesReader(PictureFiles files) {
    this.files = files;
  }

  /// @param list whether the file is one list
  static void read(Path file, boolean list, Rows rows) {
    LinesReader reader = new LinesReader(PictureFiles.besideFile(file, rows.options()));
    Entries.rows(file, list, rows, reader::example);
  }

  private List<Example> example(Origin origin, String where, JsonNode row) {
    if (!row.isObject() && !row.isNull()) {
      throw Refusal.bad(where + " is no question: it is no JSON object", EXAMPLE);
    }
    for (String name : TEXTS) {
      JsonNode value = row.path(name);
      if (value.isContainer()) {
        throw Refusal.bad(
            "%s is no question: %s is a list or an object, not a text".formatted(where, name),
            EXAMPLE);
      }
    }
    List<ImageSource> images = new ArrayList<>();
    for (String name : names(row, where)) {
      images.add(files.picture(name, where));
    }
    String passage = Json.text(row.path("passage"));
    if (images.isEmpty() && passage.isBlank()) {
      throw lacking(where, "image");
    }
    SequencedMap<String, String> fields = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : row.properties()) {
      if (!TOLD.contains(field.getKey()) && !field.getValue().isNull()) {
        fields.put(field.getKey(), Json.text(field.getValue()));
      }
    }
    String id = Json.text(row.path("id"));
    List<String> answers = Json.texts(row.path("answers"));
    String expected = Json.text(row.path("expected"));
    if (answers.isEmpty() && !expected.isBlank()) {
      answers = List.of(expected);
    }
    return List.of(
        new Example(
            id.isBlank() ? Long.toString(origin.row()) : id,
            origin,
            images,
            passage,
            Json.text(row.path("question")),
            answers,
            Json.texts(row.path("choices")),
            Json.text(row.path("kind")),
            regions(row),
            fields));
  }

  private static List<String> names(JsonNode row, String where) {
    String one = Json.text(row.path("image"));
    if (!one.isEmpty()) {
      return List.of(one);
    }
    JsonNode several = row.path("images");
    if (several.isObject()) {
      throw Refusal.bad(where + " is no question: images is no list", EXAMPLE);
    }
    return Json.texts(several);
  }

  /// Boxes that are boxes; whether they fit the picture is for those to say who use them.
  private static List<LabelledRegion> regions(JsonNode row) {
    List<LabelledRegion> regions = new ArrayList<>();
    add(row.path("box"), regions);
    row.path("boxes").forEach(box -> add(box, regions));
    return regions;
  }

  private static void add(JsonNode box, List<LabelledRegion> regions) {
    double[] edges = Json.numbers(box);
    if (edges != null && edges.length == 4 && edges[0] < edges[2] && edges[1] < edges[3]) {
      regions.add(LabelledRegion.box(0, "", edges[0], edges[1], edges[2], edges[3]));
    }
  }

  static LynceusException lacking(String where, String what) {
    return Refusal.bad(where + " lacks " + what, EXAMPLE);
  }
}
