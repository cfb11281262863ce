package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.choice.Cut;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// How the next token is chosen.
public sealed interface Sampling {

  /// The most probable token.
  record Greedy() implements Sampling {}

  /// The token that the model itself holds most probable, whatever the generation settings of the
  /// checkpoint say: none is forced, banned or made dearer.
  record MostProbable() implements Sampling {}

  /// A random token: the distribution is sharpened by the temperature, then cut.
  ///
  /// @param temperature above 0; 1 is the model's own distribution
  /// @param cuts in the order in which they are made
  record Random(double temperature, List<Cut> cuts, long seed) implements Sampling {
    public Random {
      cuts = List.copyOf(cuts);
      if (!(temperature > 0)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "temperature " + temperature + " cannot be sampled with",
            "Use a temperature above 0.");
      }
    }

    /// Cut to the `topK` most probable tokens (0 = no cut), then to the smallest set whose
    /// probability reaches `topP` (1 = no cut).
    public Random(double temperature, int topK, double topP, long seed) {
      this(temperature, cuts(temperature, topK, topP), seed);
    }

    private static List<Cut> cuts(double temperature, int topK, double topP) {
      if (!(temperature > 0) || topK < 0 || !(topP > 0 && topP <= 1)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "temperature %s, top-k %d, top-p %s cannot be sampled with"
                .formatted(temperature, topK, topP),
            "Use a temperature above 0, top-k of 0 or more, and a top-p above 0 and up to 1.");
      }
      List<Cut> cuts = new ArrayList<>();
      if (topK > 0) {
        cuts.add(new Cut.TopK(topK));
      }
      if (topP < 1) {
        cuts.add(new Cut.TopP(topP));
      }
      return cuts;
    }

    private int draw(float[] logits, SplittableRandom source) {
      int[] order =
          IntStream.range(0, logits.length)
              .boxed()
              .sorted((a, b) -> Float.compare(logits[b], logits[a]))
              .mapToInt(Integer::intValue)
              .toArray();
      double largest = logits[order[0]];
      if (!Double.isFinite(largest)) {
        // A setting of the checkpoint leaves one token, or none.
        return order[0];
      }
      double[] weights = new double[order.length];
      Arrays.setAll(weights, i -> (logits[order[i]] - largest) / temperature);
      cuts.forEach(cut -> cut.apply(weights));
      Arrays.setAll(weights, i -> Math.exp(weights[i]));
      double drawn = source.nextDouble() * Arrays.stream(weights).sum();
      int last = 0;
      for (int i = 0; i < weights.length; i++) {
        if (weights[i] > 0) {
          last = i;
          drawn -= weights[i];
          if (drawn < 0) {
            break;
          }
        }
      }
      return order[last];
    }
  }

  /// A chooser for one row of a batch.
  default Chooser chooser(int row) {
    return switch (this) {
      case Greedy greedy -> Sampling::largest;
      case MostProbable model -> Sampling::largest;
      case Random random -> {
        SplittableRandom source = new SplittableRandom(scatter(random.seed, row));
        yield logits -> random.draw(logits, source);
      }
    };
  }

  /// The seed of a row. Streams for seeds that differ by the generator's own step are one stream,
  /// shifted; so rows have seeds that lie nowhere near each other.
  private static long scatter(long seed, int row) {
    long bits = row * 0xFF51AFD7ED558CCDL;
    return seed ^ (bits ^ (bits >>> 31)) * 0xC4CEB9FE1A85EC53L;
  }

  /// Picks a token from the logits of one position.
  @FunctionalInterface
  interface Chooser {
    int choose(float[] logits);
  }

  /// The id with the largest score, the first of several. What is no number counts as the largest,
  /// as in the reference library: a setting of the checkpoint can make such a score.
  static int largest(float[] scores) {
    int best = 0;
    for (int i = 0; i < scores.length; i++) {
      if (Float.isNaN(scores[i])) {
        return i;
      }
      if (scores[i] > scores[best]) {
        best = i;
      }
    }
    return best;
  }
}
