package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.StoredTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What changes amount to taken together: another run, a smaller model, a blind row; and that they
/// hold while decoding.
class InterventionIdentitiesTest {
  @TempDir static Path folder;
  private static LoadedModel model;
  private static Prompt prompt;
  private Scope scope;

  @BeforeAll
  static void load() {
    model = TinyModels.load(folder, Family.LLAVA_CLIP);
    prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void free() {
    scope.close();
  }

  // ---- identities
  // --------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(names = {"RESID_PRE", "RESID_MID", "RESID_POST"})
  void patchingEverythingGivesTheOtherRun(Site site) {
    Point point = Point.of(Stack.DECODER, site);
    Prompt other = TinyModels.prompt(model, Family.LLAVA_CLIP, "see a big red star", 9);
    assertThat(other.length()).isEqualTo(prompt.length());
    try (Run b = model.run(other, Capture.of(Capture.request(point)))) {
      for (int l = 0; l < TinyModels.LAYERS; l++) {
        Intervention patch = Intervention.at(point, l, new Op.Patch(Values.of(b.get(point, l))));
        try (Run a = model.run(prompt, Capture.NONE, patch)) {
          Numbers.same(point + " " + l, a.logits(), b.logits());
        }
        // Negative control: one position less is another answer.
        try (Run a = model.run(prompt, Capture.NONE, patch.at(Positions.from(prompt.length())))) {
          assertThat(Numbers.difference(a.logits().toDoubles(), b.logits().toDoubles()))
              .isGreaterThan(1e-3);
        }
      }
    }
  }

  @Test
  void zeroingAHeadIsZeroingItsColumns() {
    Path changed =
        TinyModels.write(
            folder.resolve("without-head"),
            Family.LLAVA_CLIP,
            7,
            tensors ->
                tensors.computeIfPresent(
                    "language_model.model.layers.1.self_attn.o_proj.weight",
                    (name, weight) -> {
                      float[] values =
                          weight.data().toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT);
                      for (int i = 0; i < values.length; i++) {
                        values[i] = i % 32 / 8 == 2 ? 0 : values[i];
                      }
                      return StoredTensor.of(values, 32, 32);
                    }));
    try (LoadedModel without = LoadedModel.load(changed, LoadOptions.DEFAULT);
        Run expected = without.run(prompt, Capture.NONE);
        Run plain = model.run(prompt, Capture.NONE)) {
      for (Point point : List.of(Point.Z, Point.RESULT)) {
        try (Run zeroed =
            model.run(prompt, Capture.NONE, Intervention.at(point, 1, new Op.Zero()).heads(2))) {
          Numbers.close(point + "", zeroed.logits(), expected.logits(), 1e-6);
        }
      }
      assertThat(Numbers.difference(plain.logits().toDoubles(), expected.logits().toDoubles()))
          .isGreaterThan(1e-3);
    }
  }

  @Test
  void maskedProbabilitiesAreZeroAndRowsSumToOne() {
    Positions image = new Positions.Zone("image");
    Intervention mask =
        new Intervention(
            Point.ATTN_SCORES,
            Indices.of(0, 2),
            Indices.of(1),
            Positions.last(),
            new Op.Mask(image));
    try (Run plain = model.run(prompt, Capture.of("pattern"));
        Run masked = model.run(prompt, Capture.of("pattern"), mask)) {
      int length = prompt.length();
      int[] visual = prompt.tokens().image(0);
      for (int l = 0; l < TinyModels.LAYERS; l++) {
        float[] p = masked.get(Point.PATTERN, l).toFloats();
        for (int h = 0; h < TinyModels.HEADS; h++) {
          for (int i = 0; i < length; i++) {
            int row = (h * length + i) * length;
            double sum = IntStream.range(0, length).mapToDouble(j -> p[row + j]).sum();
            assertThat(sum).isBetween(1 - 1e-5, 1 + 1e-5);
            double seen = IntStream.of(visual).mapToDouble(j -> p[row + j]).sum();
            boolean blocked = l != 1 && h == 1 && i == length - 1;
            assertThat(seen == 0).isEqualTo(blocked || i < visual[0]);
          }
        }
      }
      Numbers.same("layer 0 elsewhere", head(masked, 0), head(plain, 0));
    }
  }

  private static Tensor head(Run run, int layer) {
    return run.get(Point.PATTERN, layer).narrow(1, 2, 2);
  }

