package dev.lynceus.cli;

import dev.lynceus.method.Explanation;
import dev.lynceus.method.Explanation.HeadExplanation;
import dev.lynceus.method.Explanation.ImageView;
import dev.lynceus.method.Explanation.PatchMap;
import dev.lynceus.method.Explanation.PositionExplanation;
import dev.lynceus.method.Explanation.Token;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.method.Explanation.WordExplanation;
import dev.lynceus.method.Headline;
import dev.lynceus.method.RunnerUp;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.WordChoice;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// The summary of an explanation that fits on a screen; the page tells the rest.
///
/// @param explanation what was found
record ExplanationText(Explanation explanation) {
  private static final int HEADS = 3;
  private static final int PATCHES = 3;
  private static final int WORDS = 4;
  private static final int OTHERS = 3;

  /// The lines, each with a line end.
  String text() {
    StringBuilder text = new StringBuilder(explanation.answer().text().strip()).append("\n\n");
    if (!explanation.words().isEmpty()) {
      WordExplanation word = explanation.words().getFirst();
      explanation.headlines().stream().limit(1).forEach(line -> text.append(told(line)));
      text.append(choice()).append(runnerUp(word)).append('\n');
      text.append(headline(word)).append('\n');
      text.append(zones(word)).append('\n');
      text.append("\nheads that raised it most, each alone\n").append(heads(word));
      // The map that the page shows first, of the picture where it is strongest.
      word.maps().stream()
          .filter(map -> map.id().equals(word.maps().getFirst().id()))
          .max(Comparator.comparingDouble(map -> DoubleStream.of(map.values()).max().orElse(0)))
          .ifPresent(map -> text.append(patches(word, map)));
      text.append('\n');
    }
    String notes = Notes.text(explanation.notes()).strip();
    return text + (notes.isEmpty() ? "" : notes + "\n\n");
  }

  /// Why that was said and how far to believe it, a sentence a line, and how to test it.
  private static String told(Headline headline) {
    String test = headline.test().isEmpty() ? "" : "test it: " + headline.test() + "\n";
    return String.join("\n", headline.sentences()) + "\n" + test + "\n";
  }

  /// Why this word, and which others there are.
  private String choice() {
    WordChoice choice = explanation.choice();
    if (choice == null || choice.chosen() < 0) {
      return "";
    }
    WordChoice.Weighed chosen = choice.words().get(choice.chosen());
    String others =
        choice.ranked().stream()
            .filter(word -> !word.equals(chosen) && word.effect() >= WordChoice.LEAST)
            .limit(OTHERS)
            .map(word -> quoted(word.text()) + " (" + Spoken.nats(word.effect()) + ")")
            .collect(Collectors.joining(", "));
    return "explained: %s, because %s%s\n"
        .formatted(
            quoted(chosen.text()),
            choice.why(),
            others.isEmpty()
                ? "; another word with --target"
                : "; it also decides " + others + ": --target shows them");
  }

  /// What else could have been said there, and what speaks for the best of it.
  private String runnerUp(WordExplanation word) {
    RunnerUp other = word.runnerUp();
    if (other == null) {
      return "";
    }
    String also =
        word.predictions().stream()
            .filter(one -> one.id() != word.target().ids()[0])
            .limit(OTHERS)
            .map(one -> quoted(one.text()) + " " + Spoken.percent(one.score()))
            .collect(Collectors.joining(", "));
    String places =
        IntStream.of(other.positions())
            .mapToObj(p -> explanation.prompt().tokens().get(p))
            .map(this::place)
            .distinct()
            .collect(Collectors.joining(", "));
    return "else: "
        + also
        + (places.isEmpty() ? "" : "; for " + quoted(other.text()) + " speak " + places)
        + "\n";
  }

