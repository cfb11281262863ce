package dev.lynceus.pupil.train;

import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.World;
import dev.lynceus.tensor.Tensor;
import java.util.List;

/// The tower's input: what the image processor of the model makes of a picture of the world, which
/// has the size that the tower takes, so that nothing is resized.
final class Pixels {
  private static final double[] MEAN = {.48145466, .4578275, .40821073};
  private static final double[] DEVIATION = {.26862954, .26130258, .27577711};
  private static final float[][] TABLE = table();

  private Pixels() {}

  private static float[][] table() {
    float[][] table = new float[3][256];
    for (int c = 0; c < 3; c++) {
      for (int v = 0; v < 256; v++) {
        float scaled = (float) (v * .00392156862745098);
        table[c][v] = (scaled - (float) MEAN[c]) / (float) DEVIATION[c];
      }
    }
    return table;
  }

  /// Pixels of some scenes, `[scenes, 3, size, size]`.
  static Tensor of(List<Scene> scenes) {
    int plane = World.SIZE * World.SIZE;
    float[] values = new float[scenes.size() * 3 * plane];
    for (int s = 0; s < scenes.size(); s++) {
      byte[] samples = scenes.get(s).image().toBytes();
      for (int i = 0; i < plane; i++) {
        for (int c = 0; c < 3; c++) {
          values[(s * 3 + c) * plane + i] = TABLE[c][samples[3 * i + c] & 0xff];
        }
      }
    }
    return Tensor.of(values, scenes.size(), 3, World.SIZE, World.SIZE);
  }
}
