package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.nn.Norm;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Capture.Reducer;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Points fire with the shapes that the table says, captures cost what the estimate says, and the
/// numbers that are seen fit together.
class TapRulesTest {
  @TempDir static Path folder;

  private static Capture all(LoadedModel model) {
    return Capture.of(
        Point.all().stream()
            .filter(model.model()::has)
            .map(Capture::request)
            .toArray(Capture.Request[]::new));
  }

  // ---- shapes
  // ------------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(Family.class)
  void everyPointFiresWithItsShape(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, "what color is it", 1);
      try (Run run = model.run(prompt, all(model))) {
        for (Capture.Request request : all(model).requests()) {
          Point point = request.point();
          int layers = point.perLayer() ? model.model().layers(point.stack()) : 1;
          for (int l = 0; l < layers; l++) {
            assertThat(run.get(point, l).shape())
                .as(family + " " + point.name(l) + " " + point.shape())
                .isEqualTo(shape(model, family, prompt, point));
          }
          assertThat(run.captured().has(point, layers)).isFalse();
        }
      }
    }
  }

  private static long[] shape(LoadedModel model, Family family, Prompt prompt, Point point) {
    TextConfig text = model.model().decoder().config();
    boolean decoder = point.stack() == Stack.DECODER;
    if (point.stack() == Stack.QFORMER) {
      return queryShape(prompt, point);
    }
    boolean projector = point.stack() == Stack.PROJECTOR;
    boolean features = projector || point == Point.vision(Site.FEATURES);
    int positions = family.eyes.classToken() ? 17 : 16;
    return point.axes().stream()
        .mapToLong(axis ->
            switch (axis) {
              case ONE -> 1;
              case BATCH -> decoder || point == Point.PROJECTOR_PACKED ? 1 : family.eyes.views();
              case POSITION ->
                  decoder
                      ? prompt.length()
                      : point == Point.vision(Site.FEATURES)
                          ? family.eyes.features()
                          : features
                              ? point == Point.PROJECTOR_PACKED
                                  ? family.eyes.packed()
                                  : family.eyes.tokens
                              : point == Point.vision(Site.PATCH_EMBED) ? 16 : positions;
              case SOURCE -> decoder ? prompt.length() : positions;
              case HEAD -> decoder ? text.heads() : TinyModels.VISION_HEADS;
              case KEY_HEAD -> decoder ? text.keyHeads() : TinyModels.VISION_HEADS;
              case HEAD_WIDTH -> decoder ? text.headWidth() : 8;
              case ROTATED -> text.attention().rotated();
              case MODEL ->
                  decoder || projector
                      ? TinyModels.WIDTH
                      : TinyModels.VISION_WIDTH
                          * (point == Point.vision(Site.FEATURES) ? family.eyes.states : 1);
              case INNER ->
                  decoder
                      ? TinyModels.INNER
                      : projector ? TinyModels.WIDTH : TinyModels.VISION_INNER;
              case JOINED -> family.eyes.joined();
              case VOCABULARY -> TinyModels.VOCABULARY;
              case CHANNEL -> 3;
              case HEIGHT, WIDTH -> 28;
              case MEMORY -> throw new AssertionError(point);
            })
        .toArray();
  }

  /// Queries, and the words beside them where all of them pass.
  private static long[] queryShape(Prompt prompt, Point point) {
    boolean alone = point.site().isCross() && point.site() != Site.RESID_CROSS;
    int rows = 3 + (alone ? 0 : prompt.beside().length());
    return point.axes().stream()
        .mapToLong(axis ->
            switch (axis) {
              case ONE, BATCH -> 1;
              case POSITION, SOURCE -> rows;
              case MEMORY -> 17;
              case HEAD, KEY_HEAD -> TinyModels.QUERY_HEADS;
              case HEAD_WIDTH -> TinyModels.QUERY_WIDTH / TinyModels.QUERY_HEADS;
              case MODEL -> TinyModels.QUERY_WIDTH;
              case INNER -> TinyModels.QUERY_INNER;
              case ROTATED, JOINED, VOCABULARY, CHANNEL, HEIGHT, WIDTH ->
                  throw new AssertionError(point);
            })
        .toArray();
  }

  @Test
  void whatWasAskedForMustOccur() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAMA)) {
      Prompt prompt = model.raw("what color is it");
      assertThatThrownBy(() -> model.run(prompt, Capture.of("blocks.99.attn.hook_z")))
          .hasMessage("there is no blocks.99.attn.hook_z: the decoder has 3 layers");
      assertThatThrownBy(() -> model.run(prompt, Capture.of("vision.blocks.0.attn.hook_z")))
          .hasMessageContaining("this model has no vision tower");
      assertThatThrownBy(() -> model.run(prompt, Capture.of("projector.out")))
          .hasMessage("projector.hook_out was asked for but did not occur in this run");
      assertThatThrownBy(
              () -> model.run(prompt, Capture.of(Capture.request(Point.Z).at(Positions.of(77)))))
          .hasMessageContaining("there is no position 77");
      assertThatThrownBy(() ->
              model.run(
                  prompt,
                  Capture.of(Capture.request(Point.PATTERN).reduced(Reducer.IMAGE_COLUMNS))))
          .hasMessageContaining("no position is called 'image'");
      try (Run run = model.run(prompt, Capture.of("z"))) {
        assertThatThrownBy(() -> run.get("q", 0))
            .hasMessage("blocks.0.attn.hook_q was not captured in this run");
      }
      Batch ragged =
          Batch.of(
              List.of(prompt, model.raw("what is the dog and the cat")), Batch.Padding.RIGHT, 3);
      assertThatThrownBy(() ->
              model.run(
                  ragged, Capture.of(Capture.request(Point.Z).at(Positions.last())), List.of()))
          .hasMessageContaining("'last' is padding in some rows");
      assertThatThrownBy(() ->
              model.run(
                  ragged,
                  Capture.of(Capture.request(Point.Z).at(new Positions.Zone("template"))),
                  List.of()))
          .hasMessageContaining("does not name the same positions in every row");
    }
    assertThatThrownBy(
            () -> Capture.request(Point.PATTERN).reduced(Reducer.NORM, Reducer.IMAGE_COLUMNS))
        .hasMessageContaining("no meaning in this order");
    assertThatThrownBy(() ->
            Capture.request(Point.PATTERN)
                .reduced(Reducer.MEAN_OVER_HEADS, Reducer.MEAN_OVER_HEADS))
        .hasMessageContaining("no meaning in this order");
  }

  @Test
  void reducersComputeWhatTheySay() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAVA_CLIP)) {
      Prompt prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is it", 1);
      int[] visual = prompt.tokens().image(0);
      Capture.Request rows = Capture.request(Point.PATTERN).at(Positions.last());
      try (Run plain = model.run(prompt, Capture.of(Capture.request(Point.PATTERN)));
          Run mean =
              model.run(
                  prompt,
                  Capture.of(rows.reduced(Reducer.MEAN_OVER_HEADS, Reducer.IMAGE_COLUMNS)));
          Run norm = model.run(prompt, Capture.of(rows.heads(2).reduced(Reducer.NORM)));
          Scope scope = Scope.open()) {
        for (int l = 0; l < TinyModels.LAYERS; l++) {
          Tensor last = plain.get(Point.PATTERN, l).narrow(2, prompt.length() - 1, 1);
          Numbers.close(
              "mean",
              mean.get(Point.PATTERN, l),
              last.mean(1).indexSelect(2, Tensor.indices(visual)),
              1e-6);
          Numbers.close(
              "norm",
              norm.get(Point.PATTERN, l),
              last.narrow(1, 2, 1).square().sum(-1).sqrt(),
              1e-6);
        }
      }
    }
  }

  // ---- identities
  // --------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(Family.class)
  void activationsFitTogether(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, "what color is the dog", 1);
      try (Run run = model.run(prompt, all(model));
          Scope scope = Scope.open()) {
        for (int l = 0; l < TinyModels.LAYERS; l++) {
          Layer w = model.model().decoder().weights().layers().get(l);
          Tensor pre = run.get(Point.RESID_PRE, l);
          Tensor middle = run.get(Point.RESID_MID, l);
          Numbers.close("mid", pre.add(run.get(Point.ATTN_OUT, l)), middle, 1e-6);
          Numbers.close(
              "post", middle.add(run.get(Point.MLP_OUT, l)), run.get(Point.RESID_POST, l), 1e-6);
          if (l > 0) {
            Numbers.same("next", pre, run.get(Point.RESID_POST, l - 1));
          }
          Numbers.close(
              "heads",
              w.attention().output().plusBias(run.get(Point.RESULT, l).sum(2)),
              run.get(family.sandwich() ? Point.LN1_POST_IN : Point.ATTN_OUT, l),
              1e-5);
          Numbers.close(
              "down",
              w.feedForward().down().apply(run.get(Point.MLP_POST, l)),
              run.get(family.sandwich() ? Point.LN2_POST_IN : Point.MLP_OUT, l),
              1e-6);
          if (w.behind() != null) {
            behind(
                run,
                l,
                w.behind().attention(),
                Point.LN1_POST_IN,
                Point.LN1_POST_SCALE,
                Point.LN1_POST_NORMALIZED,
                Point.ATTN_OUT);
            behind(
                run,
                l,
                w.behind().feedForward(),
                Point.LN2_POST_IN,
                Point.LN2_POST_SCALE,
                Point.LN2_POST_NORMALIZED,
                Point.MLP_OUT);
          }
          Numbers.close(
              "neurons",
              w.feedForward().gate() == null
                  ? w.feedForward().activation().apply(run.get(Point.MLP_PRE, l))
                  : run.get(Point.MLP_GATE, l).mul(run.get(Point.MLP_PRE_LINEAR, l)),
              run.get(Point.MLP_POST, l),
              1e-6);
          Tensor divided = w.attentionNorm().centred(pre).div(run.get(Point.LN1_SCALE, l));
          Numbers.close("divided", divided, run.get(Point.LN1_NORMALIZED, l), 1e-5);
          Numbers.close(
              "norm", w.attentionNorm().weighted(divided), run.get(Point.LN1_OUT, l), 1e-5);
          Numbers.same("alone", run.get(Point.LN1_OUT, l), run.get(Point.Q_IN, l));
          Numbers.same("before", pre, run.get(Point.Q_INPUT, l));
          pattern(run, l);
        }
        Numbers.same("first", run.get(Point.EMBED_MERGED, 0), run.get(Point.RESID_PRE, 0));
        Numbers.close(
            "logits", run.get(Point.LOGITS, 0).select(1, prompt.length() - 1), run.logits(), 1e-6);
      }
    }
  }

  private static void behind(
      Run run, int l, Norm norm, Point in, Point scale, Point normalized, Point out) {
    Tensor divided = run.get(in, l).div(run.get(scale, l));
    Numbers.close("divided", divided, run.get(normalized, l), 1e-5);
    Numbers.close("behind", norm.weighted(divided), run.get(out, l), 1e-5);
  }

  private static void pattern(Run run, int l) {
    Tensor pattern = run.get(Point.PATTERN, l);
    for (double sum : pattern.sum(-1).toDoubles()) {
      assertThat(sum).isBetween(1 - 1e-5, 1 + 1e-5);
    }
    Tensor values = run.get(Point.V, l);
    long groups = pattern.size(1) / values.size(2);
    Tensor shared = groups == 1 ? values : values.repeatInterleave(groups, 2);
    Numbers.close(
        "z", pattern.matmul(shared.transpose(1, 2)).transpose(1, 2), run.get(Point.Z, l), 1e-5);
  }

  @ParameterizedTest
  @EnumSource(names = {"LLAVA_CLIP", "LLAVA_SIGLIP"})
  void activationsOfTheTowerFitTogether(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, "what color is the dog", 1);
      try (Run run = model.run(prompt, all(model));
          Scope scope = Scope.open()) {
        for (int l = 0; l < TinyModels.VISION_LAYERS; l++) {
          Tensor middle = run.get(Point.vision(Site.RESID_MID), l);
          Numbers.close(
              "mid",
              run.get(Point.vision(Site.RESID_PRE), l).add(run.get(Point.vision(Site.ATTN_OUT), l)),
              middle,
              1e-6);
          Numbers.close(
              "post",
              middle.add(run.get(Point.vision(Site.MLP_OUT), l)),
              run.get(Point.vision(Site.RESID_POST), l),
              1e-6);
          Numbers.close(
              "z",
              run.get(Point.vision(Site.PATTERN), l)
                  .matmul(run.get(Point.vision(Site.V), l).transpose(1, 2))
                  .transpose(1, 2),
              run.get(Point.vision(Site.Z), l),
              1e-5);
        }
        int[] visual = prompt.tokens().image(0);
        Numbers.same(
            "merged",
            run.get(Point.EMBED_MERGED, 0).indexSelect(1, Tensor.indices(visual)),
            run.get(Point.PROJECTOR_OUT, 0));
      }
    }
  }
}
