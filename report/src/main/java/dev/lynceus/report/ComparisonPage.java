package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.score.Advice;
import dev.lynceus.method.score.Comparison;
import dev.lynceus.method.score.Comparison.Judged;
import dev.lynceus.method.score.Curves;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Tally;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Methods side by side as one page: a picture of each, a table, the curves, who agrees with whom.
public final class ComparisonPage {
  /// Curves that a chart has room for.
  private static final int DRAWN = 4;

  private static final String READING =
      "Deletion and insertion: mean probability of the word while patches are taken away, or given"
          + " back, in the order of the map; a patch is taken away by putting the mean visual token"
          + " in its place. Noise: rank correlation with the map of the same picture with tiny noise"
          + " in its pixels; a map that never looks at the picture, as a random one, has 1, which is no"
          + " merit. Seed: the same with another random seed. Gap: of methods whose values should"
          + " add up to the log probability, how far they are from it, relative to it. The best by"
          + " insertion less deletion come first; what is no better than a baseline, which knows nothing"
          + " of the model, tells nothing. Hit, precision and overlap use the"
          + " order of patches alone; energy, a share of sums, depends on the unit of a map.";

  private ComparisonPage() {}

  /// The page of one word.
  ///
  /// @param seen the picture as the model saw it
  /// @param command that makes the page again; may be empty
  public static String html(Comparison found, BufferedImage seen, String command) {
    List<StaticPage.Section> sections = new ArrayList<>();
    sections.add(inShort(found, seen));
    sections.add(
        new StaticPage.Section(
            "The maps",
            "Where each method sees the reason, the best first. Bright, or orange, speaks for the word; blue and"
                + " hatched against it; outlined: half of the map's largest value or more.",
            List.of(new StaticPage.Gallery(shots(found, seen))),
            "Maps have scales of their own: colours compare patches, not methods."));
    sections.add(
        new StaticPage.Section(
            "Side by side", READING, List.of(table(found)), "A word is explained, not the truth."));
    List<String> names = found.methods().stream().map(one -> named(one.method())).toList();
    sections.add(
        new StaticPage.Section(
            "Curves and agreement",
            "Curves of the best by insertion minus deletion. Two methods may agree and both be"
                + " wrong.",
            List.of(
                new StaticPage.Beside(
                    List.of(
                        new StaticPage.Charts(
                            List.of(
                                Plots.agreement(
                                    "Rank correlation of the maps", names, found.agreement())))),
                    List.of(new StaticPage.Charts(curves(found))))),
            ""));
    return new StaticPage(
            found.question(),
            "%s answers: %s Explained is “%s” (%s)."
                .formatted(
                    found.model(),
                    sentence(found.answer()),
                    found.word(),
                    Spoken.percent(found.probability())),
            sections,
            command)
        .html();
  }

  private static StaticPage.Section inShort(Comparison found, BufferedImage seen) {
    List<StaticPage.Part> said = new ArrayList<>();
    said.add(new StaticPage.Finding(found.conclusion(), "image", ""));
    found
        .advice()
        .ifPresent(advice -> {
          said.add(
              new StaticPage.Finding(
                  advice.text(), advice.doubts().isEmpty() ? "image" : "text", ""));
          said.add(signs(advice));
        });
    found.notes().forEach(note -> said.add(new StaticPage.Text("Note: " + note + ".")));
    List<StaticPage.Part> best =
        found.methods().stream()
            .filter(judged -> judged.curves().isPresent())
            .filter(judged -> !PatchMethod.isBaseline(judged.method()))
            .min(Comparator.comparingDouble(ComparisonPage::poor))
            .<List<StaticPage.Part>>map(
                judged -> List.of(new StaticPage.Cards(List.of(shot(found, judged, seen)))))
            .orElse(List.of());
    return new StaticPage.Section(
        "In short", "", best.isEmpty() ? said : List.of(new StaticPage.Beside(said, best)), "");
  }

  /// What the advice is based on.
  private static StaticPage.Table signs(Advice advice) {
    return new StaticPage.Table(
        "What the advice is based on",
        List.of("sign of " + advice.method(), "here", "where it was fitted"),
        advice.signs().stream()
            .map(sign ->
                List.of(
                    sign.name(),
                    number(sign.value()),
                    number(sign.low()) + " to " + number(sign.high())))
            .toList());
  }

  private static StaticPage.Shot shot(Comparison found, Judged judged, BufferedImage seen) {
    return new StaticPage.Shot(
        named(judged.method()),
        judged.what(),
        MapPicture.over(seen, judged.map(), found.rows(), found.columns()));
  }

  /// The page of many words.
  public static String html(Tally found, String command) {
    List<String> names = found.rows().stream().map(one -> named(one.method())).toList();
    return new StaticPage(
            "Methods compared",
            String.format(
                Locale.ROOT,
                "%s, %d words; means with 95 %% intervals.",
                found.model(),
                found.words()),
            List.of(
                new StaticPage.Section("Side by side", READING, List.of(table(found)), ""),
                new StaticPage.Section(
                    "Agreement",
                    "Mean rank correlation of the maps.",
                    List.of(
                        new StaticPage.Charts(
                            List.of(
                                Plots.agreement(
                                    "Rank correlation of the maps", names, found.agreement())))),
                    "Two methods may agree and both be wrong.")),
            command)
        .html();
  }

