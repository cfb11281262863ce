package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Axis;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Scope;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What each operation does, against numbers worked out by hand, and what it must leave alone.
class InterventionTest {
  @TempDir static Path folder;
  private static LoadedModel model;

  /// Models with the places that the first has not.

  /// Those that have places that the first lacks, as they are needed.
  private static final Map<Family, LoadedModel> OTHERS = new EnumMap<>(Family.class);

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
    OTHERS.values().forEach(LoadedModel::close);
  }

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void free() {
    scope.close();
  }

  /// The point without and with a change at layer 1.
  private static float[][] before(Point point, Intervention change) {
    Capture plan = Capture.of(Capture.request(point));
    try (Run plain = model.run(prompt, plan);
        Run changed = model.run(prompt, plan, change)) {
      int layer = point.perLayer() ? 1 : 0;
      return new float[][] {
        plain.get(point, layer).toFloats(), changed.get(point, layer).toFloats()
      };
    }
  }

  // ---- each operation
  // ----------------------------------------------------------------------------

  /// Checks an op at `hook_z` of layer 1, heads 1 and 3, positions 2 and 5: `[pos, 4, 8]`.
  private void atZ(Op op, HandMade expected) {
    Intervention change =
        new Intervention(Point.Z, Indices.of(1), Indices.of(1, 3), Positions.of(2, 5), op);
    float[][] z = before(Point.Z, change);
    for (int i = 0; i < z[0].length; i++) {
      int position = i / 32;
      int head = i / 8 % 4;
      boolean inside = (position == 2 || position == 5) && head % 2 == 1;
      float wanted = inside ? (float) expected.value(z[0], position, head, i % 8) : z[0][i];
      assertThat(z[1][i])
          .as("position %d head %d", position, head)
          .isCloseTo(wanted, org.assertj.core.data.Offset.offset(inside ? 1e-6f : 0f));
    }
  }

  private interface HandMade {
    double value(float[] z, int position, int head, int coordinate);
  }

  private static float z(float[] z, int position, int head, int coordinate) {
    return z[(position * 4 + head) * 8 + coordinate];
  }

  @Test
  void set() {
    atZ(new Op.Set(Values.of(7)), (z, p, h, c) -> 7);
    atZ(new Op.Set(Values.of(0, 1, 2, 3, 4, 5, 6, 7)), (z, p, h, c) -> c);
    float[] region = new float[2 * 2 * 8];
    for (int i = 0; i < region.length; i++) {
      region[i] = i;
    }
    atZ(
        new Op.Set(new Values.Inline(region, new long[] {1, 2, 2, 8})),
        (z, p, h, c) -> (p == 5 ? 16 : 0) + (h == 3 ? 8 : 0) + c);
  }

  @Test
  void add() {
    atZ(
        new Op.Add(Values.of(0, 1, 2, 3, 4, 5, 6, 7), -0.5),
        (z, p, h, c) -> z(z, p, h, c) - 0.5 * c);
  }

  @Test
  void scaleAndZero() {
    atZ(new Op.Scale(-2.5), (z, p, h, c) -> -2.5 * z(z, p, h, c));
    atZ(new Op.Zero(), (z, p, h, c) -> 0);
  }

  @Test
  void mean() {
    atZ(new Op.Mean(Positions.of(0, 3)), (z, p, h, c) -> (z(z, 0, h, c) + z(z, 3, h, c)) / 2);
    atZ(
        new Op.Mean(new Positions.Zone("image")),
        (z, p, h, c) ->
            IntStream.of(prompt.tokens().image(0))
                .mapToDouble(q -> z(z, q, h, c))
                .average()
                .orElseThrow());
  }

  @Test
  void projectRemovesTheComponent() {
    float[] d = {1, 0, -1, 2, 0, 0, 0.5f, 0};
    HandMade part =
        (z, p, h, c) -> {
          double dot = 0;
          for (int i = 0; i < 8; i++) {
            dot += z(z, p, h, i) * d[i];
          }
          return dot / 6.25 * d[c];
        };
    atZ(
        new Op.Project(Values.of(d), 1, Op.When.ALWAYS),
        (z, p, h, c) -> z(z, p, h, c) - part.value(z, p, h, c));
    atZ(
        new Op.Project(Values.of(d), 0.3, Op.When.ALWAYS),
        (z, p, h, c) -> z(z, p, h, c) - 0.3 * part.value(z, p, h, c));
    atZ(
        new Op.Project(Values.of(d), 1, Op.When.POSITIVE),
        (z, p, h, c) ->
            z(z, p, h, c)
                - (Math.signum(part.value(z, p, h, c)) == Math.signum(d[c])
                    ? part.value(z, p, h, c)
                    : 0));
  }

  @Test
  void noiseIsRepeatableAndLocal() {
    float[][] one = before(Point.Z, noise(3, Positions.of(2, 5), 1, 3));
    float[][] all = before(Point.Z, noise(3, Positions.all()));
    float[][] other = before(Point.Z, noise(4, Positions.all()));
    double sum = 0;
    double squares = 0;
    double product = 0;
    for (int i = 0; i < one[0].length; i++) {
      int position = i / 32;
      boolean inside = (position == 2 || position == 5) && i / 8 % 2 == 1;
      assertThat(one[1][i]).isEqualTo(inside ? all[1][i] : one[0][i]);
      double n = all[1][i] - all[0][i];
      sum += n;
      squares += n * n;
      product += n * (other[1][i] - other[0][i]);
    }
    int count = one[0].length;
    assertThat(sum / count).isBetween(-0.05, 0.05);
    assertThat(Math.sqrt(squares / count)).isBetween(0.47, 0.53);
    assertThat(product / squares).as("correlation of two seeds").isBetween(-0.1, 0.1);
    // Neighbouring seeds and positions must not be one stream, shifted.
    for (int shift = 1; shift < 20; shift++) {
      int equal = 0;
      for (int i = 0; i + shift < count; i++) {
        double a = all[1][i] - all[0][i];
        double b = other[1][i + shift] - other[0][i + shift];
        double c = all[1][i + shift] - all[0][i + shift];
        equal += Math.abs(a - b) < 1e-6 || Math.abs(a - c) < 1e-6 ? 1 : 0;
      }
      assertThat(equal).isLessThan(3);
    }
  }

  private static Intervention noise(long seed, Positions positions, int... heads) {
    return new Intervention(
        Point.Z, Indices.of(1), Indices.of(heads), positions, new Op.Noise(seed, 0.5));
  }

  @Test
  void noiseDoesNotDependOnTheBatch() {
    Prompt second = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the cat", 2);
    Intervention noise = Intervention.at(Point.PROJECTOR_OUT, 0, new Op.Noise(9, 0.3));
    try (Run one = model.run(prompt, Capture.NONE, noise);
        Run two = model.run(second, Capture.NONE, noise);
        Run both =
            model.run(
                Batch.of(List.of(prompt, second), Batch.Padding.LEFT, 3),
                Capture.NONE,
                List.of(noise))) {
      Numbers.close("row 0", both.logits().narrow(0, 0, 1), one.logits(), 1e-5);
      Numbers.close("row 1", both.logits().narrow(0, 1, 1), two.logits(), 1e-5);
    }
  }

  // ---- nothing is nothing
  // ------------------------------------------------------------------------

  static Stream<Point> writable() {
    return points().stream().filter(Point::writable);
  }

  private static LoadedModel having(Point point) {
    if (model.model().has(point)) {
      return model;
    }
    Family family =
        Stream.of(Family.values()).filter(one -> one.has(point)).findFirst().orElseThrow();
    return OTHERS.computeIfAbsent(family, one -> TinyModels.load(folder, one));
  }

  private static Prompt asked(LoadedModel subject) {
    if (subject == model) {
      return prompt;
    }
    Family family =
        OTHERS.keySet().stream()
            .filter(one -> OTHERS.get(one) == subject)
            .findFirst()
            .orElseThrow();
    return TinyModels.prompt(subject, family, "what color is the dog", 1);
  }

  static List<Point> points() {
    return Point.all().stream()
        .filter(point -> Stream.of(Family.values()).anyMatch(family -> family.has(point)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("points")
  void editsOfNothingChangeNothing(Point point) {
    if (!point.writable()) {
      return;
    }
    LoadedModel subject = having(point);
    Prompt asked = asked(subject);
    Capture plan = Capture.of(Capture.request(point));
    try (Run plain = subject.run(asked, plan);
        Run idle = subject.run(asked, Capture.NONE)) {
      // The logits of all rows are another product than those of the last row.
      boolean rows = point.afterLayers();
      if (rows) {
        Numbers.close("seen", plain.logits(), idle.logits(), 1e-6);
      } else {
        Numbers.same("seen", plain.logits(), idle.logits());
      }
      int depth = point.stack() == Stack.VISION ? TinyModels.VISION_LAYERS : TinyModels.LAYERS;
      for (int l = 0; l < (point.perLayer() ? depth : 1); l++) {
        List<Op> nothing =
            List.of(
                new Op.Scale(1),
                new Op.Add(Values.of(0), 1),
                new Op.Patch(Values.of(plain.get(point, l))),
                new Op.Noise(1, 0));
        for (Op op : nothing) {
          try (Run edited = subject.run(asked, Capture.NONE, Intervention.at(point, l, op))) {
            Numbers.same(point + " " + l + " " + op.word(), edited.logits(), plain.logits());
          }
        }
        if (point.axis(Axis.POSITION) >= 0) {
          Intervention nowhere = Intervention.at(point, l, new Op.Zero()).at(Positions.of());
          try (Run edited = subject.run(asked, Capture.NONE, nowhere)) {
            Numbers.same(point + " nowhere", edited.logits(), plain.logits());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("points")
  void everyWritablePointHasAnEffect(Point point) {
    if (!point.writable()) {
      return;
    }
    LoadedModel subject = having(point);
    Prompt asked = asked(subject);
    // Equal scores or probabilities of zero: scaling alone would cancel or be legal.
    // The norm after the embeddings of queries undoes a factor.
    boolean undone = point == Point.of(Stack.QFORMER, Site.EMBED);
    Op op = undone ? new Op.Zero() : new Op.Scale(0.5);
    try (Run plain = subject.run(asked, Capture.NONE);
        Run edited =
            subject.run(
                asked,
                Capture.NONE,
                new Intervention(point, Indices.ALL, Indices.ALL, Positions.all(), op))) {
      assertThat(Numbers.difference(edited.logits().toDoubles(), plain.logits().toDoubles()))
          .isBetween(1e-6, 1e6);
    }
  }

  @Test
  void orderMatters() {
    Intervention twice = Intervention.at(Point.Z, 1, new Op.Scale(2));
    Intervention more = Intervention.at(Point.Z, 1, new Op.Add(Values.of(1), 1));
    float[] z = before(Point.Z, twice)[0];
    try (Run run = model.run(prompt, Capture.of("z"), twice, more);
        Run turned = model.run(prompt, Capture.of("z"), more, twice)) {
      float[] a = run.get(Point.Z, 1).toFloats();
      float[] b = turned.get(Point.Z, 1).toFloats();
      for (int i = 0; i < z.length; i++) {
        assertThat(a[i]).isEqualTo(z[i] * 2 + 1);
        assertThat(b[i]).isEqualTo((z[i] + 1) * 2);
      }
    }
  }

  // ---- errors
  // ------------------------------------------------------------------------------------

  private static void refused(String message, Intervention... changes) {
    assertThatThrownBy(() -> model.run(prompt, Capture.NONE, changes).close())
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining(message);
  }

  @Test
  void mistakesAreRefused() {
    Op zero = new Op.Zero();
    refused("there is no blocks.99.attn.hook_z", Intervention.at(Point.Z, 99, zero));
    refused(
        "the decoder has 3 layers",
        new Intervention(Point.Z, Indices.of(0, 3), Indices.ALL, Positions.all(), zero));
    refused("4 heads, there is no head 4", Intervention.at(Point.Z, 1, zero).heads(4));
    refused("no position 500", Intervention.at(Point.Z, 1, zero).at(Positions.of(500)));
    refused(
        "no position is called 'answer'",
        Intervention.at(Point.Z, 1, zero).at(new Positions.Zone("answer")));
    refused("do not fit", Intervention.at(Point.Z, 1, new Op.Set(Values.of(1, 2, 3))));
    refused(
        "do not fit",
        Intervention.at(
            Point.Z, 1, new Op.Patch(new Values.Inline(new float[64], new long[] {8, 8}))));
    refused(
        "does not fit",
        Intervention.at(Point.Z, 1, new Op.Project(Values.of(1, 2), 1, Op.When.ALWAYS)));
    refused(
        "direction is zero",
        Intervention.at(Point.Z, 1, new Op.Project(Values.of(new float[8]), 1, Op.When.ALWAYS)));
    refused(
        "blocks.0.attn.hook_attn_scores leaves some position nothing to attend to",
        Intervention.at(Point.ATTN_SCORES, 0, new Op.Mask(Positions.of(0))).at(Positions.of(0)));
    assertThatThrownBy(() -> Intervention.at(Point.LN1_SCALE, 0, zero))
        .hasMessageContaining("can be seen but not changed");
    assertThatThrownBy(() -> Intervention.at(Point.PATTERN, 0, new Op.Mask(Positions.all())))
        .hasMessageContaining("does not work at");
    assertThatThrownBy(() -> Intervention.at(Point.RESID_PRE, 0, zero).heads(1))
        .hasMessageContaining("has no heads");
    assertThatThrownBy(() -> new Op.Noise(1, Double.NaN))
        .hasMessageContaining("noise of deviation");
    // The model is none the worse for it.
    try (Run plain = model.run(prompt, Capture.NONE)) {
      assertThat(plain.logits().toFloats()).doesNotContain(Float.NaN);
    }
  }

  @Test
  void aTowerThatDoesNotRunIsNotChangedInSilence() {
    Prompt blind = model.raw("what color is it");
    assertThatThrownBy(() ->
            model.run(blind, Capture.NONE, Intervention.at(Point.PROJECTOR_OUT, 0, new Op.Zero())))
        .hasMessageContaining("projector.hook_out never applied");
    assertThatThrownBy(() -> model.run(blind, Capture.of("vision.z")))
        .hasMessageContaining("vision.blocks.{l}.attn.hook_z was asked for but did not occur");
  }
}
