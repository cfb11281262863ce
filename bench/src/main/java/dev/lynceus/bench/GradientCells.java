package dev.lynceus.bench;

import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.Backward;
import dev.lynceus.method.gradient.GradientPlan;
import dev.lynceus.method.gradient.IntegratedGradients;
import dev.lynceus.method.gradient.IntegratedPixels;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.method.gradient.PathIntegral;
import dev.lynceus.method.relevancy.RelevancyMaps;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// What gradients of a run cost.
///
/// @param folder the checkpoint
/// @param options how it is loaded
/// @param steps points of integrated gradients
record GradientCells(Shape shape, Path folder, LoadOptions options, int steps, Measure measure) {
  /// Words of an answer whose relevancy is taken together.
  private static final int TOKENS = 8;

  /// Gradients of the best token at the last row: of a run that kept what they need, of one that
  /// kept nothing, and run and gradient together.
  List<Measure.Row> gradients() {
    try (Subject subject = Subject.open(shape, folder, options);
        Run plain = subject.model().run(subject.prompt(), Capture.NONE);
        Run kept = run(subject)) {
      int row = subject.prompt().length() - 1;
      Target target = Cells.target(plain, row);
      List<Target> several =
          IntStream.range(0, TOKENS)
              .mapToObj(i -> Target.token("", row - i, target.aims().getFirst().id()))
              .toList();
      List<Measure.Row> rows = new ArrayList<>();
      rows.addAll(measure.time("forward", () -> Cells.plain(subject)));
      rows.addAll(measure.time("forward, kept for gradients", () -> run(subject).close()));
      rows.addAll(measure.time("saliency", () -> saliency(plain, target)));
      rows.addAll(measure.time("  of a run that kept", () -> saliency(kept, target)));
      rows.addAll(
          measure.time(
              "  run and saliency",
              () -> {
                try (Run run = run(subject)) {
                  saliency(run, target);
                }
              }));
      rows.addAll(measure.time("relevancy", () -> relevancy(plain, List.of(target))));
      rows.addAll(measure.time("  of a run that kept", () -> relevancy(kept, List.of(target))));
      rows.addAll(
          measure.time(
              "  run and relevancy",
              () -> {
                try (Run run = run(subject)) {
                  relevancy(run, List.of(target));
                }
              }));
      rows.addAll(measure.time("relevancy of 8 tokens", () -> relevancy(plain, several)));
      rows.addAll(measure.time("  of a run that kept", () -> relevancy(kept, several)));
      return rows;
    }
  }

  /// Integrated gradients from tokens and from pixels.
  List<Measure.Row> integrated() {
    IntegratedGradients tokens =
        new IntegratedGradients(
            IntegratedGradients.Baseline.MEAN, PathIntegral.Spacing.EVEN, steps, steps);
    IntegratedPixels pixels =
        new IntegratedPixels(IntegratedPixels.Baseline.MEAN_COLOUR, steps, steps);
    try (Subject subject = Subject.open(shape, folder, options);
        Run run = subject.model().run(subject.prompt(), Capture.NONE)) {
      Target target = Cells.target(run, subject.prompt().length() - 1);
      return measure.pair(
          "integrated, tokens",
          () -> tokens.explain(run, target),
          "integrated, pixels",
          () -> pixels.explain(run, target));
    }
  }

  private static Run run(Subject subject) {
    return subject
        .model()
        .run(subject.prompt(), GradientPlan.of(subject.model(), subject.prompt()));
  }

  private static void saliency(Run run, Target target) {
    try (Scope scope = Scope.open()) {
      Backward backward = new Backward(run);
      backward.inputs(backward.entering(), Objective.logProbability(target));
    }
  }

  private static void relevancy(Run run, List<Target> targets) {
    double[][] found = RelevancyMaps.decoder(run, targets, Progress.NONE);
    if (found.length != targets.size()) {
      throw new IllegalStateException("a target has no relevancy");
    }
  }
}
