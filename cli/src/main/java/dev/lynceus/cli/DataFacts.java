package dev.lynceus.cli;

import dev.lynceus.lab.data.DataSet;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.ImageSource;
import dev.lynceus.lab.data.Item;
import dev.lynceus.lab.data.Selection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is in a data set, counted.
///
/// @param name of its file or folder
/// @param format as it was read
/// @param digest SHA-256 of what the rows say; of pictures their names
/// @param selection which rows, in words
/// @param rows that are selected, broken ones among them
/// @param usable rows that are whole
/// @param asked rows with a question
/// @param answered rows of which the right answer is known
/// @param pictures different pictures, by name
/// @param regions boxes and outlines of all rows
/// @param kinds of questions, the most frequent first; at most twenty
/// @param answers the most frequent first; at most ten
/// @param fields what else rows tell, and how many do
/// @param faults of rows that are broken; at most twenty
/// @param examples some rows
record DataFacts(
    String name,
    String format,
    String digest,
    String selection,
    int rows,
    int usable,
    int asked,
    int answered,
    int pictures,
    int regions,
    List<Count> kinds,
    List<Count> answers,
    List<Count> fields,
    List<Fault> faults,
    List<Shown> examples) {
  private static final int MOST_KINDS = 20;
  private static final int MOST_ANSWERS = 10;
  private static final int MOST_FAULTS = 20;
  private static final int MOST_TEXT = 300;

  /// How often something comes.
  record Count(String name, int rows) {}

  /// A broken row.
  ///
  /// @param row where it stands
  record Fault(long row, String message, String nextStep) {}

  /// A row.
  ///
  /// @param row where it stands in its file
  /// @param passage its beginning
  record Shown(
      String id,
      long row,
      List<String> images,
      String passage,
      String question,
      List<String> answers,
      List<String> choices,
      String kind,
      int regions,
      Map<String, String> fields) {}

  static DataFacts of(DataSet data, Selection selection, int shown) {
    List<Example> examples = data.examples();
    Map<String, Integer> kinds = new LinkedHashMap<>();
    Map<String, Integer> answers = new LinkedHashMap<>();
    Map<String, Integer> fields = new LinkedHashMap<>();
    Set<String> pictures = new HashSet<>();
    int regions = 0;
    for (Example one : examples) {
      if (!one.kind().isEmpty()) {
        kinds.merge(one.kind(), 1, Integer::sum);
      }
      if (!one.answers().isEmpty()) {
        answers.merge(one.answers().getFirst(), 1, Integer::sum);
      }
      one.fields().keySet().forEach(name -> fields.merge(name, 1, Integer::sum));
      one.images().forEach(image -> pictures.add(image.name()));
      regions += one.regions().size();
    }
    List<Item.Bad> faults = data.faults();
    return new DataFacts(
        data.name(),
        data.format(),
        data.digest(),
        selection.toString(),
        data.items().size(),
        examples.size(),
        (int) examples.stream().filter(one -> !one.question().isBlank()).count(),
        (int) examples.stream().filter(one -> !one.answers().isEmpty()).count(),
        pictures.size(),
        regions,
        most(kinds, MOST_KINDS),
        most(answers, MOST_ANSWERS),
        most(fields, MOST_KINDS),
        faults.stream()
            .limit(MOST_FAULTS)
            .map(one ->
                new Fault(
                    one.origin().row(),
                    String.valueOf(one.fault().getMessage()),
                    one.fault().nextStep()))
            .toList(),
        examples.stream().limit(shown).map(DataFacts::shown).toList());
  }

  private static List<Count> most(Map<String, Integer> counts, int most) {
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
        .limit(most)
        .map(one -> new Count(cut(one.getKey()), one.getValue()))
        .toList();
  }

  private static Shown shown(Example one) {
    Map<String, String> fields = new LinkedHashMap<>();
    one.fields().forEach((name, value) -> fields.put(name, cut(value)));
    return new Shown(
        one.id(),
        one.origin().row(),
        one.images().stream().map(ImageSource::name).toList(),
        cut(one.passage()),
        one.question(),
        one.answers().stream().map(DataFacts::cut).toList(),
        one.choices(),
        one.kind(),
        one.regions().size(),
        fields);
  }

  private static String cut(String text) {
    return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "…";
  }

  /// What it is, in a sentence.
  String lead() {
    List<String> parts = new ArrayList<>();
    parts.add("%d rows read as %s".formatted(rows, format));
    if (usable < rows) {
      parts.add("%d of them broken".formatted(rows - usable));
    }
    parts.add("%d with a question".formatted(asked));
    parts.add("%d with an answer".formatted(answered));
    parts.add("%d pictures".formatted(pictures));
    if (regions > 0) {
      parts.add("%d regions".formatted(regions));
    }
    return String.join(", ", parts) + "; " + selection + ".";
  }

  /// On a terminal.
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(name).append(": ").append(lead()).append("\n");
    counts(text, "kinds", kinds);
    counts(text, "answers", answers);
    counts(text, "fields", fields);
    for (Shown one : examples) {
      text.append("\n").append(one.id()).append(" (row ").append(one.row()).append(")\n");
      line(text, "picture", String.join(", ", one.images()));
      line(text, "passage", one.passage());
      line(text, "question", one.question());
      line(text, "answers", String.join(" | ", one.answers()));
      line(text, "choices", String.join(" | ", one.choices()));
      line(text, "kind", one.kind());
      line(text, "regions", one.regions() == 0 ? "" : Integer.toString(one.regions()));
      one.fields().forEach((name, value) -> line(text, name, value));
    }
    if (!faults.isEmpty()) {
      text.append("\nbroken rows: ").append(rows - usable).append("\n");
      faults.forEach(one -> text.append("  ").append(one.message()).append("\n"));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      text.append("  %-10s %s%n".formatted(name, value));
    }
  }

  private static void counts(StringBuilder text, String title, List<Count> counts) {
    if (!counts.isEmpty()) {
      text.append(title).append(": ");
      text.append(
          String.join(", ", counts.stream().map(one -> one.name() + " " + one.rows()).toList()));
      text.append("\n");
    }
  }
}
