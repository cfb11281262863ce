package dev.lynceus.lab.describe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/// Chooses worked examples by `s = alpha cos(x_m, x_m') + cos(x_t, x_t')` (CVR-ICL, arXiv
/// 2409.13980): how alike picture and question are, and how alike the words.
///
/// @param by what decides
/// @param alpha how much the picture counts; published: 1
/// @param seed of a random choice
public record Selecting(By by, double alpha, long seed) {

  /// What decides.
  public enum By {
    /// Words alone.
    TEXT,
    /// Picture and question alone.
    MULTIMODAL,
    /// Both.
    MIXED,
    /// Chance.
    RANDOM
  }

  /// How alike an example is.
  ///
  /// @param number in the pool
  /// @param multimodal cosine of picture and question
  /// @param text cosine of the words
  /// @param score what decides
  public record Scored(int number, double multimodal, double text, double score) {}

  /// The best ones, the best first; of equals the one that comes first in the pool.
  ///
  /// @param multimodal cosine of each example with the target; NaN for the target itself
  /// @param text the same of words
  /// @param count how many
  public List<Scored> choose(List<Double> multimodal, List<Double> text, int count) {
    List<Scored> all = new ArrayList<>();
    for (int i = 0; i < text.size(); i++) {
      // The target is in no choice of its own.
      if (!Double.isNaN(text.get(i)) && !Double.isNaN(multimodal.get(i))) {
        all.add(scored(i, multimodal.get(i), text.get(i)));
      }
    }
    switch (by) {
      case RANDOM -> Collections.shuffle(all, new Random(seed));
      case TEXT, MULTIMODAL, MIXED -> all.sort(Comparator.comparing((Scored one) -> -one.score));
    }
    return List.copyOf(all.subList(0, Math.min(count, all.size())));
  }

  private Scored scored(int number, double multimodal, double text) {
    double score =
        switch (by) {
          case TEXT -> text;
          case MULTIMODAL -> multimodal;
          case MIXED, RANDOM -> alpha * multimodal + text;
        };
    return new Scored(number, multimodal, text, score);
  }
}
