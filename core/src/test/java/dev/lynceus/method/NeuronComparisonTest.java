package dev.lynceus.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.NeuronComparison.Change;
import dev.lynceus.method.NeuronComparison.Side;
import dev.lynceus.run.Batch;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Differences of neurons are those of the increases that are measured in each run by itself.
class NeuronComparisonTest {
  @TempDir private Path folder;

  private static Run run(LoadedModel model, List<Intervention> changes) {
    Prompt prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
    return model.run(
        Batch.of(prompt),
        RowTrace.plan(model.model().decoder().config(), prompt.length() - 1),
        changes);
  }

  private static Target.Aim aim(Run run, int id) {
    return new Target.Aim(run.batch().length() - 1, id, OptionalInt.empty());
  }

  @Test
  void scoresAreDifferencesOfIncreases() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAVA_CLIP);
        Run whole = run(model, List.of());
        Run without = run(model, List.of(Intervention.at(Point.Z, 1, new Op.Zero()).heads(2)))) {
      Target.Aim aim = aim(whole, 9);
      List<Change> all = NeuronComparison.of(new Side(whole, aim), new Side(without, aim), 12, 3);
      assertThat(all).hasSize(12);
      int neurons = TinyModels.LAYERS * model.model().decoder().config().inner();
      List<Explanation.Neuron> one = new Neurons(whole, aim, 3).feedForward(neurons);
      List<Explanation.Neuron> two = new Neurons(without, aim, 3).feedForward(neurons);
      double before = Double.POSITIVE_INFINITY;
      for (Change change : all) {
        Explanation.Neuron a = find(one, change);
        Explanation.Neuron b = find(two, change);
        assertThat(change.increase()).isCloseTo(a.increase(), within(1e-5));
        assertThat(change.otherIncrease()).isCloseTo(b.increase(), within(1e-5));
        assertThat(change.coefficient()).isCloseTo(a.coefficient(), within(1e-6));
        assertThat(change.score())
            .isCloseTo(change.increase() - change.otherIncrease(), within(1e-12));
        assertThat(Math.abs(change.score())).isLessThanOrEqualTo(before);
        before = Math.abs(change.score());
        if (change.layer() == 0) {
          assertThat(change.score()).as("before the head nothing changed but the lens").isNotZero();
        }
      }
      // None that is left out differs more than the last that is told.
      double last = before;
      for (Explanation.Neuron a : one) {
        if (all.stream().noneMatch(c -> c.layer() == a.layer() && c.index() == a.index())) {
          Explanation.Neuron b =
              two.stream()
                  .filter(n -> n.layer() == a.layer() && n.index() == a.index())
                  .findFirst()
                  .orElseThrow();
          assertThat(Math.abs(a.increase() - b.increase())).isLessThan(last + 1e-3);
        }
      }
    }
  }

  private static Explanation.Neuron find(List<Explanation.Neuron> neurons, Change change) {
    return neurons.stream()
        .filter(n -> n.layer() == change.layer() && n.index() == change.index())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aRunDoesNotDifferFromItselfAndTwoAnswersDo() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAVA_CLIP);
        Run run = run(model, List.of())) {
      Side one = new Side(run, aim(run, 9));
      assertThat(NeuronComparison.of(one, one, 5, 3)).allMatch(change -> change.score() == 0);
      assertThat(NeuronComparison.of(one, new Side(run, aim(run, 11)), 5, 3))
          .allMatch(change -> change.coefficient() == change.otherCoefficient())
          .allMatch(change -> Math.abs(change.score()) > 1e-6);
    }
  }
}
