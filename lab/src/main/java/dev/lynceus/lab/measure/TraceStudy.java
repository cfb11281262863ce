package dev.lynceus.lab.measure;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.measure.TraceReport.Damage;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Causal tracing of a BLIP where the truth is known: scenes of two to four things, no two of the
/// first two of one colour; the first is asked for. Everything is measured on questions that were
/// answered right.
public final class TraceStudy {
  private final LoadedModel model;
  private final long seed;
  private final Progress progress;

  /// @throws LynceusException BAD_REQUEST if the model does not read questions beside the picture
  public TraceStudy(LoadedModel model, long seed, Progress progress) {
    if (model.model().textEncoder().isEmpty() || model.model().vision().isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          model.name() + " has no encoder that reads the question beside a picture",
          "Choose a BLIP that answers questions, for example pupil-blip.");
    }
    this.model = model;
    this.seed = seed;
    this.progress = progress;
  }

  /// Measures.
  ///
  /// @param asked scenes about which a question of each kind is asked
  /// @param scenes scenes that are traced, as far as the answer is right
  public TraceReport measure(int asked, int scenes) {
    World world = new World(seed, SceneRecipe.FREE);
    List<TraceReport.Answered> answered = new ShortAnswers(model, world).mark(asked, progress);
    TraceCases cases = new TraceCases(model, world);
    TraceTally tally = new TraceTally();
    int traced = 0;
    for (int number = 0; number < scenes; number++) {
      progress.at("tracing", number, scenes);
      try (Scope scope = Scope.open();
          TraceCases.Case one = cases.of(number)) {
        if (one.isRight()) {
          traced++;
          new TraceCell(one, tally).measure(seed + number);
        }
      }
    }
    progress.at("tracing", scenes, scenes);
    return new TraceReport(
        model.name(),
        seed,
        asked,
        scenes,
        answered,
        traced,
        Arrays.stream(Damage.values()).map(damage -> damaged(tally, damage)).toList(),
        tally.restored(),
        tally.patches(),
        tally.looked(),
        tally.head(),
        tally.checks());
  }

  private static TraceReport.Damaged damaged(TraceTally tally, Damage damage) {
    List<TraceTally.Loss> losses = new ArrayList<>(tally.losses(damage));
    return new TraceReport.Damaged(
        damage,
        Estimate.mean(losses.stream().mapToDouble(TraceTally.Loss::effect).toArray()),
        Share.of((int) losses.stream().filter(TraceTally.Loss::lost).count(), losses.size()),
        (int) losses.stream().filter(TraceTally.Loss::gated).count());
  }
}