  @Test
  void blindLastRowDoesNotDependOnThePicture() {
    Prompt other = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 77);
    int last = prompt.length() - 1;
    Intervention blind =
        new Intervention(
            Point.ATTN_SCORES,
            Indices.ALL,
            Indices.ALL,
            Positions.last(),
            new Op.Mask(new Positions.Range(0, last)));
    try (Run a = model.run(prompt, Capture.NONE, blind);
        Run b = model.run(other, Capture.NONE, blind);
        Run c = model.run(other, Capture.NONE)) {
      Numbers.same("blind", a.logits(), b.logits());
      assertThat(Numbers.difference(a.logits().toDoubles(), c.logits().toDoubles()))
          .isGreaterThan(1e-3);
    }
  }

  @Test
  void emptyMaskChangesNothing() {
    Intervention nothing =
        new Intervention(
            Point.ATTN_SCORES,
            Indices.ALL,
            Indices.ALL,
            Positions.all(),
            new Op.Mask(Positions.of()));
    try (Run plain = model.run(prompt, Capture.NONE);
        Run masked = model.run(prompt, Capture.NONE, nothing)) {
      Numbers.same("empty mask", masked.logits(), plain.logits());
    }
  }

  @Test
  void theFutureStaysForbidden() {
    for (Op op :
        List.of(
            new Op.Zero(),
            new Op.Scale(-1),
            new Op.Scale(0),
            new Op.Set(Values.of(3)),
            new Op.Noise(2, 1))) {
      try (Run run =
          model.run(prompt, Capture.of("pattern"), Intervention.at(Point.ATTN_SCORES, 1, op))) {
        int length = prompt.length();
        float[] p = run.get(Point.PATTERN, 1).toFloats();
        for (int i = 0; i < p.length; i++) {
          int row = i / length % length;
          if (i % length > row) {
            assertThat(p[i]).isZero();
          } else if (op instanceof Op.Zero || op instanceof Op.Set) {
            assertThat(p[i]).isCloseTo(1f / (row + 1), org.assertj.core.data.Offset.offset(1e-6f));
          }
        }
      }
    }
  }

  @Test
  void occlusionByTheMeanOfTheVisualTokens() {
    int[] visual = prompt.tokens().image(0);
    try (Run plain = model.run(prompt, Capture.of("embed.hook_merged"))) {
      Tensor merged = plain.get(Point.EMBED_MERGED, 0).copy();
      Tensor mean = merged.indexSelect(1, Tensor.indices(visual)).meanKeep(1);
      Tensor occluded = merged.indexCopy_(1, Tensor.indices(visual[6]), mean);
      Intervention byHand = Intervention.at(Point.EMBED_MERGED, 0, new Op.Set(Values.of(occluded)));
      Intervention named =
          Intervention.at(Point.EMBED_MERGED, 0, new Op.Mean(new Positions.Zone("image")))
              .at(new Positions.Zone("image[0].row[1].col[2]"));
      Intervention early =
          Intervention.at(Point.PROJECTOR_OUT, 0, new Op.Mean(Positions.all())).at(Positions.of(6));
      try (Run a = model.run(prompt, Capture.NONE, byHand);
          Run b = model.run(prompt, Capture.NONE, named);
          Run c = model.run(prompt, Capture.NONE, early)) {
        Numbers.close("by label", b.logits(), a.logits(), 1e-6);
        Numbers.close("at the projector", c.logits(), a.logits(), 1e-6);
      }
    }
  }

  // ---- decoding
  // ----------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(names = {"LLAMA", "GEMMA", "MISTRAL", "LLAVA_SIGLIP"})
  void interventionsHoldWhileDecoding(Family family) {
    try (LoadedModel other = TinyModels.load(folder, family)) {
      Prompt asked = TinyModels.prompt(other, family, "what color is the dog", 1);
      List<Intervention> changes =
          List.of(
              Intervention.at(Point.Z, 1, new Op.Zero()).heads(0),
              Intervention.at(Point.RESID_POST, 0, new Op.Noise(4, 0.2)),
              Intervention.at(Point.EMBED_MERGED, 0, new Op.Scale(1.5)),
              Intervention.at(Point.ATTN_SCORES, 2, new Op.Noise(5, 0.5)),
              new Intervention(
                  Point.V, Indices.ALL, Indices.ALL, Positions.from(2), new Op.Scale(0.8)));
      try (Generation generation =
              other.generate(
                  Batch.of(asked),
                  GenerationOptions.greedy(6),
                  GenerationParityTest.everything(other),
                  changes,
                  text -> {});
          Run forced =
              other.run(
                  generation.run().batch(), GenerationParityTest.everything(other), changes)) {
        GenerationParityTest.compareAll(
            family + "", generation.run(), 0, 0, forced, 0, 0, forced.batch().length());
        assertThat(DType.FLOAT32.bytes()).isEqualTo(4);
        assertThat(Torch.threads()).isEqualTo(1);
      }
    }
  }
}
