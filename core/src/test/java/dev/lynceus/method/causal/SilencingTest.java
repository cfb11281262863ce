package dev.lynceus.method.causal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.run.Batch;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Stack;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Heads silenced together are silent together, in the sweep and while the answer is written; and
/// random looks are as many as those of the edge, and none of them.
class SilencingTest {
  @TempDir static Path folder;
  private static LoadedModel model;
  private static Prompt prompt;

  @BeforeAll
  static void open() {
    model = TinyModels.load(folder, Family.LLAVA_CLIP);
    prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Silencing.Result silenced(HeadRef... heads) {
    try (Run run = model.run(prompt, Sweep.base(model))) {
      return new Silencing(Stack.DECODER, List.of(heads), 3, 1, 3)
          .explain(run, prompt, readout(run), Job.QUIET);
    }
  }

  private static Readout readout(Run run) {
    return Readout.of(run, OptionalInt.of(9), OptionalInt.of(12));
  }

  @Test
  void theyAreSilentTogetherAndWhileTheAnswerIsWritten() {
    Silencing.Result found = silenced(new HeadRef(0, 1), new HeadRef(1, 0));
    Intervention[] changes = {
      Intervention.at(Point.Z, 0, new Op.Zero()).heads(1),
      Intervention.at(Point.Z, 1, new Op.Zero()).heads(0)
    };
    try (Run clean = model.run(prompt, Sweep.base(model));
        Run whole = model.run(prompt, Capture.NONE, changes)) {
      Measures measured = readout(clean).of(whole);
      assertThat(found.without().measured().logProbability())
          .isCloseTo(measured.logProbability(), within(1e-5));
      assertThat(found.clean().logProbability())
          .isCloseTo(readout(clean).of(clean).logProbability(), within(1e-6));
      assertThat(measured.logProbability())
          .isNotCloseTo(found.clean().logProbability(), within(1e-4));
      // The answer begins with the most probable token of the changed run.
      try (var generation =
          model.generate(
              Batch.of(prompt),
              GenerationOptions.greedy(3),
              Capture.NONE,
              List.of(changes),
              text -> {})) {
        assertThat(generation.answer().ids()[0])
            .isEqualTo(whole.logits().reshape(-1).argmax(-1).toInts()[0]);
        assertThat(found.without().answer()).isEqualTo(generation.answer().text().strip());
      }
    }
  }

  @Test
  void randomHeadsAreAsManyOthersOfTheSameLayers() {
    HeadRef head = new HeadRef(1, 0);
    Silencing.Result found = silenced(head);
    int heads = model.model().decoder().config().heads();
    assertThat(found.randoms()).hasSize(Math.min(3, heads - 1));
    assertThat(new HashSet<>(found.randoms().stream().map(Silencing.Without::heads).toList()))
        .as("none twice")
        .hasSameSizeAs(found.randoms());
    found
        .randoms()
        .forEach(random ->
            assertThat(random.heads())
                .hasSize(1)
                .doesNotContain(head)
                .allMatch(other -> other.layer() == 1));
    assertThat(silenced(head)).as("the same seed draws the same").isEqualTo(found);
    String said = Conclusion.of(found, "dog");
    assertThat(said).startsWith("Without head 1.0 the probability of “dog” goes from ");
  }

  @Test
  void aHeadThatThereIsNotIsRefused() {
    assertThatThrownBy(() -> silenced(new HeadRef(99, 0))).hasMessage("there is no head 99.0");
    assertThatThrownBy(() -> silenced()).hasMessageContaining("0 heads to silence");
  }

  @Test
  void randomLooksAreAsManyAndNoneOfTheEdge() {
    try (Run run = model.run(prompt, Sweep.base(model))) {
      int last = run.batch().length() - 1;
      int[] sources = {0, 1, 2, 3};
      RandomLooks looks = RandomLooks.of(run, new int[] {last}, sources);
      var drawn = looks.drawn(new java.util.SplittableRandom(5));
      int count = 0;
      for (var row : drawn.entrySet()) {
        for (int column : row.getValue().within(0, last + 1, run.tokens())) {
          count++;
          assertThat(column).isLessThan(row.getKey());
          assertThat(row.getKey() == last && column <= 3).as("one of the edge").isFalse();
        }
      }
      assertThat(count).isEqualTo(sources.length);

      AttentionKnockout knockout =
          new AttentionKnockout(List.of(new AttentionKnockout.Edge("last", "image")), 1, List.of());
      List<CausalMap> maps = knockout.beside(run, readout(run), Job.QUIET, 3, 7);
      assertThat(maps).hasSize(2);
      // Batches of other sizes round otherwise.
      double[][] alone =
          knockout.explain(run, readout(run), Job.QUIET).values(Measures.Metric.LOG_PROBABILITY);
      double[][] beside = maps.getFirst().values(Measures.Metric.LOG_PROBABILITY);
      for (int layer = 0; layer < alone.length; layer++) {
        assertThat(beside[layer][0]).isCloseTo(alone[layer][0], within(1e-5));
      }
      assertThat(maps.get(1).method()).isEqualTo(AttentionKnockout.RANDOM);
      assertThat(maps.get(1).repeats()).isEqualTo(3);
      assertThat(maps.get(1).spreads()).isPresent();
      assertThat(Conclusion.of(maps.get(1), "dog")).contains("random looks");
    }
  }
}
