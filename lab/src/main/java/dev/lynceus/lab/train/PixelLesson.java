package dev.lynceus.lab.train;

import dev.lynceus.model.mae.Mae;
import dev.lynceus.model.mae.Mask;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Tensor;
import java.util.Map;
import java.util.SplittableRandom;

/// The lesson of the masked autoencoder: the pixels of patches that it does not see. Half or three
/// quarters of them are removed, the same ones of all pictures of a step.
record PixelLesson() implements XFormerLesson {
  @Override
  public Loss loss(TrainedXFormer model, ScenePool pool, int[] some, SplittableRandom random) {
    Mae mae = model.model().mae();
    Mask mask =
        Mask.drawn(mae.config().patches(), random.nextBoolean() ? .5 : .75, random.nextLong());
    Tensor pixels = pool.pixels(some);
    Tensor error = Mae.error(mae.forward(pixels, mask, Tap.idle()), mae.target(pixels), mask);
    return new Loss(error, Map.of());
  }
}
