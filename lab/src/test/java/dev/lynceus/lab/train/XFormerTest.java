package dev.lynceus.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.lab.train.XFormerShape.Part;
import dev.lynceus.model.mae.Mae;
import dev.lynceus.model.mae.Mask;
import dev.lynceus.model.xformer.CrossReader;
import dev.lynceus.model.xformer.DualAttention;
import dev.lynceus.model.xformer.XFormer;
import dev.lynceus.model.xformer.XFormerConfig;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Weights;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What holds of an X-Former whatever its weights are: a block that writes nothing changes nothing,
/// words are told in order, and gradients are what small changes show.
class XFormerTest {
  private static final XFormerShape SHAPE = XFormerShape.tiny();
  private static final int PATCHES = XFormerShape.PATCHES;

  /// All tensors in float64.
  ///
  /// @param written whether the block writes something; it begins with zeros
  private static Map<String, Tensor> tensors(boolean written) {
    Variables<Part> variables = SHAPE.variables();
    variables.draw(EnumSet.allOf(Part.class), 7);
    Map<String, Tensor> wide = new LinkedHashMap<>();
    SplittableRandom random = new SplittableRandom(11);
    variables
        .tensors(Set.of(), Torch.zeros(DType.FLOAT32, 1))
        .forEach((name, tensor) -> {
          Tensor value = tensor.to(DType.FLOAT64);
          if (written && name.startsWith("dual.") && name.contains("output.dense.weight")) {
            double[] drawn = random.doubles(value.numel(), -.4, .4).toArray();
            value = Tensor.of(drawn, value.shape());
          }
          wide.put(name, value);
        });
    return wide;
  }

  private static XFormer model(Map<String, Tensor> tensors) {
    return XFormer.of(SHAPE.config(), Weights.of("a test", tensors));
  }

  private static Tensor pixels(int count) {
    double[] values = new SplittableRandom(3).doubles(count * 3L * 56 * 56, -1, 1).toArray();
    return Tensor.of(values, count, 3, 56, 56);
  }

  private static List<TokenMap> texts(int... last) {
    return Arrays.stream(last)
        .mapToObj(id -> AlignLesson.text(1, new int[] {30, 41, 52, id}))
        .toList();
  }

  private static double apart(Tensor a, Tensor b) {
    return a.sub(b).abs().max().item();
  }

  @Test
  void aBlockThatWritesNothingChangesNothing() {
    try (Scope scope = Scope.open()) {
      XFormer plain = model(tensors(false));
      XFormer written = model(tensors(true));
      Tensor pixels = pixels(2);
      Mask mask = Mask.drawn(PATCHES, .5, 4);
      Tensor z = plain.queries(plain.seen(pixels));
      Tensor m = plain.details(pixels, mask);
      DualAttention.Fused fused = plain.dual().apply(z, m);
      assertThat(fused.queries().toDoubles()).isEqualTo(z.toDoubles());
      assertThat(fused.details().toDoubles()).isEqualTo(m.toDoubles());
      assertThat(plain.mae().decoder().forward(fused.details(), mask, Tap.idle()).toDoubles())
          .isEqualTo(plain.mae().forward(pixels, mask, Tap.idle()).toDoubles());
      DualAttention.Fused other = written.dual().apply(z, m);
      assertThat(apart(other.queries(), z)).isGreaterThan(.01);
      assertThat(apart(other.details(), m)).isGreaterThan(.01);
    }
  }

  @Test
  void theOrderIsAlignThenFuse() {
    try (Scope scope = Scope.open()) {
      XFormer model = model(tensors(true));
      Tensor pixels = pixels(2);
      Mask all = Mask.drawn(PATCHES, 0, 4);
      Tensor z = model.queries(model.seen(pixels));
      Tensor m = model.details(pixels, all);
      DualAttention.Fused fused = model.dual().apply(z, m);
      assertThat(apart(fused.queries(), model.dual().queries().apply(z, fused.details()))).isZero();
      // Reading M instead of M' would be another model.
      assertThat(apart(fused.queries(), model.dual().queries().apply(z, m))).isGreaterThan(1e-4);
      DualAttention.Looks looks = model.dual().looks(z, m);
      assertThat(looks.details().shape()).containsExactly(2, 2, 1 + PATCHES, 3);
      assertThat(looks.queries().shape()).containsExactly(2, 2, 3, 1 + PATCHES);
      for (Tensor pattern : List.of(looks.details(), looks.queries())) {
        assertThat(pattern.sum(-1).sub(Torch.full(DType.FLOAT64, 1, 1)).abs().max().item())
            .isLessThan(1e-12);
      }
    }
  }

