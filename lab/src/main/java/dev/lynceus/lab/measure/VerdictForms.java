package dev.lynceus.lab.measure;

import dev.lynceus.lab.measure.VerdictCases.Case;
import dev.lynceus.lab.measure.VerdictCases.Premise;
import dev.lynceus.lab.measure.VerdictReport.Bin;
import dev.lynceus.lab.measure.VerdictReport.Combined;
import dev.lynceus.lab.measure.VerdictReport.Form;
import dev.lynceus.method.evidence.Reliability;
import dev.lynceus.method.evidence.Score;
import dev.lynceus.method.evidence.ThresholdFit;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.score.Auc;
import dev.lynceus.method.score.Share;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What ways of asking back are worth, and what the combined scores are.
final class VerdictForms {
  /// Edges of the bins of probabilities.
  private static final double[] EDGES = {0, .1, .3, .5, .7, .9, .97, .99, 1.0001};

  private VerdictForms() {}

  /// Odds of attributes, true ones and false ones.
  static List<ThresholdFit.Odds> attributes(List<Premise> premises) {
    return premises.stream().map(one -> new ThresholdFit.Odds(0, isSo(one), one.open())).toList();
  }

  private static boolean isSo(Premise premise) {
    return premise.truth() == Truth.TRUE_COLOUR || premise.truth() == Truth.TRUE_COUNT;
  }

  /// The ways, by their worth on held-out premises.
  static List<Form> of(List<Premise> premises, Thresholds thresholds) {
    List<Premise> colours =
        premises.stream()
            .filter(p -> p.truth() == Truth.TRUE_COLOUR || p.truth() == Truth.FALSE_COLOUR)
            .toList();
    List<Premise> counts = premises.stream().filter(p -> !colours.contains(p)).toList();
    double own = thresholds.premise() == null ? 0 : thresholds.premise();
    double presence =
        thresholds.limits().stream()
            .filter(limit -> limit.score() == Score.PRESENCE)
            .mapToDouble(Thresholds.Limit::least)
            .findFirst()
            .orElse(0);
    return List.of(
        form("What is the color of the apple?", colours, Premise::open, own),
        form("Is the apple purple?", colours, Premise::closed, presence),
        form("Is there a purple?", colours, Premise::bare, presence),
        form("How many objects are there?", counts, Premise::open, own));
  }

  private static Form form(
      String question, List<Premise> premises, ToDoubleFunction<Premise> odds, double limit) {
    List<Auc.Case> cases =
        premises.stream().map(one -> new Auc.Case(odds.applyAsDouble(one), isSo(one))).toList();
    List<Auc.Case> lies = cases.stream().filter(one -> !one.good()).toList();
    int believed = (int) lies.stream().filter(one -> one.score() >= limit).count();
    return new Form(
        question,
        cases.size() - (long) lies.size(),
        lies.size(),
        Auc.of(cases),
        Share.of(believed, lies.size()));
  }

  /// What the combination is worth.
  ///
  /// @param cases words that it is about
  static Combined combined(List<Case> cases, Reliability reliability) {
    double[] said = cases.stream().mapToDouble(one -> reliability.of(one.scores())).toArray();
    double share = cases.stream().filter(Case::right).count() / (double) Math.max(1, cases.size());
    double brier = 0;
    List<Auc.Case> areas = new ArrayList<>();
    List<Auc.Case> own = new ArrayList<>();
    List<Auc.Case> probabilities = new ArrayList<>();
    for (int i = 0; i < said.length; i++) {
      boolean right = cases.get(i).right();
      double error = said[i] - (right ? 1 : 0);
      brier += error * error / said.length;
      areas.add(new Auc.Case(reliability.sum(cases.get(i).scores()), right));
      if (cases.get(i).own()) {
        own.add(areas.getLast());
      }
      probabilities.add(new Auc.Case(cases.get(i).score(Score.PROBABILITY), right));
    }
    List<Bin> bins = new ArrayList<>();
    for (int b = 0; b + 1 < EDGES.length; b++) {
      double from = EDGES[b];
      double to = EDGES[b + 1];
      int[] some =
          java.util.stream.IntStream.range(0, said.length)
              .filter(i -> said[i] >= from && said[i] < to)
              .toArray();
      int right = (int) Arrays.stream(some).filter(i -> cases.get(i).right()).count();
      double mean = Arrays.stream(some).mapToDouble(i -> said[i]).average().orElse(Double.NaN);
      if (some.length > 0) {
        bins.add(new Bin(from, Math.min(1, to), mean, Share.of(right, some.length)));
      }
    }
    return new Combined(
        reliability.weights().stream().map(Reliability.Weight::score).toList(),
        reliability.probe() == null ? -1 : reliability.probe().depth(),
        reliability.calibration().knots().isEmpty() ? "Platt" : "isotonic",
        Auc.of(areas),
        Auc.of(own),
        Auc.of(probabilities),
        brier,
        share * (1 - share),
        bins);
  }
}
