package dev.lynceus.lab.data;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// GQA: one object whose names are the numbers of questions. The kind is the structural type
/// (verify, query, choose, logical, compare).
final class GqaReader {
  private static final Set<String> TOLD =
      Set.of("imageId", "question", "answer", "types", "groups");

  private GqaReader() {}

  static void read(Path file, Rows rows) {
    PictureFiles files = PictureFiles.besideFile(file, rows.options());
    Entries.each(
        file,
        Set.of(),
        (path, number, name, value) -> {
          if (path.isEmpty()) {
            Origin origin = new Origin(file, number);
            Entries.guarded(origin, rows, () -> List.of(example(origin, name, value, files)));
          }
          return !rows.full();
        });
  }

  private static Example example(Origin origin, String id, JsonNode one, PictureFiles files) {
    String image = Json.text(one.path("imageId"));
    String question = Json.text(one.path("question"));
    if (image.isBlank() || question.isBlank()) {
      throw Refusal.bad(
          origin + " lacks " + (image.isBlank() ? "imageId" : "question"),
          "Give questions as GQA publishes them, by number: imageId, question, answer.");
    }
    SequencedMap<String, String> fields = new LinkedHashMap<>();
    fields.put("imageId", image);
    for (Map.Entry<String, JsonNode> field : one.properties()) {
      if (!TOLD.contains(field.getKey()) && !field.getValue().isNull()) {
        fields.put(field.getKey(), Json.text(field.getValue()));
      }
    }
    for (String group : List.of("types", "groups")) {
      for (Map.Entry<String, JsonNode> field : one.path(group).properties()) {
        if (!field.getValue().isNull()) {
          fields.put(group + "." + field.getKey(), Json.text(field.getValue()));
        }
      }
    }
    String name = image + ".jpg";
    return new Example(
        id,
        origin,
        List.of(files.either(List.of(name, "images/" + name), origin.toString())),
        "",
        question,
        Json.texts(one.path("answer")),
        List.of(),
        Json.text(one.path("types").path("structural")),
        List.of(),
        fields);
  }
}
