package dev.lynceus.text.jinja;

import java.util.concurrent.ThreadLocalRandom;

/// Finds a text in another in time that grows with their lengths, not with the product of them.
///
/// A rolling sum over a window of the text is compared with that of the part, modulo a prime and
/// with a base that nobody can know before; where both are equal the characters are compared.
final class Search {
  /// Up to here the machine's own search is faster, and its product is small.
  private static final int SHORT = 16;

  private static final long PRIME = 2_147_483_647;
  private static final long BASE = ThreadLocalRandom.current().nextLong(1 << 20, PRIME - 1);

  private Search() {}

  static int first(String text, String part, int from) {
    Budget.work((long) text.length() - from);
    return unpaid(text, part, from);
  }

  /// The same for who has charged the whole text and goes from place to place.
  static int unpaid(String text, String part, int from) {
    return part.length() <= SHORT ? text.indexOf(part, from) : rolled(text, part, from, true);
  }

  static int last(String text, String part) {
    return last(text, part, text.length());
  }

  /// The last place at which the part ends before `to`.
  static int last(String text, String part, int to) {
    if (part.length() > SHORT) {
      Budget.work(to);
      return rolled(text.substring(0, to), part, 0, false);
    }
    int at = to < part.length() ? -1 : text.lastIndexOf(part, to - part.length());
    Budget.work(to - Math.max(at, 0));
    return at;
  }

  private static int rolled(String text, String part, int from, boolean first) {
    int length = part.length();
    if (text.length() - from < length) {
      return -1;
    }
    long wanted = 0;
    long window = 0;
    long top = 1;
    for (int i = 0; i < length; i++) {
      wanted = (wanted * BASE + part.charAt(i)) % PRIME;
      window = (window * BASE + text.charAt(from + i)) % PRIME;
      top = i > 0 ? top * BASE % PRIME : 1;
    }
    int found = -1;
    for (int at = from; ; at++) {
      if (window == wanted) {
        if (!first) {
          found = at;
        } else if (text.startsWith(part, at)) {
          return at;
        }
      }
      if (at + length >= text.length()) {
        break;
      }
      window = (window + PRIME - top * text.charAt(at) % PRIME) % PRIME;
      window = (window * BASE + text.charAt(at + length)) % PRIME;
    }
    // Where the sums of an other text were equal by chance, the machine's own search decides.
    return found < 0 || text.startsWith(part, found) ? found : text.lastIndexOf(part);
  }
}