  private static String headline(WordExplanation word) {
    String name = quoted(word.target().text());
    return switch (word.target().kind()) {
      case "contrast" ->
          "%s  log probability of the first minus the second %s nats"
              .formatted(name, Spoken.signed(word.logProbability()));
      case "answer" ->
          "%s  log probability %s nats in all"
              .formatted(name, Spoken.number(word.logProbability()));
      default ->
          "%s  log probability %s nats (%s)"
              .formatted(
                  name,
                  Spoken.number(word.logProbability()),
                  Spoken.percent(Math.exp(word.logProbability())));
    };
  }

  /// What each part of the prompt brings, first order, over all heads.
  private static String zones(WordExplanation word) {
    return "raised by "
        + word.zones().entrySet().stream()
            // Exactly zero: there is no such zone in the prompt.
            .filter(zone -> zone.getValue() != 0)
            .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
            .map(zone -> zone.getKey() + " " + Spoken.signed(zone.getValue()))
            .collect(Collectors.joining(", "));
  }

  private String heads(WordExplanation word) {
    TextTable table = new TextTable();
    for (HeadExplanation head : first(word.topHeads(), HEADS)) {
      List<PositionExplanation> read = head.positions();
      table.row(
          "  " + Spoken.head(head.layer(), head.head()),
          Spoken.signed(head.increase()),
          read.isEmpty()
              ? ""
              : "reads %s, moves %s"
                  .formatted(place(read.getFirst()), words(read.getFirst().valueOutput())));
    }
    return table.toString();
  }

  private String patches(WordExplanation word, PatchMap map) {
    ImageView view = explanation.images().get(map.image());
    double[] values = map.values();
    List<Integer> best =
        IntStream.range(0, values.length)
            .boxed()
            .filter(patch -> values[patch] > 0)
            .sorted(Collections.reverseOrder(Comparator.comparingDouble(p -> values[p])))
            .limit(PATCHES)
            .toList();
    if (best.isEmpty()) {
      return "";
    }
    TextTable table = new TextTable();
    for (int patch : best) {
      table.row("  " + cell(view, patch), value(map, values[patch]), moved(word, map, patch));
    }
    String of = explanation.images().size() > 1 ? " of " + view.name() : "";
    return "\nstrongest patches%s, map: %s\n%s".formatted(of, map.title(), table);
  }

  /// What the head that reads a patch best, among those explained, moves from there.
  private String moved(WordExplanation word, PatchMap map, int patch) {
    record Reading(HeadExplanation head, PositionExplanation position) {}
    return word.topHeads().stream()
        .flatMap(head -> head.positions().stream().map(position -> new Reading(head, position)))
        .filter(reading -> isPatch(reading.position(), map.image(), patch))
        .max(Comparator.comparingDouble(reading -> reading.position().increase()))
        .map(reading ->
            "%s moves %s"
                .formatted(
                    Spoken.head(reading.head().layer(), reading.head().head()),
                    words(reading.position().valueOutput())))
        .orElse("");
  }

  private static String value(PatchMap map, double value) {
    return map.signed() ? Spoken.signed(value) : Spoken.number(value);
  }

  private boolean isPatch(PositionExplanation position, int image, int patch) {
    Token token = explanation.prompt().tokens().get(position.position());
    return token.image() == image && token.patch() == patch;
  }

  private String place(PositionExplanation position) {
    return place(explanation.prompt().tokens().get(position.position()));
  }

  private String place(Token token) {
    if (token.image() < 0) {
      return quoted(token.text());
    }
    ImageView view = explanation.images().get(token.image());
    String cell = Spoken.label(token.label().replaceFirst("^image\\[\\d+]", "image[0]"));
    return explanation.images().size() > 1 ? view.name() + " " + cell : cell;
  }

  private static String cell(ImageView view, int patch) {
    return Spoken.patch(patch, view.columns());
  }

  private static String words(List<Word> words) {
    return words.stream()
        .limit(WORDS)
        .map(word -> word.text().strip())
        .collect(Collectors.joining(" "));
  }

  private static <T> List<T> first(List<T> all, int count) {
    return all.subList(0, Math.min(count, all.size()));
  }

  private static String quoted(String text) {
    return '"' + text.strip().replace("\n", "\\n") + '"';
  }
}
