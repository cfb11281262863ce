package dev.lynceus.lab.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Questions about passages: SQuAD 1.1 and 2.0, XQuAD, and CMRC 2018 in both of its layouts. A
/// question that the passage does not answer has no answers.
final class SquadReader {
  private static final String NEXT = "Give a data set in the format of SQuAD 1.1.";

  private final Path file;
  private final Rows rows;
  private long number;

  private SquadReader(Path file, Rows rows) {
    this.file = file;
    this.rows = rows;
  }

  static void read(Path file, Rows rows) {
    SquadReader reader = new SquadReader(file, rows);
    Entries.each(
        file,
        Set.of(),
        (path, number, name, value) -> {
          if (path.equals("data")) {
            String title = Json.text(value.path("title"));
            value.path("paragraphs").forEach(one -> reader.passage(title, one));
          } else if (path.isEmpty() && name.isEmpty()) {
            reader.passage(Json.text(value.path("title")), value);
          }
          return !rows.full();
        });
  }

  private void passage(String title, JsonNode paragraph) {
    String passage =
        Json.text(
            paragraph.has("context") ? paragraph.path("context") : paragraph.path("context_text"));
    for (JsonNode asked : paragraph.path("qas")) {
      Origin origin = new Origin(file, ++number);
      if (!rows.full()) {
        Entries.guarded(origin, rows, () -> List.of(example(origin, title, passage, asked)));
      }
    }
  }

  private static Example example(Origin origin, String title, String passage, JsonNode asked) {
    String question =
        Json.text(asked.has("question") ? asked.path("question") : asked.path("query_text"));
    String id = Json.text(asked.has("id") ? asked.path("id") : asked.path("query_id"));
    if (question.isBlank() || passage.isBlank()) {
      throw Refusal.bad(
          "%s: question %s has no %s"
              .formatted(
                  origin.file(),
                  id.isEmpty() ? Long.toString(origin.row()) : Refusal.shown(id),
                  question.isBlank() ? "text" : "context"),
          NEXT);
    }
    List<String> answers = new ArrayList<>();
    List<Long> starts = new ArrayList<>();
    for (JsonNode answer : asked.path("answers")) {
      String text = Json.text(answer.isObject() ? answer.path("text") : answer);
      if (!text.isBlank()) {
        answers.add(text);
        if (answer.path("answer_start").isIntegralNumber()) {
          starts.add(answer.path("answer_start").asLong());
        }
      }
    }
    SequencedMap<String, String> fields = new LinkedHashMap<>();
    if (!title.isEmpty()) {
      fields.put("title", title);
    }
    if (!starts.isEmpty()) {
      fields.put("answer_start", starts.toString());
    }
    for (String name : List.of("is_impossible", "plausible_answers")) {
      if (asked.has(name)) {
        fields.put(name, Json.text(asked.path(name)));
      }
    }
    return new Example(
        id.isEmpty() ? Long.toString(origin.row()) : id,
        origin,
        List.of(),
        passage,
        question,
        answers,
        List.of(),
        "",
        List.of(),
        fields);
  }
}