  @Test
  void patternsAreThoseOfTheAttention() {
    try (Scope scope = Scope.open()) {
      XFormer model = model(tensors(true));
      Tensor rows = pixels(1).reshape(1, -1).narrow(1, 0, 2 * 5 * 16).reshape(2, 5, 16);
      Tensor memory = pixels(1).reshape(1, -1).narrow(1, 900, 2 * 7 * 16).reshape(2, 7, 16);
      CrossReader reader = model.dual().details();
      Tensor values = reader.attention().values(memory, reader.heads()).transpose(1, 2);
      Tensor z = reader.pattern(rows, memory).matmul(values).transpose(1, 2).reshape(2, 5, 16);
      Tensor built = rows.add(reader.attention().output().apply(z));
      assertThat(apart(built, reader.apply(rows, memory))).isLessThan(1e-12);
    }
  }

  @Test
  void aWordIsToldFromThePictureAndTheWordsBeforeIt() {
    try (Scope scope = Scope.open()) {
      XFormer model = model(tensors(true));
      Tensor fused = model.queries(model.seen(pixels(2)));
      Tensor one = model.told(fused, texts(60, 61));
      Tensor other = model.told(fused, texts(70, 71));
      assertThat(one.shape()).containsExactly(2, 5, SHAPE.vocabulary());
      assertThat(apart(one.narrow(1, 0, 4), other.narrow(1, 0, 4))).isLessThan(1e-12);
      assertThat(apart(one.narrow(1, 4, 1), other.narrow(1, 4, 1))).isGreaterThan(1e-6);
      // Another picture tells other words.
      Tensor swapped = fused.indexSelect(0, Tensor.indices(1, 0));
      assertThat(apart(model.told(swapped, texts(60, 61)), one)).isGreaterThan(1e-6);
      // Rows see no word, and what fills up the shorter of two texts is not read.
      Tensor rows = model.former().told(fused, texts(60, 61), Tap.idle());
      Tensor others = model.former().told(fused, texts(70, 71), Tap.idle());
      assertThat(apart(rows.narrow(1, 0, 3), others.narrow(1, 0, 3))).isLessThan(1e-12);
      List<TokenMap> uneven =
          List.of(texts(60).getFirst(), AlignLesson.text(1, new int[] {30, 41}));
      Tensor alone = model.told(fused.narrow(0, 1, 1).contiguous(), List.of(uneven.getLast()));
      Tensor beside = model.told(fused, uneven);
      assertThat(apart(beside.narrow(0, 1, 1).narrow(1, 0, 3), alone)).isLessThan(1e-12);
    }
  }

  @Test
  void queriesForContrastDoNotSeeTheText() {
    try (Scope scope = Scope.open()) {
      XFormer model = model(tensors(true));
      Tensor seen = model.seen(pixels(2));
      Tensor matched = model.queries(seen, texts(60, 61));
      assertThat(apart(matched, model.queries(seen, texts(70, 71)))).isGreaterThan(1e-8);
      assertThat(apart(model.queries(seen), model.queries(seen))).isZero();
      // Nor do texts see a picture: they are vectors of their own words only.
      assertThat(apart(model.texts(texts(60, 61)).narrow(0, 0, 1), model.texts(texts(60))))
          .isLessThan(1e-12);
    }
  }

  @Test
  void patchesThatWereKeptHaveNoPartInTheLossOfPixels() {
    try (Scope scope = Scope.open()) {
      XFormer model = model(tensors(true));
      Tensor pixels = pixels(2);
      Mask mask = Mask.drawn(PATCHES, .5, 9);
      Tensor made = model.mae().forward(pixels, mask, Tap.idle());
      Tensor target = model.mae().target(pixels);
      double error = Mae.error(made, target, mask).item();
      assertThat(Mae.error(made, changed(target, mask.kept()[3]), mask).item()).isEqualTo(error);
      assertThat(Mae.error(made, changed(target, mask.removed()[3]), mask).item())
          .isNotEqualTo(error);
    }
  }

  private static Tensor changed(Tensor target, int patch) {
    Tensor other = target.copy();
    other.narrow(1, patch, 1).fill_(5);
    return other;
  }

