package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Stacks;
import dev.lynceus.model.mae.Mask;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.verify.Goldens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a capture keeps of a model that writes no answer is known before the pass, and a capture
/// that would keep more than it may is refused.
class PassBudgetTest {
  private static final RgbImage IMAGE = RgbImage.of(40, 34, new byte[40 * 34 * 3]);

  /// All places, or of each the last position, of two of its layers.
  private static List<Capture> plans(Stacks model) {
    Capture all = Capture.NONE;
    Capture some = Capture.NONE;
    for (Point point : Point.all()) {
      if (model.has(point)) {
        all = all.and(Capture.request(point));
        some = some.and(Capture.request(point).at(Positions.last()));
      }
    }
    assertThat(all.requests()).hasSizeGreaterThan(25);
    return List.of(all, some);
  }

  private static void assertKept(Captured kept, Map<Point, Long> expected) {
    Map<Point, Long> bytes = new LinkedHashMap<>();
    for (Captured.Key key : kept.keys()) {
      bytes.merge(key.point(), kept.get(key.point(), key.layer()).bytes(), Long::sum);
    }
    for (Point point : expected.keySet()) {
      assertThat(bytes.get(point)).as(point.template()).isEqualTo(expected.get(point));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"blip-itm", "blip2-itm"})
  void theEstimateIsExactOfMatching(String family) {
    try (LoadedMatcher model = LoadedMatcher.load(Goldens.checkpoint(family), LoadOptions.DEFAULT);
        Sight sight = model.look(model.picture("x", IMAGE))) {
      MatchText words = model.words("a brown dog on a sofa");
      PassBudget budget =
          new PassBudget(model.model(), model.model().labels(words.tokens()), model.computeType());
      for (Capture plan : plans(model.model())) {
        try (MatchRun run = model.run(sight, words, plan, List.of())) {
          assertKept(run.captured(), budget.estimate(plan));
        }
      }
      Capture all = plans(model.model()).getFirst();
      assertThatThrownBy(() -> model.run(sight, words, all.within(100), List.of()))
          .isInstanceOfSatisfying(
              LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY))
          .hasMessageContaining("its budget is 100 B");
    }
  }

  @Test
  void theEstimateIsExactOfReconstruction() {
    try (LoadedMae model = LoadedMae.load(Goldens.checkpoint("vit-mae"), LoadOptions.DEFAULT)) {
      Mask mask = model.mask(3);
      PassBudget budget =
          new PassBudget(model.model(), model.model().labels(mask), model.computeType());
      for (Capture plan : plans(model.model())) {
        try (MaeRun run = model.run(model.picture("x", IMAGE), mask, plan, List.of())) {
          assertKept(run.captured(), budget.estimate(plan));
        }
      }
      Capture all = plans(model.model()).getFirst();
      assertThatThrownBy(
              () -> model.run(model.picture("x", IMAGE), mask, all.within(100), List.of()))
          .isInstanceOfSatisfying(
              LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY));
    }
  }
}
