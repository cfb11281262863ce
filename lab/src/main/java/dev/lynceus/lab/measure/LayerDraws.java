package dev.lynceus.lab.measure;

import dev.lynceus.method.Shuffled;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Chance with the layers held fixed. The best heads lie in few layers, so heads drawn from the
/// whole model are a control that is too weak: any head of those layers would do better than one of
/// the others. Here heads change places only with heads of their own layer.
final class LayerDraws {
  private LayerDraws() {}

  /// Values of heads, dealt anew inside each layer.
  ///
  /// @param values of all heads, layer by layer
  /// @param perLayer heads of a layer
  static double[] shuffled(double[] values, int perLayer, SplittableRandom random) {
    double[] copy = values.clone();
    for (int start = 0; start < copy.length; start += perLayer) {
      for (int i = Math.min(perLayer, copy.length - start) - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        double kept = copy[start + i];
        copy[start + i] = copy[start + j];
        copy[start + j] = kept;
      }
    }
    return copy;
  }

  /// As many other heads of each layer as `heads` has of it; all others where there are fewer.
  ///
  /// @param heads numbers over all layers
  static int[] others(int[] heads, int perLayer, SplittableRandom random) {
    return IntStream.of(heads)
        .map(head -> head / perLayer)
        .distinct()
        .sorted()
        .flatMap(layer -> {
          int wanted = (int) IntStream.of(heads).filter(h -> h / perLayer == layer).count();
          int[] left =
              IntStream.range(layer * perLayer, (layer + 1) * perLayer)
                  .filter(h -> IntStream.of(heads).noneMatch(taken -> taken == h))
                  .toArray();
          return Arrays.stream(drawn(left, Math.min(wanted, left.length), random));
        })
        .toArray();
  }

  /// Some of these numbers, each as likely as the others.
  static int[] drawn(int[] from, int count, SplittableRandom random) {
    return Arrays.copyOf(Shuffled.of(from, random), Math.min(count, from.length));
  }
}
