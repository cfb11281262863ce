package dev.lynceus.lab.measure;

import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// How heads are silenced. A head that is set to zero everywhere may break more than its own
/// message: the model never saw zeros there. So its mean is a second way, and the row that answers
/// a third.
enum Silencing {
  /// Their output is zero at every position.
  ZERO,
  /// Their output is the mean over positions and other scenes, at every position.
  MEAN,
  /// Their output is zero at the row that predicts the colour, and nowhere else.
  LAST_ROW;

  /// How results call it.
  String label() {
    return switch (this) {
      case ZERO -> "zero";
      case MEAN -> "mean";
      case LAST_ROW -> "last row";
    };
  }

  /// What every head writes in the mean, before the output projection: `[layers][heads][width]`.
  record Means(float[][][] values) {

    /// Over all positions of some questions about pictures, one after the other.
    static Means of(Pictures pictures, List<Exchange> exchanges) {
      double[][] sums = {};
      int count = 0;
      int heads = 0;
      for (Exchange exchange : exchanges) {
        Capture plan = Capture.of(Capture.request(Point.Z));
        try (Scope scope = Scope.open();
            Run run =
                pictures.run(
                    List.of(exchange.untilKey()),
                    new int[] {exchange.picture()},
                    plan,
                    List.of())) {
          int layers = run.model().model().decoder().config().layers();
          heads = run.model().model().decoder().config().heads();
          if (sums.length == 0) {
            sums = new double[layers][];
          }
          for (int l = 0; l < layers; l++) {
            double[] one = run.get(Point.Z, l).select(0, 0).sum(0).reshape(-1).toDoubles();
            if (sums[l] == null) {
              sums[l] = new double[one.length];
            }
            for (int i = 0; i < one.length; i++) {
              sums[l][i] += one[i];
            }
          }
          count += run.batch().length();
        }
      }
      float[][][] means = new float[sums.length][heads][];
      for (int l = 0; l < sums.length; l++) {
        int width = sums[l].length / heads;
        for (int h = 0; h < heads; h++) {
          means[l][h] = new float[width];
          for (int i = 0; i < width; i++) {
            means[l][h][i] = (float) (sums[l][h * width + i] / count);
          }
        }
      }
      return new Means(means);
    }
  }

  /// The changes that silence some heads.
  ///
  /// @param heads numbers over all layers
  /// @param perLayer heads of a layer
  /// @param row the row that predicts the colour; for [#LAST_ROW]
  List<Intervention> of(int[] heads, int perLayer, Means means, int row) {
    return switch (this) {
      case ZERO -> zero(heads, perLayer, Positions.all());
      case LAST_ROW -> zero(heads, perLayer, Positions.of(row));
      case MEAN ->
          IntStream.of(heads)
              .mapToObj(head ->
                  new Intervention(
                      Point.Z,
                      Indices.of(head / perLayer),
                      Indices.of(head % perLayer),
                      Positions.all(),
                      new Op.Set(Values.of(means.values()[head / perLayer][head % perLayer]))))
              .toList();
    };
  }

  private static List<Intervention> zero(int[] heads, int perLayer, Positions positions) {
    Map<Integer, List<Integer>> byLayer = new TreeMap<>();
    for (int head : heads) {
      byLayer.computeIfAbsent(head / perLayer, l -> new ArrayList<>()).add(head % perLayer);
    }
    List<Intervention> changes = new ArrayList<>();
    byLayer.forEach((layer, some) ->
        changes.add(
            new Intervention(
                Point.Z,
                Indices.of(layer),
                Indices.of(some.stream().mapToInt(Integer::intValue).toArray()),
                positions,
                new Op.Zero())));
    return changes;
  }
}
