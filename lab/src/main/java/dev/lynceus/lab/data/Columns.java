package dev.lynceus.lab.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the columns of tables mean by the names that they are given: tables of the Hugging Face
/// hub, of VLMEvalKit, metadata of folders and archives.
final class Columns {
  private static final List<String> IDS =
      List.of("id", "question_id", "questionid", "index", "qid", "uid", "idx");
  private static final List<String> QUESTIONS = List.of("question", "query", "problem", "prompt");
  private static final List<String> PASSAGES = List.of("passage", "context", "hint");
  private static final List<String> ANSWERS =
      List.of("answers", "answer", "expected", "label", "gt_answer");
  private static final List<String> CAPTIONS =
      List.of("captions", "caption", "text", "sentences", "sentence", "txt");
  private static final List<String> CHOICES = List.of("choices", "options", "multiple_choices");
  private static final List<String> KINDS =
      List.of("kind", "category", "question_type", "type", "task", "subject");

  private final Map<String, JsonNode> byName = new HashMap<>();
  private final Set<String> told = new LinkedHashSet<>();
  private final ObjectNode row;

  private Columns(ObjectNode row) {
    this.row = row;
    row.properties().forEach(field -> byName.putIfAbsent(key(field.getKey()), field.getValue()));
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /// A row as an example.
  ///
  /// @param fallback its id, where no column tells one
  /// @param row its cells by the names of the columns, those of pictures left out
  static Example example(Origin origin, String fallback, ObjectNode row, List<ImageSource> images) {
    return new Columns(row).example(origin, fallback, images);
  }

  private Example example(Origin origin, String fallback, List<ImageSource> images) {
    String id = text(IDS);
    told.clear(); // a number stays to be read, as the data set calls it
    String question = text(QUESTIONS);
    String passage = text(PASSAGES);
    List<String> choices = choices();
    List<String> answers = answers(choices, question.isEmpty());
    String kind = text(KINDS);
    List<LabelledRegion> regions = regions();
    SequencedMap<String, String> fields = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : row.properties()) {
      String value = Json.text(field.getValue());
      if (!told.contains(key(field.getKey())) && !value.isEmpty()) {
        fields.put(field.getKey(), value);
      }
    }
    return new Example(
        id.isEmpty() ? fallback : id,
        origin,
        images,
        passage,
        question,
        answers,
        choices,
        kind,
        regions,
        fields);
  }

  /// The first of some columns that has a text.
  private String text(List<String> names) {
    for (String name : names) {
      JsonNode value = byName.get(name);
      if (value != null && value.isValueNode() && !Json.text(value).isBlank()) {
        told.add(name);
        return Json.text(value);
      }
    }
    return "";
  }

  /// Columns `A`, `B`, … or a list; lists in tables are often written as Python writes them.
  private List<String> choices() {
    List<String> letters = new ArrayList<>();
    for (char letter = 'A'; letter <= 'Z'; letter++) {
      JsonNode value = row.path(String.valueOf(letter));
      if (Json.text(value).isBlank()) {
        break;
      }
      letters.add(Json.text(value));
      told.add(key(String.valueOf(letter)));
    }
    if (letters.size() > 1) {
      return letters;
    }
    letters.forEach(one -> told.remove("a"));
    for (String name : CHOICES) {
      JsonNode value = byName.get(name);
      if (value != null) {
        List<String> found =
            value.isString() ? PythonList.texts(value.asString()) : Json.texts(value);
        if (found.size() > 1) {
          told.add(name);
          return found;
        }
      }
    }
    return List.of();
  }

  /// What is right: of a choice that is named by its letter or its number the choice itself.
  ///
  /// @param described whether captions are answers, as nothing is asked
  private List<String> answers(List<String> choices, boolean described) {
    List<String> names = new ArrayList<>(described ? CAPTIONS : ANSWERS);
    if (described) {
      names.addAll(ANSWERS);
    }
    for (String name : names) {
      JsonNode value = byName.get(name);
      List<String> found = value == null ? List.of() : answers(value);
      if (found.isEmpty()) {
        continue;
      }
      List<String> meant = found.stream().map(one -> chosen(one, choices)).toList();
      // What was only a letter stays to be read.
      if (meant.equals(found) && value != null && !value.isObject()) {
        told.add(name);
      }
      return first(meant, Json.text(byName.getOrDefault("multiple_choice_answer", row.path(""))));
    }
    return List.of();
  }

  private static List<String> answers(JsonNode value) {
    if (value.isString()) {
      List<String> list = PythonList.texts(value.asString());
      return list.isEmpty() ? Json.texts(value) : list;
    }
    if (value.isArray()) {
      List<String> all = new ArrayList<>();
      for (JsonNode one : value) {
        all.addAll(Json.texts(one.isObject() ? either(one) : one));
      }
      return all;
    }
    return Json.texts(value.isObject() ? either(value) : value);
  }

  /// The text of an answer that has other fields, too.
  private static JsonNode either(JsonNode answer) {
    for (String name : List.of("answer", "text", "raw", "sent")) {
      if (answer.has(name)) {
        return answer.path(name);
      }
    }
    return answer;
  }

  /// Those first that most annotators gave.
  private static List<String> first(List<String> answers, String wanted) {
    if (wanted.isEmpty() || !answers.contains(wanted)) {
      return answers;
    }
    List<String> ordered = new ArrayList<>(answers.stream().filter(wanted::equals).toList());
    ordered.addAll(answers.stream().filter(one -> !one.equals(wanted)).toList());
    return ordered;
  }

  private static String chosen(String answer, List<String> choices) {
    if (choices.isEmpty() || choices.contains(answer)) {
      return answer;
    }
    int index = -1;
    if (answer.length() == 1 && answer.charAt(0) >= 'A' && answer.charAt(0) <= 'Z') {
      index = answer.charAt(0) - 'A';
    } else if (answer.matches("\\d{1,2}")) {
      index = Integer.parseInt(answer);
    }
    return index >= 0 && index < choices.size() ? choices.get(index) : answer;
  }

  /// `objects` as the hub describes it: `bbox`, each left, top, width, height, and `categories`.
  private List<LabelledRegion> regions() {
    JsonNode objects = byName.getOrDefault("objects", row.path(""));
    List<LabelledRegion> regions = new ArrayList<>();
    JsonNode boxes = objects.path("bbox");
    JsonNode names = row.path("");
    for (String name : List.of("categories", "category", "label", "labels")) {
      if (names.isMissingNode()) {
        names = objects.path(name);
      }
    }
    for (int i = 0; i < boxes.size(); i++) {
      double[] box = Json.numbers(boxes.path(i));
      if (box != null && box.length == 4 && box[2] >= 0 && box[3] >= 0) {
        regions.add(
            LabelledRegion.box(
                0, Json.text(names.path(i)), box[0], box[1], box[0] + box[2], box[1] + box[3]));
      }
    }
    return regions;
  }
}
