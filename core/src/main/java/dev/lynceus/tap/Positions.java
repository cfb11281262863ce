package dev.lynceus.tap;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Which positions a capture or an intervention means. Written as text: `all`, `last`, `7`, `5:21`,
/// `12:`, `3,5,8`, or a label of the token map such as `image` or `image[0].row[3].col[7]`.
public sealed interface Positions {

  /// Every position.
  record All() implements Positions {}

  /// The last row of each pass: the last position of the prompt, then each generated one.
  record Last() implements Positions {}

  /// Positions by number.
  record Of(int... numbers) implements Positions {
    @Override
    public boolean equals(Object other) {
      return other instanceof Of of && Arrays.equals(numbers, of.numbers);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(numbers);
    }
  }

  /// From `start` (inclusive) to `end` (exclusive).
  record Range(int start, int end) implements Positions {}

  /// The positions that a label of the token map names.
  record Zone(String label) implements Positions {}

  /// Every position.
  static Positions all() {
    return new All();
  }

  /// The last row of each pass.
  static Positions last() {
    return new Last();
  }

  /// Positions by number.
  static Positions of(int... numbers) {
    return new Of(numbers);
  }

  /// All positions from `start` on, generated ones included.
  static Positions from(int start) {
    return new Range(start, Integer.MAX_VALUE);
  }

  /// The positions from `start` (inclusive) on in a window of a pass, relative to that window.
  ///
  /// @param start first position of the window
  /// @param length positions in the window
  /// @param tokens what each position is; may be shorter than the window reaches, where no labels
  ///   are needed
  /// @return ascending indices between 0 and `length`
  default int[] within(int start, int length, TokenMap tokens) {
    IntStream window = IntStream.range(0, length);
    return switch (this) {
      case All all -> window.toArray();
      case Last last -> new int[] {length - 1};
      case Of of ->
          IntStream.of(of.numbers)
              .map(p -> p - start)
              .filter(p -> p >= 0 && p < length)
              .sorted()
              .distinct()
              .toArray();
      case Range range ->
          window.filter(p -> p + start >= range.start && p + start < range.end).toArray();
      case Zone zone ->
          IntStream.of(tokens.find(zone.label))
              .map(p -> p - start)
              .filter(p -> p >= 0 && p < length)
              .toArray();
    };
  }

  /// Reads the text form.
  ///
  /// @throws LynceusException if it has no meaning
  static Positions parse(String text) {
    String plain = text.strip();
    try {
      if (plain.equals("all")) {
        return new All();
      }
      if (plain.equals("last")) {
        return new Last();
      }
      if (plain.matches("\\d*:\\d*")) {
        int colon = plain.indexOf(':');
        String end = plain.substring(colon + 1);
        return new Range(
            colon == 0 ? 0 : Integer.parseInt(plain.substring(0, colon)),
            end.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(end));
      }
      if (plain.matches("\\d+(\\s*,\\s*\\d+)*")) {
        return new Of(
            Arrays.stream(plain.split("\\s*,\\s*")).mapToInt(Integer::parseInt).toArray());
      }
    } catch (NumberFormatException tooLarge) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "'" + PointNames.shortened(text) + "' is not a position",
          "Use smaller numbers.",
          tooLarge);
    }
    if (PositionLabel.is(plain)) {
      return new Zone(plain);
    }
    throw new LynceusException(
        ErrorCode.BAD_REQUEST,
        "'" + PointNames.shortened(text) + "' names no positions",
        "Use all, last, 7, 5:21, 3,5,8, or a label such as image, question or image[0].row[1].col[2].");
  }

  /// The text form, which [#parse(String)] reads back.
  default String text() {
    return switch (this) {
      case All all -> "all";
      case Last last -> "last";
      case Of of ->
          IntStream.of(of.numbers)
              .mapToObj(Integer::toString)
              .collect(java.util.stream.Collectors.joining(","));
      case Range range -> range.start + ":" + (range.end == Integer.MAX_VALUE ? "" : range.end);
      case Zone zone -> zone.label;
    };
  }
}
