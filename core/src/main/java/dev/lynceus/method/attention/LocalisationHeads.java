package dev.lynceus.method.attention;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Ranks heads by how likely they are to point at what is spoken of (arXiv 2503.06287): heads that
/// pay the picture much, and of these first the ones whose map lies in one place.
///
/// The heads that count as paying much are those before the elbow of the falling curve of image
/// attention: the point that is farthest below the straight line between its two ends.
public final class LocalisationHeads {
  private LocalisationHeads() {}

  /// A head and what it was ranked by.
  ///
  /// @param mass share of its attention that the picture gets
  /// @param shape of its map
  /// @param localises whether it pays the picture enough to be ranked by its shape
  public record Ranked(HeadRef head, double mass, MapShape shape, boolean localises) {}

  /// All heads, best first: those that pay enough by ascending spatial entropy, then the others by
  /// descending attention.
  ///
  /// @param mass `[layers][heads]`
  /// @param shapes `[layers][heads]`
  public static List<Ranked> rank(double[][] mass, MapShape[][] shapes) {
    double least = elbow(Arrays.stream(mass).flatMapToDouble(Arrays::stream).toArray());
    List<Ranked> all = new ArrayList<>();
    for (int l = 0; l < mass.length; l++) {
      for (int h = 0; h < mass[l].length; h++) {
        all.add(new Ranked(new HeadRef(l, h), mass[l][h], shapes[l][h], mass[l][h] >= least));
      }
    }
    all.sort(
        Comparator.comparing((Ranked r) -> !r.localises)
            .thenComparing(r -> r.localises ? r.shape.entropy() : 0)
            .thenComparing(r -> -r.mass));
    return List.copyOf(all);
  }

  /// The value at the elbow of some values in falling order; the smallest where they fall evenly.
  public static double elbow(double[] values) {
    double[] falling = Arrays.stream(values).map(v -> -v).sorted().map(v -> -v).toArray();
    int last = falling.length - 1;
    int elbow = last;
    double deepest = 1e-12;
    for (int i = 1; i < last; i++) {
      double line = falling[0] + (falling[last] - falling[0]) * i / last;
      if (line - falling[i] > deepest) {
        deepest = line - falling[i];
        elbow = i;
      }
    }
    return falling[elbow];
  }
}
