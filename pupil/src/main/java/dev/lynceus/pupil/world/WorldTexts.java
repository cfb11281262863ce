package dev.lynceus.pupil.world;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Texts of the world without pictures, as the base model was trained on them.
public final class WorldTexts {
  private WorldTexts() {}

  /// The first texts of a sequence.
  public static List<String> lines(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    return Stream.generate(() -> Story.random(random).text()).limit(count).toList();
  }
}
