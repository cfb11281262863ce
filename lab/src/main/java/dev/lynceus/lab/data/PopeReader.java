package dev.lynceus.lab.data;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// POPE: `question_id`, `image`, `text`, `label`, a line each. Files of questions without labels,
/// as LLaVA's, are read, too.
final class PopeReader {
  private static final String NEXT =
      "Give lines such as {\"question_id\": 1, \"image\": \"cat.jpg\", \"text\": \"Is there a cat?\","
          + " \"label\": \"yes\"}.";

  private final PictureFiles files;

  private PopeReader(PictureFiles files) {
    this.files = files;
  }

  static void read(Path file, boolean list, Rows rows) {
    PopeReader reader = new PopeReader(PictureFiles.besideFile(file, rows.options()));
    Entries.rows(file, list, rows, reader::example);
  }

  private List<Example> example(Origin origin, String where, JsonNode row) {
    String image = Json.text(row.path("image"));
    String question = Json.text(row.path("text"));
    if (image.isBlank() || question.isBlank()) {
      throw Refusal.bad(where + " lacks " + (image.isBlank() ? "image" : "text"), NEXT);
    }
    SequencedMap<String, String> fields = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : row.properties()) {
      if (!field.getKey().equals("image") && !field.getKey().equals("text")) {
        fields.put(field.getKey(), Json.text(field.getValue()));
      }
    }
    String label = Json.text(row.path("label"));
    boolean decides = label.equals("yes") || label.equals("no");
    String id = Json.text(row.path("question_id"));
    return List.of(
        new Example(
            id.isBlank() ? Long.toString(origin.row()) : id,
            origin,
            List.of(files.either(CocoNames.of(image), where)),
            "",
            question,
            label.isBlank() ? List.of() : List.of(label),
            decides ? List.of("yes", "no") : List.of(),
            Json.text(row.path("category")),
            List.of(),
            fields));
  }
}
