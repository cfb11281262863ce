package dev.lynceus.run.choice;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Takes tokens away before one is drawn. Cuts follow one another; each sees the probabilities that
/// the ones before it left. One token always stays.
public sealed interface Cut {

  /// The most probable tokens.
  ///
  /// @param count how many; tokens that tie with the last stay
  record TopK(int count) implements Cut {}

  /// The smallest set of most probable tokens whose probability reaches a share. Source: Holtzman
  /// et al., arXiv 1904.09751.
  record TopP(double share) implements Cut {}

  /// The most probable of the first hundred tokens, as long as their part of the entropy stays
  /// within a share of it. Source: arXiv 2509.02510.
  record TopH(double share) implements Cut {}

  /// Tokens at least as probable as a share of the most probable. Source: arXiv 2407.01082.
  record MinP(double share) implements Cut {}

  /// Tokens whose surprise is nearest to the entropy, up to a mass. Source: Meister et al., arXiv
  /// 2202.00666.
  record Typical(double mass) implements Cut {}

  /// Tokens of at least a probability. Source: Hewitt, Manning and Liang, arXiv 2210.15191.
  record Epsilon(double least) implements Cut {}

  /// The same, less where the entropy is high: the smaller of `e` and `sqrt(e) exp(-entropy)`.
  record Eta(double epsilon) implements Cut {}

  /// The key and the value, as people read them.
  default String told() {
    return switch (this) {
      case TopK k -> "top_k " + k.count;
      case TopP p -> "top_p " + p.share;
      case TopH h -> "top_h " + h.share;
      case MinP p -> "min_p " + p.share;
      case Typical typical -> "typical_p " + typical.mass;
      case Epsilon epsilon -> "epsilon_cutoff " + epsilon.least;
      case Eta eta -> "eta_cutoff " + eta.epsilon;
    };
  }

  /// Takes tokens away.
  ///
  /// @param logits in descending order; what was taken away is minus infinity
  default void apply(double[] logits) {
    double[] p = probabilities(logits);
    switch (this) {
      case TopK k -> {
        double last = logits[Math.min(k.count, logits.length) - 1];
        keep(logits, i -> logits[i] >= last);
      }
      case TopP top -> {
        double reached = 0;
        int count = 0;
        while (count < p.length && reached < top.share) {
          reached += p[count++];
        }
        int kept = count;
        keep(logits, i -> i < kept);
      }
      case TopH top -> {
        int first = Math.min(100, p.length);
        double[] among = probabilities(Arrays.copyOf(logits, first));
        double limit = entropy(among) * top.share;
        double sum = 0;
        int kept = 0;
        for (double one : among) {
          sum += one > 0 ? -one * Math.log(one) : 0;
          if (sum > limit) {
            break;
          }
          kept++;
        }
        int stay = kept;
        keep(logits, i -> i < stay);
      }
      case MinP min -> keep(logits, i -> p[i] >= min.share * p[0]);
      case Typical typical -> typical(logits, p, typical.mass);
      case Epsilon epsilon -> keep(logits, i -> p[i] >= epsilon.least);
      case Eta eta -> {
        double least = Math.min(eta.epsilon, Math.sqrt(eta.epsilon) * Math.exp(-entropy(p)));
        keep(logits, i -> p[i] >= least);
      }
    }
  }

  private static void typical(double[] logits, double[] p, double mass) {
    double entropy = entropy(p);
    double[] off = new double[p.length];
    Arrays.setAll(off, i -> p[i] > 0 ? Math.abs(-Math.log(p[i]) - entropy) : Double.MAX_VALUE);
    int[] order =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> off[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double reached = 0;
    int last = 0;
    while (last < order.length - 1 && reached + p[order[last]] < mass) {
      reached += p[order[last++]];
    }
    double farthest = off[order[last]];
    // Not the most probable token stays in any case, but the one whose surprise is nearest.
    for (int i = 0; i < logits.length; i++) {
      if (off[i] > farthest) {
        logits[i] = Double.NEGATIVE_INFINITY;
      }
    }
  }

  /// Keeps the most probable token and those that a test lets pass.
  private static void keep(double[] logits, IntPredicate stays) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    for (int i = 0; i < logits.length; i++) {
      if (i != best && !stays.test(i)) {
        logits[i] = Double.NEGATIVE_INFINITY;
      }
    }
  }

  private static double[] probabilities(double[] logits) {
    double largest = Arrays.stream(logits).max().orElseThrow();
    double[] p = Arrays.stream(logits).map(x -> Math.exp(x - largest)).toArray();
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(x -> x / sum).toArray();
  }

  private static double entropy(double[] p) {
    return Arrays.stream(p).map(x -> x > 0 ? -x * Math.log(x) : 0).sum();
  }
}
