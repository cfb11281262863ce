package dev.lynceus.method;

import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Numbers in an order that is drawn, each order as likely as the others (Fisher and Yates, from
/// the end): what `Collections.shuffle` is to lists.
public final class Shuffled {
  private Shuffled() {}

  /// The numbers from 0 to `count` - 1.
  public static int[] order(int count, RandomGenerator random) {
    return of(IntStream.range(0, count).toArray(), random);
  }

  /// These values, in an array of their own.
  public static int[] of(int[] values, RandomGenerator random) {
    int[] order = values.clone();
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    return order;
  }
}
