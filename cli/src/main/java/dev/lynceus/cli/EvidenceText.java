package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.evidence.EvidenceWords;
import dev.lynceus.method.evidence.OtherPictures;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.evidence.Verdict;
import dev.lynceus.method.evidence.Whose;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The words of an answer on one screen.
final class EvidenceText {
  private EvidenceText() {}

  static String of(Evidence found) {
    StringBuilder text = new StringBuilder();
    Evidence.Headline headline = found.headline();
    text.append(found.given() ? "given answer: " : "").append(found.answer()).append("\n\n");
    text.append(headline.text()).append('\n');
    if (!headline.test().isEmpty()) {
      text.append("Test it: ").append(headline.test()).append('\n');
    }
    text.append('\n');
    TextTable words =
        new TextTable()
            .row(
                "word",
                "verdict",
                "right",
                "probability",
                "without picture",
                "effect",
                "image share",
                "looked at");
    for (Evidence.Word word : found.words()) {
      Evidence.Looked looked = word.looked();
      words.row(
          word.text(),
          verdict(word.verdict()),
          word.reliability() == null ? "-" : Spoken.percent(word.reliability()),
          Spoken.percent(Math.exp(word.logProbability())),
          Spoken.percent(Math.exp(word.blind())),
          Spoken.signed(word.effect()),
          Spoken.percent(word.imageShare()),
          looked == null ? "-" : looked.place());
    }
    text.append(words);
    boolean several = found.words().stream().filter(Evidence.Word::decisive).count() > 1;
    for (Evidence.Word word : found.words()) {
      // One alone is in the headline.
      if (several && word.decisive()) {
        text.append("\n\u201c").append(word.text()).append("\u201d ");
        text.append(verdict(word.verdict())).append(": ").append(word.because()).append('.');
      }
    }
    text.append(several ? "\n" : "");
    if (!found.asked().isEmpty()) {
      TextTable asked =
          new TextTable().row("the question names", "is it there", "taken for granted", "verdict");
      for (Evidence.Asked thing : found.asked()) {
        asked.row(
            thing.text(),
            EvidenceWords.presence(thing),
            thing.granted() ? "yes" : "no",
            verdict(thing.verdict()));
      }
      text.append('\n').append(asked);
    }
    if (!found.premises().isEmpty()) {
      TextTable premises =
          new TextTable().row("granted", "asked back", "the model says", "odds", "verdict");
      for (Evidence.Premise premise : found.premises()) {
        premises.row(
            premise.thing() + ": " + premise.attribute(),
            premise.asked(),
            premise.said(),
            Spoken.signed(premise.odds()),
            verdict(premise.verdict()));
      }
      text.append('\n').append(premises);
    }
    EvidenceWords.warnings(found.premises())
        .forEach(line -> text.append('\n').append(line).append('\n'));
    others(text, found);
    Whose whose = found.whose();
    if (whose != null) {
      text.append('\n').append(EvidenceWords.whose(whose)).append('\n');
    }
    Thresholds thresholds = found.thresholds();
    text.append('\n')
        .append(
            thresholds == null
                ? "No thresholds are known for this model: scores, no verdicts, no reliability. "
                    + (found.hasShares()
                        ? "`lynceus calibrate` measures them on questions of your own."
                        : "None are measured for models whose logits have no shares.")
                : EvidenceWords.rates(thresholds.measured()))
        .append('\n');
    Evidence.Removed removed = found.removed();
    if (removed != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n“%s” taken away (read %s, taken at the input of layer %d, strength %s): held %s, then %s%n"
                  + "before: %s%nafter:  %s%n",
              removed.word(),
              Spoken.depth(removed.textLayer()),
              removed.imageLayer(),
              removed.strength(),
              Spoken.percent(removed.held()),
              Spoken.percent(removed.heldAfter()),
              removed.before(),
              removed.after()));
    }
    return text.toString();
  }

  /// The same words about other pictures.
  private static void others(StringBuilder text, Evidence found) {
    if (found.others().isEmpty()) {
      return;
    }
    TextTable table = new TextTable();
    List<String> head = new ArrayList<>(List.of("word", "probability"));
    found.others().forEach(other -> head.add("about " + other.picture()));
    table.row(head.toArray(String[]::new));
    for (int w = 0; w < found.words().size(); w++) {
      Evidence.Word word = found.words().get(w);
      List<String> row =
          new ArrayList<>(List.of(word.text(), Spoken.percent(Math.exp(word.logProbability()))));
      for (Evidence.Other other : found.others()) {
        row.add(Spoken.percent(Math.exp(other.words().get(w))));
      }
      table.row(row.toArray(String[]::new));
    }
    text.append('\n').append(table);
    OtherPictures.told(found).forEach(line -> text.append(line).append('\n'));
  }

  private static String verdict(String label) {
    return Verdict.valueOf(label.toUpperCase(Locale.ROOT)).words();
  }
}
