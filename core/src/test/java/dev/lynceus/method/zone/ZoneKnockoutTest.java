package dev.lynceus.method.zone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.reader.PassageReading;
import dev.lynceus.method.reader.Squad;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.run.TinyReaders;
import dev.lynceus.run.TinyReaders.Kind;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.StoredTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Knock-outs between zones do what their formulas say, where they say it, and nowhere else.
class ZoneKnockoutTest {
  private static final String QUESTION = "what color is the dog ?";
  private static final String PASSAGE = "the brown dog sits on a mat .";

  @TempDir static Path folder;

  private static LoadedModel model() {
    return TinyReaders.load(folder, Kind.BERT_SPANS);
  }

  private static Capture base(LoadedModel model, String... names) {
    Capture capture = Sweep.base(model);
    for (Capture.Request request : Capture.of(names).requests()) {
      capture = capture.and(request);
    }
    return capture;
  }

  private static boolean has(int[] some, int one) {
    return IntStream.of(some).anyMatch(p -> p == one);
  }

  @Test
  void zonesAreTheTwoTextsWithoutWhatIsAroundThem() {
    try (LoadedModel model = model()) {
      Prompt prompt = model.passages().prompt(QUESTION, PASSAGE);
      assertThat(Zones.question(prompt.tokens()).positions()).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(Zones.passage(prompt.tokens()).positions())
          .containsExactly(8, 9, 10, 11, 12, 13, 14, 15);
      assertThat(Zones.pairs(prompt.tokens()).stream().map(Zones.Pair::name))
          .containsExactly("QQ", "QP", "PQ", "PP");
      assertThat(prompt.tokens().positions(TokenMap.Role.TEMPLATE)).containsExactly(0, 7, 16);
    }
  }

  /// An empty zone changes nothing to the last bit; other rows keep their attention; rows of a mask
  /// sum to one, and look at nothing of the zone.
  @Test
  void knockOutsAreLocal() {
    try (LoadedModel model = model()) {
      Prompt prompt = model.passages().prompt(QUESTION, PASSAGE);
      Capture capture = base(model, "pattern", "hook_logits");
      try (Run run = model.run(prompt, capture)) {
        Knockout mask = Knockout.of(Knockout.Kind.MASK, Knockout.Rows.ZONE, 1);
        assertThat(mask.changes(run, new int[0], new int[] {3})).isEmpty();
        assertThat(mask.changes(run, new int[] {3}, new int[0])).isEmpty();
        for (Zones.Pair pair : Zones.pairs(prompt.tokens())) {
          for (Knockout.Kind kind : Knockout.Kind.values()) {
            Knockout knockout = Knockout.of(kind, Knockout.Rows.ZONE, 1);
            try (Run changed = run.replay(knockout.changes(run, pair), capture)) {
              compare(run, changed, pair, kind);
            }
          }
        }
      }
    }
  }

  private static void compare(Run run, Run changed, Zones.Pair pair, Knockout.Kind kind) {
    double[][][] before = cube(run.get(Point.PATTERN, 1));
    double[][][] after = cube(changed.get(Point.PATTERN, 1));
    double[][][] earlier = cube(changed.get(Point.PATTERN, 0));
    assertThat(Arrays.deepEquals(earlier, cube(run.get(Point.PATTERN, 0)))).isTrue();
    for (int h = 0; h < before.length; h++) {
      for (int r = 0; r < before[h].length; r++) {
        boolean looks = has(pair.rows().positions(), r);
        if (!looks || kind == Knockout.Kind.VALUES) {
          assertThat(after[h][r]).isEqualTo(before[h][r]);
          continue;
        }
        double sum = 0;
        double inside = 0;
        double was = 0;
        for (int c = 0; c < before[h][r].length; c++) {
          sum += after[h][r][c];
          if (has(pair.columns().positions(), c)) {
            inside += after[h][r][c];
            was += before[h][r][c];
          }
        }
        switch (kind) {
          case MASK -> {
            assertThat(sum).isCloseTo(1, within(1e-6));
            assertThat(inside).isZero();
          }
          case CUT -> {
            assertThat(sum).isCloseTo(1 - was, within(1e-6));
            assertThat(inside).isZero();
          }
          case SPREAD -> {
            assertThat(sum).isCloseTo(1, within(1e-6));
            assertThat(inside).isCloseTo(was, within(1e-6));
            int[] columns = pair.columns().positions();
            assertThat(after[h][r][columns[0]])
                .isCloseTo(after[h][r][columns[columns.length - 1]], within(1e-9));
          }
          case VALUES -> {}
        }
      }
    }
  }

