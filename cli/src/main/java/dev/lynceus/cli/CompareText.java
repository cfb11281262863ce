package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.score.Advice;
import dev.lynceus.method.score.Adviser;
import dev.lynceus.method.score.Comparison;
import dev.lynceus.method.score.Curves;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Pointing;
import dev.lynceus.method.score.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A comparison of methods for a screen.
final class CompareText {
  private static final List<String> HEAD =
      List.of(
          "method", "s", "forward", "backward", "deletion", "insertion", "noise", "seed", "gap");
  private static final List<String> TRUTH = List.of("hit", "precision", "overlap", "energy");

  private static final String NO_ADVICE =
      "No adviser says which map to trust: none is known for this model, or not all of its methods and both curves were asked for.";

  private CompareText() {}

  static String of(Comparison found) {
    boolean truth = found.methods().stream().anyMatch(judged -> judged.truth().isPresent());
    List<List<String>> rows = new ArrayList<>();
    for (Comparison.Judged judged : found.methods()) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  named(judged.method()),
                  number(judged.seconds()),
                  Integer.toString(judged.forward()),
                  Integer.toString(judged.backward()),
                  number(judged.curves().map(Curves::deletionArea).orElse(Double.NaN)),
                  number(judged.curves().map(Curves::insertionArea).orElse(Double.NaN)),
                  number(judged.steady()),
                  number(judged.repeated()),
                  number(judged.gap().orElse(Double.NaN))));
      if (truth) {
        row.add(number(judged.truth().map(Pointing::hit).orElse(Double.NaN)));
        row.add(number(judged.truth().map(Pointing::precision).orElse(Double.NaN)));
        row.add(number(judged.truth().map(Pointing::iou).orElse(Double.NaN)));
        row.add(number(judged.truth().map(Pointing::energy).orElse(Double.NaN)));
      }
      rows.add(row);
    }
    return String.format(
            Locale.ROOT,
            "%s%nexplained: \"%s\" (%s)%n%n%s%n%s%n%n",
            found.answer(),
            found.word(),
            Spoken.percent(found.probability()),
            found.conclusion(),
            found.advice().map(Advice::text).orElse(NO_ADVICE))
        + table(truth, rows)
        + Notes.text(found.notes());
  }

  /// What an adviser came to where it was tried.
  static String of(Adviser adviser) {
    Adviser.Tried tried = adviser.tried();
    TextTable table = new TextTable().row("choice", "right", "gain", "p (Holm)", "what");
    for (Adviser.Way way : tried.ways()) {
      boolean candidate = way.holm() < 1 || way.p() < 1;
      table.row(
          way.name(),
          way.hit().text(),
          way.name().equals("always") ? "" : way.gain().text(),
          candidate && !way.name().equals("always") ? number(way.holm()) : "",
          way.what());
    }
    return "%nadviser: tried on %d held-out questions about %d pictures; how often the strongest patch was right%n%n%s%n"
            .formatted(tried.questions(), tried.pictures(), table)
        + "it takes %s: %s; the probability it tells is off by %s in the mean square, one share for all by %s%n"
            .formatted(
                adviser.choice().name().toLowerCase(Locale.ROOT),
                adviser.judges().getFirst().method(),
                number(tried.brier()),
                number(tried.plain()));
  }

  static String of(Tally found) {
    boolean truth = found.rows().stream().anyMatch(row -> row.hit().of() > 0);
    List<List<String>> rows = new ArrayList<>();
    for (Tally.Row one : found.rows()) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  named(one.method()),
                  number(one.seconds().value()),
                  Integer.toString(one.forward()),
                  Integer.toString(one.backward()),
                  one.deletion().text(),
                  one.insertion().text(),
                  mean(one.steady()),
                  mean(one.repeated()),
                  mean(one.gap())));
      if (truth) {
        row.addAll(
            List.of(
                one.hit().text(), one.precision().text(), one.iou().text(), one.energy().text()));
      }
      rows.add(row);
    }
    return found.words()
        + " words; means, with 95 % intervals where they are told\n\n"
        + table(truth, rows);
  }

  private static String table(boolean truth, List<List<String>> rows) {
    List<String> head = new ArrayList<>(HEAD);
    if (truth) {
      head.addAll(TRUTH);
    }
    TextTable table = new TextTable().row(head);
    rows.forEach(table::row);
    return table
        + "gap: how far the values of a method that promises a sum are from it, relative to it\n";
  }

  private static String named(String method) {
    return PatchMethod.isBaseline(method) ? method + " (baseline)" : method;
  }

  private static String mean(Estimate estimate) {
    return estimate.of() == 0 ? "" : number(estimate.value());
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : Spoken.number(value);
  }
}
