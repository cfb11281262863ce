package dev.lynceus.method.zone;

import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import java.util.List;
import java.util.stream.IntStream;

/// How much attention goes through pairs of zones, whatever the length of a prompt: of all layers
/// at once where their patterns fit into memory, else layer by layer, a pass each.
final class ZoneMass {
  /// Bytes of patterns that are kept at once.
  private static final long BYTES = 256L << 20;

  private ZoneMass() {}

  /// @return `[layers][heads][pairs]`: the sum over the columns of a pair, mean over its rows
  static double[][][] of(
      LoadedModel model, Prompt prompt, List<Zones.Pair> pairs, Progress progress) {
    int layers = model.model().decoder().config().layers();
    int heads = model.model().decoder().config().heads();
    long each = (long) Float.BYTES * heads * prompt.length() * prompt.length();
    int together = (int) Math.clamp(BYTES / each, 1, layers);
    double[][][] mass = new double[layers][heads][pairs.size()];
    for (int from = 0; from < layers; from += together) {
      progress.step("attention", from, layers);
      int[] some = IntStream.range(from, Math.min(layers, from + together)).toArray();
      try (Run run = model.run(prompt, Capture.of(Capture.request(Point.PATTERN).layers(some)))) {
        for (int layer : some) {
          for (int p = 0; p < pairs.size(); p++) {
            double[] own = Zones.mass(run, layer, pairs.get(p));
            for (int h = 0; h < heads; h++) {
              mass[layer][h][p] = own[h];
            }
          }
        }
      }
    }
    return mass;
  }
}