  private static double[][][] cube(Tensor pattern) {
    double[] flat = pattern.toDoubles();
    int heads = (int) pattern.size(1);
    int rows = (int) pattern.size(2);
    int columns = (int) pattern.size(3);
    double[][][] cube = new double[heads][rows][columns];
    for (int i = 0; i < flat.length; i++) {
      cube[i / (rows * columns)][i / columns % rows][i % columns] = flat[i];
    }
    return cube;
  }

  /// With everything that is no passage blind to the passage in all layers, template tokens
  /// included, two passages of one length give the same scores at the question; with template rows
  /// open they do not: the cut leaks.
  @Test
  void aCompleteCutLetsNothingThrough() {
    String other = "red cat bird in park one two .";
    try (LoadedModel model = model()) {
      assertThat(difference(model, other, Knockout.Rows.OPEN)).isZero();
      assertThat(difference(model, other, Knockout.Rows.ZONE)).isGreaterThan(1e-3);
    }
  }

  private static double difference(LoadedModel model, String other, Knockout.Rows rows) {
    double[][] scores = new double[2][];
    List<String> passages = List.of(PASSAGE, other);
    for (int i = 0; i < 2; i++) {
      Prompt prompt = model.passages().prompt(QUESTION, passages.get(i));
      try (Run run = model.run(prompt, Sweep.base(model))) {
        Knockout all = new Knockout(Knockout.Kind.MASK, rows, Indices.ALL, Indices.ALL);
        Zones.Pair pair =
            new Zones.Pair(Zones.question(prompt.tokens()), Zones.passage(prompt.tokens()));
        try (Run cut = run.replay(all.changes(run, pair), Capture.of("hook_logits"))) {
          scores[i] = cut.get(Point.LOGITS, 0).narrow(1, 1, 6).toDoubles();
        }
      }
    }
    double largest = 0;
    for (int i = 0; i < scores[0].length; i++) {
      largest = Math.max(largest, Math.abs(scores[0][i] - scores[1][i]));
    }
    return largest;
  }

  /// A model whose attention is read from one head of one layer only: the map has its cells there.
  @Test
  void whatIsPlantedIsFoundWhereItIs() {
    int layer = 1;
    int head = 2;
    try (LoadedModel model =
        TinyReaders.load(folder, Kind.BERT_SPANS, tensors -> silence(tensors, layer, head))) {
      ZoneStudy study =
          PassageZones.study(
              model,
              List.of(new Squad.Item("", QUESTION, PASSAGE, List.of())),
              Squad.Language.EN,
              new ZoneOptions(
                  Knockout.Kind.MASK,
                  Knockout.Rows.ZONE,
                  Knockout.Whole.CONTEXT,
                  1,
                  Optional.of(layer),
                  2,
                  3,
                  PassageReading.Options.DEFAULT),
              Progress.NONE);
      for (ZoneStudy.LayerRow row : study.layers()) {
        double largest =
            row.cells().stream()
                .mapToDouble(cell -> Math.abs(cell.log().value()))
                .max()
                .orElseThrow();
        if (row.layer() == layer) {
          assertThat(largest).isGreaterThan(1e-2);
        } else {
          assertThat(largest).isLessThan(1e-6);
        }
      }
      for (int h = 0; h < TinyReaders.HEADS; h++) {
        double largest = study.heads().get(h).stream().mapToDouble(Math::abs).max().orElseThrow();
        if (h == head) {
          assertThat(largest).isGreaterThan(1e-2);
          // One head of a layer is all of it here.
          for (int p = 0; p < 4; p++) {
            assertThat(study.heads().get(h).get(p))
                .isCloseTo(
                    study.layers().get(layer).cells().get(p + 1).log().value(), within(1e-5));
          }
        } else {
          assertThat(largest).isLessThan(1e-6);
        }
      }
      assertThat(study.correlation()).isPresent();
      assertThat(ZoneWords.conclusion(study)).contains("in layer " + layer);
    }
  }

