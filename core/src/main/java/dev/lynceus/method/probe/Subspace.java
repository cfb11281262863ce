package dev.lynceus.method.probe;

import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Some directions of states that can be taken out of them: `h - sum (h·b) b` over an orthonormal
/// basis. What is left has no part along any of the directions.
final class Subspace {
  /// A direction shorter than this share of its length, once those before it are taken out, says
  /// nothing new.
  private static final double NEW = 1e-6;

  private final List<double[]> basis = new ArrayList<>();

  /// What the directions of a probe's classes span.
  static Subspace of(LinearProbe probe, int width) {
    Subspace space = new Subspace();
    for (int k = 0; k < probe.classes(); k++) {
      double[] direction = new double[width];
      System.arraycopy(probe.direction(k), 0, direction, 0, width);
      space.add(direction);
    }
    return space;
  }

  /// What the mean states of classes differ by.
  static Subspace ofMeans(double[][] states, int[] classes, int count) {
    int width = states[0].length;
    double[][] means = new double[count][width];
    double[] all = new double[width];
    int[] times = new int[count];
    for (int i = 0; i < states.length; i++) {
      times[classes[i]]++;
      for (int c = 0; c < width; c++) {
        means[classes[i]][c] += states[i][c];
        all[c] += states[i][c] / states.length;
      }
    }
    Subspace space = new Subspace();
    for (int k = 0; k < count; k++) {
      if (times[k] > 0) {
        for (int c = 0; c < width; c++) {
          means[k][c] = means[k][c] / times[k] - all[c];
        }
        space.add(means[k]);
      }
    }
    return space;
  }

  /// As many random directions, for control.
  static Subspace random(int width, int rank, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Subspace space = new Subspace();
    while (space.rank() < Math.min(rank, width)) {
      double[] direction = new double[width];
      for (int c = 0; c < width; c++) {
        direction[c] = random.nextGaussian();
      }
      space.add(direction);
    }
    return space;
  }

  /// Adds what another spans.
  void add(Subspace other) {
    other.basis.forEach(this::add);
  }

  private void add(double[] direction) {
    double[] left = without(without(direction));
    double length = Math.sqrt(dot(left, left));
    if (length > NEW * Math.sqrt(dot(direction, direction))) {
      for (int c = 0; c < left.length; c++) {
        left[c] /= length;
      }
      basis.add(left);
    }
  }

  int rank() {
    return basis.size();
  }

  /// A state without them.
  double[] without(double[] state) {
    double[] left = state.clone();
    for (double[] one : basis) {
      double along = dot(left, one);
      for (int c = 0; c < left.length; c++) {
        left[c] -= along * one[c];
      }
    }
    return left;
  }

  double[][] without(double[][] states) {
    double[][] left = new double[states.length][];
    for (int i = 0; i < left.length; i++) {
      left[i] = without(states[i]);
    }
    return left;
  }

  /// The changes of a run that take them out.
  List<Intervention> changes(Point point, int layer, Positions positions) {
    List<Intervention> changes = new ArrayList<>();
    for (double[] one : basis) {
      float[] direction = new float[one.length];
      for (int c = 0; c < one.length; c++) {
        direction[c] = (float) one[c];
      }
      changes.add(
          Intervention.at(point, layer, new Op.Project(Values.of(direction), 1, Op.When.ALWAYS))
              .at(positions));
    }
    return changes;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      sum += a[c] * b[c];
    }
    return sum;
  }
}
