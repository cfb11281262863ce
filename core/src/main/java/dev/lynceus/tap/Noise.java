package dev.lynceus.tap;

import dev.lynceus.tensor.Tensor;
import java.util.SplittableRandom;

/// Noise whose values at a position and head depend on nothing but the seed and that place.
final class Noise {
  private Noise() {}

  /// Float32 noise for the changed part of an activation, of size one along the batch.
  ///
  /// @param shape shape of the whole activation
  /// @param positions positions of the changed rows in the sequence
  static Tensor make(
      Op.Noise noise, Intervention change, int layer, long[] shape, int[] positions) {
    Point point = change.point();
    int positionAxis = point.axis(Axis.POSITION);
    int headAxis = point.headAxis();
    int[] heads = heads(change, headAxis < 0 ? 1 : (int) shape[headAxis]);
    long[] part = shape.clone();
    part[0] = 1;
    long width = 1;
    for (int axis = 1; axis < part.length; axis++) {
      if (axis == positionAxis) {
        part[axis] = positions.length;
      } else if (axis == headAxis) {
        part[axis] = heads.length;
      } else {
        width *= part[axis];
      }
    }
    float[] values = new float[Math.toIntExact(width * positions.length * heads.length)];
    boolean headsFirst = headAxis >= 0 && headAxis < positionAxis;
    for (int p = 0; p < positions.length; p++) {
      for (int h = 0; h < heads.length; h++) {
        int row = headsFirst ? h * positions.length + p : p * heads.length + h;
        SplittableRandom random =
            new SplittableRandom(
                mix(noise.seed(), point.template().hashCode(), layer, positions[p], heads[h]));
        for (int i = 0; i < width; i++) {
          values[(int) (row * width + i)] = (float) (random.nextGaussian() * noise.deviation());
        }
      }
    }
    return Tensor.of(values, part);
  }

  private static int[] heads(Intervention change, int count) {
    return change.point().headAxis() < 0 || change.heads().isAll()
        ? java.util.stream.IntStream.range(0, count).toArray()
        : change.heads().numbers();
  }

  /// A seed from several numbers. Neighbouring numbers must not give neighbouring seeds: the
  /// generator's streams for seeds that differ by its own step are the same stream, shifted.
  static long mix(long... parts) {
    long state = 0;
    for (long part : parts) {
      state = (state ^ part) * 0xFF51AFD7ED558CCDL + 0x2545F4914F6CDD1DL;
      state ^= state >>> 32;
      state *= 0xC4CEB9FE1A85EC53L;
      state ^= state >>> 29;
    }
    return state;
  }
}
