package dev.lynceus.bench.fuzz;

import java.util.List;
import java.util.random.RandomGenerator;

/// Changes to text and bytes that know nothing of what they mean: parts dropped, doubled,
/// exchanged, bytes flipped, cut short. For files of any kind.
public final class TextMutation {
  private static final int LONGEST_PART = 60;

  private TextMutation() {}

  /// A text with some changes; words come from the dictionary of the kind.
  ///
  /// @param done gets one line for each change
  public static String mutate(
      RandomGenerator random, String text, List<String> words, int changes, List<String> done) {
    String now = text;
    for (int i = 0; i < changes; i++) {
      int from = random.nextInt(now.length() + 1);
      int to = Math.min(now.length(), from + random.nextInt(LONGEST_PART));
      String part = now.substring(from, to);
      switch (random.nextInt(5)) {
        case 0 -> {
          now = now.substring(0, from) + now.substring(to);
          done.add("dropped " + part.length() + " characters at " + from);
        }
        case 1 -> {
          now = now.substring(0, to) + part.repeat(1 + random.nextInt(3)) + now.substring(to);
          done.add("repeated " + part.length() + " characters at " + from);
        }
        case 2 -> {
          int at = random.nextInt(now.length() + 1);
          now = now.substring(0, at) + part + now.substring(at);
          done.add("copied characters from " + from + " to " + at);
        }
        default -> {
          String word = Fuzz.pick(random, words);
          now = now.substring(0, from) + word + now.substring(from);
          done.add("put '" + word + "' at " + from);
        }
      }
    }
    return now;
  }

  /// Bytes with some flipped, dropped or doubled, or the file cut short.
  public static byte[] mutate(
      RandomGenerator random, byte[] bytes, int changes, List<String> done) {
    byte[] now = bytes.clone();
    for (int i = 0; i < changes && now.length > 1; i++) {
      int at = random.nextInt(now.length);
      switch (random.nextInt(6)) {
        case 0 -> {
          now = java.util.Arrays.copyOf(now, at);
          done.add("cut at byte " + at);
        }
        case 1 -> {
          int length = Math.min(now.length - at, 1 + random.nextInt(16));
          byte[] longer = new byte[now.length + length];
          System.arraycopy(now, 0, longer, 0, at + length);
          System.arraycopy(now, at, longer, at + length, now.length - at);
          now = longer;
          done.add("doubled " + length + " bytes at " + at);
        }
        case 2 -> {
          now[at] = (byte) (random.nextBoolean() ? 0xFF : 0);
          done.add("byte " + at + " set to an end of its range");
        }
        default -> {
          now[at] ^= (byte) (1 << random.nextInt(8));
          done.add("a bit flipped in byte " + at);
        }
      }
    }
    return now;
  }
}
