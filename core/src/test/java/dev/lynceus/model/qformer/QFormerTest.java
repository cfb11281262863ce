package dev.lynceus.model.qformer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Labels;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What holds of any Q-Former: what it reads has no order, its queries have none either, and what
/// fills up shorter words is not read.
class QFormerTest {
  private static final int QUERIES = 6;
  private static final int WORD = 5;
  private static LoadedModel model;

  @BeforeAll
  static void load() {
    model =
        LoadedModel.load(
            Path.of("src/test/resources/goldens/instructblip-vicuna/hub"), LoadOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static QFormer former() {
    return model.model().queries().orElseThrow();
  }

  /// Noise in the place of what left the tower.
  private static Tensor memory(int views) {
    Random random = new Random(3);
    float[] values = new float[views * 17 * 32];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, views, 17, 32);
  }

  private static TokenMap words(int count) {
    TokenMap.Spot spot = new TokenMap.Spot(WORD, TokenMap.Role.QUESTION, 0, -1);
    return new TokenMap(java.util.Collections.nCopies(count, spot), List.of());
  }

  private static double distance(Tensor a, Tensor b) {
    return a.sub(b).abs().max().item();
  }

  @Test
  void whatItReadsHasNoOrder() {
    try (Scope scope = Scope.open()) {
      Tensor memory = memory(1);
      int[] turned = new int[17];
      Arrays.setAll(turned, i -> (i * 5 + 3) % 17);
      Tensor plain = former().forward(memory, List.of(words(3)), Tap.idle());
      Tensor other =
          former()
              .forward(
                  memory.indexSelect(1, Tensor.indices(turned)), List.of(words(3)), Tap.idle());
      assertThat(distance(plain, other)).isLessThan(1e-5);
      // It does read: another memory gives something else.
      assertThat(distance(plain, former().forward(memory.mul(.5), List.of(words(3)), Tap.idle())))
          .isGreaterThan(1e-2);
    }
  }

  @Test
  void queriesHaveNoOrder() {
    try (Scope scope = Scope.open()) {
      int[] turned = {4, 2, 0, 5, 1, 3};
      Point point = Point.of(Stack.QFORMER, Site.EMBED);
      Tap look = Tap.of(Capture.of(Capture.request(point)), List.of(), Labels.NONE);
      Tensor plain = former().forward(memory(1), List.of(words(0)), look);
      try (var seen = look.finish()) {
        Tensor rows = seen.get(point, 0).indexSelect(1, Tensor.indices(turned));
        Tap change =
            Tap.of(
                Capture.NONE,
                List.of(Intervention.at(point, 0, new Op.Set(Values.of(rows)))),
                Labels.NONE);
        Tensor other = former().forward(memory(1), List.of(words(0)), change);
        assertThat(distance(plain.indexSelect(1, Tensor.indices(turned)), other)).isLessThan(1e-5);
        assertThat(distance(plain, other)).isGreaterThan(1e-2);
      }
    }
  }

  @Test
  void whatFillsUpShorterWordsIsNotRead() {
    try (Scope scope = Scope.open()) {
      Tensor both = former().forward(memory(2), List.of(words(2), words(7)), Tap.idle());
      Tensor alone =
          former().forward(memory(2).narrow(0, 0, 1).contiguous(), List.of(words(2)), Tap.idle());
      Tensor short1 = both.narrow(0, 0, 1).narrow(1, 0, QUERIES + 2);
      assertThat(distance(short1, alone)).isLessThan(1e-5);
      Tensor longer =
          former().forward(memory(2).narrow(0, 0, 1).contiguous(), List.of(words(7)), Tap.idle());
      assertThat(distance(longer.narrow(1, 0, QUERIES), alone.narrow(1, 0, QUERIES)))
          .isGreaterThan(1e-3);
    }
  }
}
