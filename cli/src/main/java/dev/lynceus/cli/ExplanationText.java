package dev.lynceus.cli;

import dev.lynceus.method.Explanation;
import dev.lynceus.method.Explanation.HeadExplanation;
import dev.lynceus.method.Explanation.PositionExplanation;
import dev.lynceus.method.Explanation.Token;
import dev.lynceus.method.Explanation.WordExplanation;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The summary of an explanation that fits on a screen; the page tells the rest.
///
/// @param explanation what was found
record ExplanationText(Explanation explanation) {
  private static final int HEADS = 3;
  private static final int PATCHES = 4;
  private static final int WORDS = 4;

  /// The lines, each with a line end.
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(explanation.answer().text().strip()).append("\n\n");
    if (explanation.words().isEmpty()) {
      return text.toString();
    }
    WordExplanation word = explanation.words().getFirst();
    text.append(headline(word)).append('\n');
    if (word.topHeads().isEmpty()) {
      return text.append('\n').toString();
    }
    text.append("\nheads that raised it most (log probability, each alone)\n").append(heads(word));
    HeadExplanation best = word.topHeads().getFirst();
    String patches = positions(best);
    if (!patches.isEmpty()) {
      text.append("\nwhat layer %d head %d read there, and the words it moved\n".formatted(best.layer(), best.head()))
          .append(patches);
    }
    return text.append('\n').toString();
  }

  private static String headline(WordExplanation word) {
    String name = quoted(word.target().text());
    return switch (word.target().kind()) {
      case "contrast" ->
          "%s: %s more log probability than the other word"
              .formatted(name, signed(word.logProbability()));
      case "answer" -> "%s: log probability %s in all".formatted(name, plain(word.logProbability()));
      default ->
          "%s: log probability %s (%s %%), at the embedding %s"
              .formatted(
                  name,
                  plain(word.logProbability()),
                  percent(word.logProbability()),
                  plain(word.embeddingLogProbability()));
    };
  }

  private static String heads(WordExplanation word) {
    TextTable table = new TextTable();
    for (HeadExplanation head : first(word.topHeads(), HEADS)) {
      table.row(
          "  layer %d head %d".formatted(head.layer(), head.head()), signed(head.increase()));
    }
    return table.toString();
  }

  private String positions(HeadExplanation head) {
    List<PositionExplanation> found = head.positions();
    List<PositionExplanation> patches =
        found.stream().filter(position -> token(position).image() >= 0).toList();
    TextTable table = new TextTable();
    for (PositionExplanation position : first(patches.isEmpty() ? found : patches, PATCHES)) {
      table.row(
          "  " + place(token(position)),
          signed(position.increase()),
          position.valueOutput().stream()
              .limit(WORDS)
              .map(w -> w.text().strip())
              .collect(Collectors.joining(", ")));
    }
    return table.toString();
  }

  private Token token(PositionExplanation position) {
    return explanation.prompt().tokens().get(position.position());
  }

  private String place(Token token) {
    if (token.image() < 0) {
      return quoted(token.text());
    }
    Explanation.ImageView view = explanation.images().get(token.image());
    String patch =
        "row %d column %d"
            .formatted(token.patch() / view.columns(), token.patch() % view.columns());
    return explanation.images().size() > 1 ? view.name() + " " + patch : patch;
  }

  private static <T> List<T> first(List<T> all, int count) {
    return all.subList(0, Math.min(count, all.size()));
  }

  private static String quoted(String text) {
    return '"' + text.strip() + '"';
  }

  private static String plain(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String signed(double value) {
    return String.format(Locale.ROOT, "%+.3f", value);
  }

  private static String percent(double logProbability) {
    return String.format(Locale.ROOT, "%.1f", 100 * Math.exp(logProbability));
  }
}