  @Test
  void gradientsAreWhatSmallChangesShow() {
    List<String> some =
        List.of(
            "query_tokens",
            "embeddings.word_embeddings.weight",
            "qformer.encoder.layer.0.crossattention.attention.value.weight",
            "qformer.encoder.layer.1.intermediate_query.dense.weight",
            "qformer.encoder.layer.1.intermediate.dense.weight",
            "dual.details.attention.attention.query.weight",
            "dual.details.attention.attention.value.weight",
            "dual.details.attention.output.dense.weight",
            "dual.queries.attention.attention.key.weight",
            "dual.queries.attention.output.dense.weight",
            "dual.queries.intermediate.dense.weight",
            "dual.queries.layernorm_before.weight",
            "itm_head.weight",
            "vision_projection.weight",
            "warmth");
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> tensors = tensors(true);
      List<Tensor> leaves =
          some.stream().map(name -> Objects.requireNonNull(tensors.get(name))).toList();
      leaves.forEach(Tensor::requiresGrad);
      Tensor loss = loss(model(tensors));
      List<double[]> found =
          Torch.gradients(loss, Torch.full(DType.FLOAT64, 1, loss.shape()), leaves).stream()
              .map(gradient -> gradient.orElseThrow().contiguous().toDoubles())
              .toList();
      for (int t = 0; t < some.size(); t++) {
        double[] gradient = found.get(t);
        int at = largest(gradient);
        double step = 1e-5;
        double up = moved(some.get(t), at, step);
        double down = moved(some.get(t), at, -step);
        assertThat((up - down) / (2 * step))
            .as(some.get(t))
            .isCloseTo(gradient[at], within(1e-6 * (1 + Math.abs(gradient[at]))));
        assertThat(gradient[at]).as(some.get(t)).isNotZero();
      }
    }
  }

  private static int largest(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = Math.abs(values[i]) > Math.abs(values[best]) ? i : best;
    }
    return best;
  }

  private static double moved(String name, int at, double by) {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> tensors = tensors(true);
      Tensor tensor = Objects.requireNonNull(tensors.get(name));
      double[] values = tensor.contiguous().toDoubles();
      values[at] += by;
      tensors.put(name, Tensor.of(values, tensor.shape()));
      return loss(model(tensors)).item();
    }
  }

  /// All four losses, in float64.
  private static Tensor loss(XFormer model) {
    Tensor pixels = pixels(2);
    Mask mask = Mask.drawn(PATCHES, .5, 2);
    Tensor seen = model.seen(pixels);
    Tensor m = model.details(pixels, mask);
    DualAttention.Fused fused = model.dual().apply(model.queries(seen), m);
    Tensor scores =
        model
            .pictures(fused.queries())
            .matmul(model.texts(texts(60, 61)).transpose(0, 1))
            .amax(1)
            .mul(CaptionLesson.heat(model.warmth()));
    Tensor beside = model.dual().apply(model.queries(seen, texts(60, 71)), m).queries();
    Tensor told = model.told(fused.queries(), texts(60, 61)).reshape(10, -1);
    Tensor made = model.mae().decoder().forward(fused.details(), mask, Tap.idle());
    return Contrast.both(scores)
        .add(Contrast.entropy(model.verdicts(beside), new int[] {1, 0}))
        .add(Contrast.entropy(told, new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}))
        .add(Mae.error(made, model.mae().target(pixels), mask));
  }

  @Test
  void theNumbersOfTheBlockAreCounted() {
    XFormerConfig.Dual dual = SHAPE.config().dual();
    long listed =
        SHAPE.variables().entries().stream()
            .filter(entry -> entry.name().startsWith("dual."))
            .mapToLong(Variables.Entry::count)
            .sum();
    assertThat(dual.parameters()).isEqualTo(listed);
    CrossReader.Sizes queries = new CrossReader.Sizes(768, 12, 1280, 4 * 768);
    assertThat(
            new XFormerConfig.Dual(new CrossReader.Sizes(1280, 16, 768, 0), queries).parameters()
                / 1e6)
        .isBetween(13.05, 13.15);
    assertThat(
            new XFormerConfig.Dual(new CrossReader.Sizes(1280, 16, 768, 4 * 1280), queries)
                    .parameters()
                / 1e6)
        .isBetween(26.15, 26.25);
  }
}
