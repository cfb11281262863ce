package dev.lynceus.lab.train;

import dev.lynceus.pupil.world.Exercise;
import java.util.SplittableRandom;

/// Makes what the stage of further skills is trained on.
@FunctionalInterface
public interface Exercises {

  /// An exercise. All of it follows from the generator.
  Exercise draw(SplittableRandom random);
}
