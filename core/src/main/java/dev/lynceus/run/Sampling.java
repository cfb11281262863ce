package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// How the next token is chosen.
public sealed interface Sampling {

  /// The most probable token.
  record Greedy() implements Sampling {}

  /// A random token: the distribution is sharpened by the temperature, cut to the `topK` most
  /// probable tokens (0 = no cut), then to the smallest set whose probability reaches `topP` (1 =
  /// no cut).
  record Random(double temperature, int topK, double topP, long seed) implements Sampling {
    public Random {
      if (!(temperature > 0) || topK < 0 || !(topP > 0 && topP <= 1)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "temperature %s, top-k %d, top-p %s cannot be sampled with"
                .formatted(temperature, topK, topP),
            "Use a temperature above 0, top-k of 0 or more, and a top-p above 0 and up to 1.");
      }
    }

    private int draw(float[] logits, SplittableRandom source) {
      int[] order =
          IntStream.range(0, logits.length)
              .boxed()
              .sorted((a, b) -> Float.compare(logits[b], logits[a]))
              .mapToInt(Integer::intValue)
              .toArray();
      int kept = topK == 0 ? order.length : Math.min(topK, order.length);
      double[] weights = new double[kept];
      for (int i = 0; i < kept; i++) {
        weights[i] = Math.exp((logits[order[i]] - (double) logits[order[0]]) / temperature);
      }
      double all = Arrays.stream(weights).sum();
      double reached = 0;
      int count = 0;
      while (count < kept && reached < topP * all) {
        reached += weights[count++];
      }
      double drawn = source.nextDouble() * reached;
      for (int i = 0; i < count; i++) {
        drawn -= weights[i];
        if (drawn < 0) {
          return order[i];
        }
      }
      return order[count - 1];
    }
  }

  /// A chooser for one row of a batch.
  default Chooser chooser(int row) {
    return switch (this) {
      case Greedy greedy -> Sampling::largest;
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

  private static int largest(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }
}