  private static String sentence(String answer) {
    return answer.isEmpty() || ".!?".indexOf(answer.charAt(answer.length() - 1)) >= 0
        ? answer
        : answer + ".";
  }

  private static List<StaticPage.Shot> shots(Comparison found, BufferedImage seen) {
    List<StaticPage.Shot> shots = new ArrayList<>();
    shots.add(new StaticPage.Shot("the picture", "as the model saw it", seen));
    for (Judged judged : found.methods()) {
      shots.add(shot(found, judged, seen));
    }
    return shots;
  }

  private static StaticPage.Table table(Comparison found) {
    boolean truth = found.methods().stream().anyMatch(judged -> judged.truth().isPresent());
    List<String> head =
        new ArrayList<>(
            List.of(
                "method", "seconds", "passes", "deletion", "insertion", "noise", "seed", "gap"));
    if (truth) {
      head.addAll(List.of("hit", "precision", "overlap", "energy"));
    }
    List<List<String>> rows = new ArrayList<>();
    for (Judged judged : found.methods()) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  named(judged.method()),
                  number(judged.seconds()),
                  passes(judged.forward(), judged.backward()),
                  number(judged.curves().map(Curves::deletionArea).orElse(Double.NaN)),
                  number(judged.curves().map(Curves::insertionArea).orElse(Double.NaN)),
                  number(judged.steady()),
                  number(judged.repeated()),
                  number(judged.gap().orElse(Double.NaN))));
      judged
          .truth()
          .ifPresent(pointing ->
              row.addAll(
                  List.of(
                      number(pointing.hit()),
                      number(pointing.precision()),
                      number(pointing.iou()),
                      number(pointing.energy()))));
      rows.add(row);
    }
    return new StaticPage.Table("", head, rows);
  }

  private static StaticPage.Table table(Tally found) {
    boolean truth = found.rows().stream().anyMatch(row -> row.hit().of() > 0);
    List<String> head =
        new ArrayList<>(
            List.of(
                "method", "seconds", "passes", "deletion", "insertion", "noise", "seed", "gap"));
    if (truth) {
      head.addAll(List.of("hit", "precision", "overlap", "energy"));
    }
    List<List<String>> rows = new ArrayList<>();
    for (Tally.Row one : found.rows()) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  named(one.method()),
                  number(one.seconds().value()),
                  passes(one.forward(), one.backward()),
                  one.deletion().text(),
                  one.insertion().text(),
                  number(one.steady()),
                  number(one.repeated()),
                  number(one.gap())));
      if (truth) {
        row.addAll(
            List.of(
                one.hit().text(), one.precision().text(), one.iou().text(), one.energy().text()));
      }
      rows.add(row);
    }
    return new StaticPage.Table("", head, rows);
  }

  private static List<StaticPage.Chart> curves(Comparison found) {
    List<Judged> best =
        found.methods().stream()
            .filter(judged -> judged.curves().isPresent())
            .sorted(Comparator.comparingDouble(ComparisonPage::poor))
            .limit(DRAWN)
            .toList();
    if (best.isEmpty()) {
      return List.of();
    }
    double[] parts = best.getFirst().curves().orElseThrow().parts();
    List<String> steps =
        IntStream.range(0, parts.length)
            .mapToObj(i -> i % 4 == 0 ? Math.round(parts[i] * 100) + " %" : "")
            .toList();
    return List.of(
        Plots.lines(
            "Patches taken away",
            steps,
            "patches that are gone",
            "probability",
            series(best, Curves::deletion)),
        Plots.lines(
            "Patches given back",
            steps,
            "patches that are back",
            "probability",
            series(best, Curves::insertion)));
  }

  private static List<Plots.Series> series(
      List<Judged> some, java.util.function.Function<Curves, double[]> which) {
    return some.stream()
        .map(judged -> {
          double[] values = which.apply(judged.curves().orElseThrow());
          return new Plots.Series(judged.method(), values, values, values);
        })
        .toList();
  }

  /// Small for a good map.
  private static double poor(Judged judged) {
    Curves curves = judged.curves().orElseThrow();
    return curves.deletionArea() - curves.insertionArea();
  }

  private static String named(String method) {
    return PatchMethod.isBaseline(method) ? method + " (baseline)" : method;
  }

  private static String passes(int forward, int backward) {
    if (forward + backward == 0) {
      return "none";
    }
    return backward == 0 ? Integer.toString(forward) : forward + " + " + backward + " back";
  }

  private static String number(Estimate estimate) {
    return estimate.of() == 0 ? "" : number(estimate.value());
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : Spoken.number(value);
  }
}
