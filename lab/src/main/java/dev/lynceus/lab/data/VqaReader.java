package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// VQAv2: a file of questions and one of annotations. The ten answers of an annotation are all
/// kept, those first that are the `multiple_choice_answer`.
final class VqaReader {
  private static final String NEXT =
      "Give questions and annotations as visualqa.org publishes them.";

  /// What annotators said.
  private record Said(List<String> answers, String chosen, String type, String kind) {}

  private record Asked(Origin origin, JsonNode question) {}

  private final Path file;
  private final Rows rows;
  private final List<Asked> asked = new ArrayList<>();
  private final Map<String, Said> said = new HashMap<>();
  private final Map<String, LynceusException> faults = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();
  private String part = "";
  private String type = "";
  private long chars;

  private VqaReader(Path file, Rows rows) {
    this.file = file;
    this.rows = rows;
  }

  static void read(Path file, Rows rows) {
    VqaReader reader = new VqaReader(file, rows);
    reader.questions();
    for (Path one : reader.annotations()) {
      reader.annotations(one);
    }
    reader.give();
  }

  private void questions() {
    Entries.each(
        file,
        Set.of(),
        (path, number, name, value) -> {
          if (path.equals("questions")) {
            asked.add(new Asked(new Origin(file, number), value));
            bounded(Json.text(value.path("question")).length() + 100L);
          } else if (name.equals("data_subtype")) {
            part = Json.text(value);
          } else if (name.equals("data_type")) {
            type = Json.text(value);
          }
          // What kind of pictures it is may stand behind the questions.
          return true;
        });
  }

  private void bounded(long more) {
    chars += more;
    if (chars > rows.options().limits().textChars()
        || asked.size() > rows.options().limits().rows()) {
      throw Refusal.bad(file + " has more questions than are kept in memory", "Split the file.");
    }
  }

  /// The files of annotations: those given, else the one that is published beside the questions.
  private List<Path> annotations() {
    if (!rows.options().beside().isEmpty()) {
      return rows.options().beside();
    }
    String name = String.valueOf(file.getFileName());
    String other =
        name.replaceFirst("OpenEnded_|MultipleChoice_", "")
            .replaceFirst("_questions\\.json$", "_annotations.json");
    Path beside = file.resolveSibling(other);
    return !other.equals(name) && InputFile.isRegular(beside) ? List.of(beside) : List.of();
  }

  private void annotations(Path annotations) {
    long[] found = {0};
    Entries.each(
        annotations,
        Set.of(),
        (path, number, name, value) -> {
          if (path.equals("annotations")) {
            found[0]++;
            annotation(annotations, number, value);
          }
          return true;
        });
    if (found[0] == 0) {
      throw Refusal.bad(annotations + " holds no annotations of VQAv2", NEXT);
    }
  }

  private void annotation(Path annotations, long number, JsonNode one) {
    String id = Json.text(one.path("question_id"));
    List<String> answers = new ArrayList<>();
    for (JsonNode answer : one.path("answers")) {
      answers.add(shared(Json.text(answer.isObject() ? answer.path("answer") : answer)));
    }
    answers.removeIf(String::isBlank);
    String chosen = shared(Json.text(one.path("multiple_choice_answer")));
    if (id.isEmpty() || answers.isEmpty() && chosen.isEmpty()) {
      faults.put(
          id,
          Refusal.bad(
              "annotation %d of %s lacks %s"
                  .formatted(number, annotations, id.isEmpty() ? "question_id" : "answers"),
              NEXT));
      return;
    }
    bounded(20L * answers.size());
    List<String> ordered = new ArrayList<>(answers.stream().filter(chosen::equals).toList());
    ordered.addAll(answers.stream().filter(answer -> !answer.equals(chosen)).toList());
    said.put(
        id,
        new Said(
            ordered.isEmpty() ? List.of(chosen) : List.copyOf(ordered),
            chosen,
            shared(Json.text(one.path("answer_type"))),
            shared(Json.text(one.path("question_type")))));
  }

  /// Equal texts are one: millions of answers are `yes`.
  private String shared(String text) {
    bounded(texts.containsKey(text) ? 0 : text.length());
    return texts.computeIfAbsent(text, one -> one);
  }

  private void give() {
    PictureFiles files = PictureFiles.besideFile(file, rows.options());
    for (Asked one : asked) {
      if (rows.full()) {
        return;
      }
      Entries.guarded(
          one.origin(), rows, () -> List.of(example(one.origin(), one.question(), files)));
    }
    LynceusException nameless = faults.get("");
    if (nameless != null) {
      rows.bad(new Origin(file, 0), nameless);
    }
  }

  private Example example(Origin origin, JsonNode one, PictureFiles files) {
    String id = Json.text(one.path("question_id"));
    String text = Json.text(one.path("question"));
    JsonNode image = one.path("image_id");
    if (id.isEmpty() || text.isBlank() || !image.isIntegralNumber() && !image.isString()) {
      throw Refusal.bad(
          origin
              + " lacks "
              + (id.isEmpty() ? "question_id" : text.isBlank() ? "question" : "image_id"),
          NEXT);
    }
    LynceusException fault = faults.get(id);
    if (fault != null) {
      throw fault;
    }
    SequencedMap<String, String> fields = new LinkedHashMap<>();
    fields.put("image_id", Json.text(image));
    Said answers = said.get(id);
    if (answers != null) {
      fields.put("multiple_choice_answer", answers.chosen());
      fields.put("answer_type", answers.type());
      fields.put("question_type", answers.kind());
    }
    return new Example(
        id,
        origin,
        List.of(files.either(names(image), origin.toString())),
        "",
        text,
        answers == null ? List.of() : answers.answers(),
        Json.texts(one.path("multiple_choices")),
        answers == null ? "" : answers.type(),
        List.of(),
        fields);
  }

  private List<String> names(JsonNode image) {
    if (image.isString()) {
      return CocoNames.in(part, image.asString());
    }
    // The test questions of 2015, parts of them included, are about the pictures of test2015.
    String folder = part.startsWith("test") ? part.replaceFirst("-.*", "") : part;
    if (type.startsWith("abstract")) {
      String name = String.format(Locale.ROOT, "%s_%s_%012d.png", type, folder, image.asLong());
      return CocoNames.in(folder, name);
    }
    return folder.isEmpty()
        ? List.of(String.format(Locale.ROOT, "%012d.jpg", image.asLong()))
        : CocoNames.in(folder, CocoNames.of(folder, image.asLong()));
  }
}