  private static void silence(Map<String, StoredTensor> tensors, int layer, int head) {
    for (int l = 0; l < TinyReaders.LAYERS; l++) {
      String name = "bert.encoder.layer." + l + ".attention.output.dense.weight";
      int width = 32;
      float[] values =
          tensors.get(name).data().toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED);
      for (int i = 0; i < values.length; i++) {
        boolean own = l == layer && i % width / 8 == head;
        values[i] = own ? values[i] * 2 : 0;
      }
      tensors.put(name, StoredTensor.of(values, width, width));
    }
  }

  /// What leaves the heads of the layer, by loops over the formula.
  @ParameterizedTest
  @EnumSource(Knockout.Kind.class)
  void theFormulaByLoops(Knockout.Kind kind) {
    int layer = 1;
    try (LoadedModel model = model()) {
      Prompt prompt = model.passages().prompt(QUESTION, PASSAGE);
      Capture capture = base(model, "q", "k", "v", "z");
      try (Run run = model.run(prompt, capture)) {
        for (Zones.Pair pair : Zones.pairs(prompt.tokens())) {
          for (int[] heads : new int[][] {{0, 1, 2, 3}, {2}, {0, 3}}) {
            Knockout knockout =
                new Knockout(kind, Knockout.Rows.ZONE, Indices.of(layer), Indices.of(heads));
            List<Intervention> changes = knockout.changes(run, pair);
            try (Run changed = run.replay(changes, Capture.of("z"))) {
              double[] ours = changed.get(Point.Z, layer).toDoubles();
              double[] forbidden = byLoops(run, layer, kind, pair, heads, Double.NEGATIVE_INFINITY);
              double[] biased = byLoops(run, layer, kind, pair, heads, -1e4);
              for (int i = 0; i < ours.length; i++) {
                assertThat(ours[i]).isCloseTo(forbidden[i], within(1e-5));
                assertThat(biased[i]).isCloseTo(forbidden[i], within(1e-6));
              }
            }
          }
        }
      }
    }
  }

  private static double[] byLoops(
      Run run, int layer, Knockout.Kind kind, Zones.Pair pair, int[] some, double bias) {
    int length = run.batch().length();
    int heads = TinyReaders.HEADS;
    double[] q = run.get(Point.Q, layer).toDoubles();
    double[] k = run.get(Point.K, layer).toDoubles();
    double[] v = run.get(Point.V, layer).toDoubles();
    int width = q.length / length / heads;
    double[] z = new double[q.length];
    for (int h = 0; h < heads; h++) {
      boolean own = has(some, h);
      for (int r = 0; r < length; r++) {
        double[] row = new double[length];
        boolean looks = own && has(pair.rows().positions(), r);
        double sum = 0;
        for (int c = 0; c < length; c++) {
          double score = 0;
          for (int i = 0; i < width; i++) {
            score += q[(r * heads + h) * width + i] * k[(c * heads + h) * width + i];
          }
          score /= Math.sqrt(width);
          boolean inside = has(pair.columns().positions(), c);
          if (looks && inside && kind == Knockout.Kind.MASK) {
            score += bias;
          }
          row[c] = Math.exp(score);
          sum += row[c];
        }
        double paid = 0;
        for (int c = 0; c < length; c++) {
          row[c] /= sum;
          paid += has(pair.columns().positions(), c) ? row[c] : 0;
        }
        for (int c = 0; c < length; c++) {
          boolean inside = has(pair.columns().positions(), c);
          if (looks && inside && kind == Knockout.Kind.CUT) {
            row[c] = 0;
          }
          if (looks && inside && kind == Knockout.Kind.SPREAD) {
            row[c] = paid / pair.columns().positions().length;
          }
          boolean silent = own && inside && kind == Knockout.Kind.VALUES;
          for (int i = 0; i < width && !silent; i++) {
            z[(r * heads + h) * width + i] += row[c] * v[(c * heads + h) * width + i];
          }
        }
      }
    }
    return z;
  }

  /// A row that may look at nothing gives zeros, in the rows and heads that are named.
  @Test
  void anEmptyRowIsZero() {
    try (LoadedModel model = model()) {
      Prompt prompt = model.passages().prompt(QUESTION, PASSAGE);
      try (Run run = model.run(prompt, base(model, "z"))) {
        int[] all = IntStream.range(0, prompt.length()).toArray();
        List<Intervention> changes =
            Knockout.of(Knockout.Kind.MASK, Knockout.Rows.ZONE, 0).changes(run, new int[] {4}, all);
        try (Run changed = run.replay(changes, Capture.of("z"))) {
          double[] ours = changed.get(Point.Z, 0).toDoubles();
          double[] clean = run.get(Point.Z, 0).toDoubles();
          List<Double> zeros = new ArrayList<>();
          for (int i = 0; i < ours.length; i++) {
            if (i / 32 == 4) {
              zeros.add(ours[i]);
            } else {
              assertThat(ours[i]).isEqualTo(clean[i]);
            }
          }
          assertThat(zeros).hasSize(32).containsOnly(0.0);
        }
      }
    }
  }
}
