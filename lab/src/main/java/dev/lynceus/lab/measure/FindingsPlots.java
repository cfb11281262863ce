package dev.lynceus.lab.measure;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Ranks;
import dev.lynceus.method.score.Share;
import dev.lynceus.report.Plots;
import dev.lynceus.report.StaticPage.Chart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The charts of the findings.
final class FindingsPlots {
  private static final int NAMED = 5;

  private FindingsPlots() {}

  /// Log increase of every head in the three forms, on one scale.
  static List<Chart> headMaps(FindingsReport report) {
    double scale =
        Stream.of(report.visual(), report.textual(), report.baseline())
            .flatMapToDouble(Arrays::stream)
            .map(Math::abs)
            .max()
            .orElse(1);
    return List.of(
        Plots.heads("Tuned, pictures", grid(report, report.visual()), scale),
        Plots.heads("Tuned, texts", grid(report, report.textual()), scale),
        Plots.heads("Base, texts", grid(report, report.baseline()), scale));
  }

  private static double[][] grid(FindingsReport report, double[] flat) {
    return IntStream.range(0, report.layers())
        .mapToObj(l -> Arrays.copyOfRange(flat, l * report.heads(), (l + 1) * report.heads()))
        .toArray(double[][]::new);
  }

  /// Ranks of words at every depth.
  static List<Chart> depths(FindingsReport report) {
    List<String> steps = new ArrayList<>();
    for (FindingsReport.PatchWords row : report.patches()) {
      steps.add(row.depth() < 0 ? "E" : Integer.toString(row.depth()));
    }
    steps.add(1, "");
    String below = "E: input embeddings; 0: first input; l: after layer l − 1";
    return List.of(
        Plots.lines(
            "Colours",
            steps,
            below,
            "mean of 1 / rank",
            List.of(
                series(report, "its colour", FindingsReport.PatchWords::colour),
                series(
                    report, "a colour not in the picture", FindingsReport.PatchWords::otherColour),
                series(
                    report,
                    "its colour, on the background",
                    FindingsReport.PatchWords::background))),
        Plots.lines(
            "Objects",
            steps,
            below,
            "mean of 1 / rank",
            List.of(
                series(report, "its word", FindingsReport.PatchWords::noun),
                series(report, "a word for nothing there", FindingsReport.PatchWords::otherNoun),
                series(
                    report,
                    "its word, on the background",
                    FindingsReport.PatchWords::nounBackground))));
  }

  private static Plots.Series series(
      FindingsReport report, String name, Function<FindingsReport.PatchWords, Estimate> of) {
    List<Estimate> all = new ArrayList<>(report.patches().stream().map(of).toList());
    // The input embeddings are another reading, not another depth: the line is broken after them.
    all.add(1, Estimate.mean());
    return new Plots.Series(
        name,
        all.stream().mapToDouble(Estimate::value).toArray(),
        all.stream().mapToDouble(Estimate::low).toArray(),
        all.stream().mapToDouble(Estimate::high).toArray());
  }

  /// The base's heads against the tuned model's.
  static List<Chart> scatters(FindingsReport report) {
    return List.of(
        scatter(report, report.textual(), "Texts: base and tuned", "tuned, texts"),
        scatter(report, report.visual(), "Texts in the base, pictures tuned", "tuned, pictures"));
  }

  private static Chart scatter(FindingsReport report, double[] tuned, String title, String y) {
    int[] ranking = Ranks.ranking(tuned);
    List<Plots.Dot> dots = new ArrayList<>();
    for (int i = ranking.length - 1; i >= 0; i--) {
      int head = ranking[i];
      dots.add(
          new Plots.Dot(
              report.baseline()[head],
              tuned[head],
              report.head(head),
              "head %s: base %s, tuned %s"
                  .formatted(
                      report.head(head),
                      Spoken.signed(report.baseline()[head]),
                      Spoken.signed(tuned[head])),
              i < NAMED));
    }
    return Plots.scatter(title, "log increase, base, texts", "log increase, " + y, dots);
  }

  /// Right answers against the number of silenced heads.
  static List<Chart> ablations(FindingsReport report) {
    return report.ablations().stream()
        .map(FindingsReport.Ablation::task)
        .distinct()
        .map(task -> ablation(report, task))
        .toList();
  }

  private static Chart ablation(FindingsReport report, String task) {
    List<FindingsReport.Ablation> rows =
        report.ablations().stream()
            .filter(row -> row.task().equals(task) && row.how().equals(Silencing.ZERO.label()))
            .toList();
    int[] counts =
        rows.stream().mapToInt(FindingsReport.Ablation::count).distinct().sorted().toArray();
    List<Plots.Series> all = new ArrayList<>();
    for (String chosen : List.of("pictures", "texts", "base", "random", "same layers")) {
      List<Share> shares =
          IntStream.of(counts)
              .mapToObj(count ->
                  rows.stream()
                      .filter(row -> row.count() == count)
                      .filter(row -> count == 0 || row.chosen().equals(chosen))
                      .map(FindingsReport.Ablation::right)
                      .findFirst()
                      .orElse(Share.of(0, 0)))
              .toList();
      String name =
          switch (chosen) {
            case "random" -> "random heads";
            case "same layers" -> "random heads of the same layers";
            default -> "best for " + chosen;
          };
      all.add(
          new Plots.Series(
              chosen.equals("base") ? "best of the base" : name,
              shares.stream().mapToDouble(Share::share).toArray(),
              shares.stream().mapToDouble(Share::low).toArray(),
              shares.stream().mapToDouble(Share::high).toArray()));
    }
    String title = Character.toUpperCase(task.charAt(0)) + task.substring(1);
    return Plots.lines(
        title,
        IntStream.of(counts).mapToObj(Integer::toString).toList(),
        "heads silenced",
        "colours answered right",
        all);
  }
}
