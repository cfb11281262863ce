package dev.lynceus.lab.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Charts and questions of a library of reVISit: VLAT (53 items) and mini-VLAT (12). The option
/// that passes over a question is no choice; it is the field `omit`.
final class VlatReader {
  private static final String NEXT = "Give config.json of a library of reVISit, such as vlat.";
  private static final Set<String> OMIT = Set.of("Skip", "Omit");

  private VlatReader() {}

  static void read(Path file, Rows rows) {
    Map<String, JsonNode> bases = new HashMap<>();
    Map<String, JsonNode> items = new LinkedHashMap<>();
    Entries.each(
        file,
        Set.of("baseComponents", "components"),
        (path, number, name, value) -> {
          if (path.equals("baseComponents")) {
            bases.put(name, value);
          } else if (path.equals("components")) {
            items.put(name, value);
          }
          return bases.size() + items.size() < 100_000;
        });
    PictureFiles files = PictureFiles.besideFile(file, rows.options());
    long number = 0;
    for (Map.Entry<String, JsonNode> item : items.entrySet()) {
      Origin origin = new Origin(file, ++number);
      JsonNode base = bases.get(Json.text(item.getValue().path("baseComponent")));
      // What only tells something asks nothing.
      if (!rows.full() && !field("response", item.getValue(), base).isEmpty()) {
        Entries.guarded(
            origin,
            rows,
            () -> List.of(example(origin, item.getKey(), item.getValue(), base, files)));
      }
    }
  }

  private static JsonNode field(String name, JsonNode item, @Nullable JsonNode base) {
    return item.has(name) || base == null ? item.path(name) : base.path(name);
  }

  private static Example example(
      Origin origin, String id, JsonNode item, @Nullable JsonNode base, PictureFiles files) {
    String where = "component " + Refusal.shown(id) + " of " + origin.file();
    String question = Json.text(field("instruction", item, base));
    String path = Json.text(field("path", item, base));
    String answer = Json.text(field("correctAnswer", item, base).path(0).path("answer"));
    if (question.isBlank() || path.isBlank()) {
      throw Refusal.bad(where + " lacks " + (question.isBlank() ? "instruction" : "path"), NEXT);
    }
    List<String> choices = new ArrayList<>();
    SequencedMap<String, String> fields = new LinkedHashMap<>();
    for (JsonNode option : field("response", item, base).path(0).path("options")) {
      String text = Json.text(option.isObject() ? option.path("label") : option).strip();
      if (OMIT.contains(text)) {
        fields.put("omit", text);
      } else {
        choices.add(text);
      }
    }
    for (Map.Entry<String, JsonNode> meta : field("meta", item, base).properties()) {
      fields.put(meta.getKey(), Json.text(meta.getValue()));
    }
    String task = fields.getOrDefault("task", "");
    String name = path.substring(path.lastIndexOf('/') + 1);
    List<String> names = new ArrayList<>(List.of(name, "assets/" + name));
    if (path.indexOf(':') < 0) {
      names.add(path);
    }
    return new Example(
        id,
        origin,
        List.of(files.either(names, where)),
        "",
        question.strip(),
        answer.isBlank() ? List.of() : List.of(answer.strip()),
        choices,
        task.isEmpty() ? fields.getOrDefault("chartType", "") : task,
        List.of(),
        fields);
  }
}
