package dev.lynceus.method.cleann;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.method.cleann.CausalExplanation.Masking;
import dev.lynceus.method.cleann.CausalExplanation.SetTest;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Torch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The nodes are those that the head attends to, and masking does what it says.
class CleannTest {
  private static final HeadRef HEAD = new HeadRef(2, 1);
  private static final CleannSettings LOOSE =
      new CleannSettings(0.02, 6, 128, 0.01, OrderedIcd.DEFAULT, 2, 4, 1);

  @TempDir static Path folder;
  private static LoadedModel model;
  private static Prompt prompt;
  private static CausalExplanation found;

  @BeforeAll
  static void open() {
    model = TinyModels.load(folder, Family.LLAVA_CLIP);
    prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
    found = new Cleann(LOOSE, Progress.NONE).explain(model, prompt, HEAD, Optional.empty(), 3);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void nodesAreWhatTheRowAttendsTo() {
    assertThat(found.nodes().getLast().position()).isEqualTo(found.row());
    assertThat(found.nodes().getLast().radius()).isZero();
    assertThat(found.nodes().stream().filter(n -> n.label().startsWith("image")).count())
        .isBetween(2L, 6L);
    assertThat(found.nodes())
        .filteredOn(n -> !n.label().startsWith("image") && n.position() != found.row())
        .allMatch(n -> n.attention() > 0.02);
    int last = found.nodes().size() - 1;
    for (CausalExplanation.Node node : found.nodes()) {
      boolean joined =
          found.edges().stream()
              .anyMatch(
                  e -> e.to() == last && found.nodes().get(e.from()).position() == node.position());
      assertThat(node.radius() == 1).isEqualTo(joined);
    }
  }

  @Test
  void setsAreMaskedAsWholeRunsAre() {
    assertThat(found.sets()).isNotEmpty();
    for (SetTest test : found.sets()) {
      assertThat(test.masked()).isCloseTo(masked(test), within(1e-4));
      assertThat(test.masked()).isNotCloseTo(test.clean(), within(1e-9));
      assertThat(test.randomChanges()).isBetween(0.0, 1.0);
    }
    assertThat(found.tried()).isPositive();
  }

  private static double masked(SetTest test) {
    int answered = found.row() - (prompt.length() - 1);
    int[] ids;
    try (Generation generation =
        model.generate(prompt, GenerationOptions.greedy(answered + 1), Capture.NONE)) {
      ids = generation.answer().ids();
    }
    Prompt upTo = prompt.withAnswer(Arrays.copyOf(ids, answered));
    List<Integer> image = IntStream.of(upTo.tokens().find("image")).boxed().toList();
    int[] patches = IntStream.of(test.positions()).filter(image::contains).toArray();
    int[] words = IntStream.of(test.positions()).filter(p -> !image.contains(p)).toArray();
    int[] text = IntStream.range(0, upTo.length()).filter(p -> !image.contains(p)).toArray();
    Intervention[] changes =
        test.masking() == Masking.KNOCKOUT
            ? new Intervention[] {
              new Intervention(
                  Point.ATTN_SCORES,
                  Indices.ALL,
                  Indices.ALL,
                  Positions.last(),
                  new Op.Mask(Positions.of(test.positions())))
            }
            : new Intervention[] {
              Intervention.at(Point.EMBED_MERGED, 0, new Op.Mean(Positions.parse("image")))
                  .at(Positions.of(patches)),
              Intervention.at(Point.EMBED_MERGED, 0, new Op.Mean(Positions.of(text)))
                  .at(Positions.of(words))
            };
    try (Run run = model.run(upTo, Capture.NONE, changes);
        Scope scope = Scope.open()) {
      return Torch.logSoftmax(run.logits().reshape(-1), 0).narrow(0, ids[answered], 1).item();
    }
  }

  @Test
  void theSameSeedDrawsTheSameSets() {
    CausalExplanation again =
        new Cleann(LOOSE, Progress.NONE).explain(model, prompt, HEAD, Optional.of(found.word()), 3);
    assertThat(again.edges()).isEqualTo(found.edges());
    assertThat(again.sets().getFirst().randomMasked())
        .isCloseTo(found.sets().getFirst().randomMasked(), within(1e-6));
  }

  @Test
  void whatIsNotThereIsRefused() {
    Cleann cleann = new Cleann(LOOSE, Progress.NONE);
    assertThatThrownBy(() -> cleann.explain(model, prompt, HEAD, Optional.of("xyz"), 3))
        .hasMessageContaining("the answer does not say 'xyz'");
    assertThatThrownBy(
            () -> cleann.explain(model, model.raw("what color"), HEAD, Optional.empty(), 3))
        .hasMessageContaining("no picture");
    assertThatThrownBy(() -> new CleannSettings(0, 0, 128, .1, OrderedIcd.DEFAULT, 1, 1, 0))
        .hasMessageContaining("at most 0 patches");
  }
}
