package dev.lynceus.cli;

import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.evidence.Verdict;
import java.util.Locale;

/// The words of an answer on one screen.
final class EvidenceText {
  private EvidenceText() {}

  static String of(Evidence found) {
    StringBuilder text = new StringBuilder();
    text.append(found.given() ? "given answer: " : "").append(found.answer()).append("\n\n");
    TextTable words =
        new TextTable()
            .row(
                "word",
                "probability",
                "without picture",
                "effect",
                "image share",
                "held",
                "verdict");
    for (Evidence.Word word : found.words()) {
      Evidence.Held held = word.held();
      words.row(
          word.text(),
          number("%.3f", Math.exp(word.logProbability())),
          number("%.3f", Math.exp(word.blind())),
          number("%+.2f", word.effect()),
          number("%.2f", word.imageShare()),
          held == null ? "-" : number("%.3f", held.value()),
          verdict(word.verdict()));
    }
    text.append(words);
    if (!found.asked().isEmpty()) {
      TextTable asked = new TextTable().row("the question names", "is it there", "held", "verdict");
      for (Evidence.Asked thing : found.asked()) {
        asked.row(
            thing.text(),
            number("%+.2f", thing.presence()),
            number("%.3f", thing.held().value()),
            verdict(thing.verdict()));
      }
      text.append('\n').append(asked);
    }
    Evidence.Removed removed = found.removed();
    if (removed != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n'%s' taken away (depth %d, layer %d, strength %s): held %.3f, then %.3f%n"
                  + "before: %s%nafter:  %s%n",
              removed.word(),
              removed.textLayer(),
              removed.imageLayer(),
              removed.strength(),
              removed.held(),
              removed.heldAfter(),
              removed.before(),
              removed.after()));
    }
    return text.toString();
  }

  private static String verdict(String label) {
    return Verdict.valueOf(label.toUpperCase(Locale.ROOT)).words();
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
