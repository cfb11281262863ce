package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A set of positions with a name: one cell's place.
///
/// @param label what a reader calls it
/// @param positions ascending, at least one
record Places(String label, int[] positions) {

  /// The places that a text means (see [Positions#parse(String)]).
  ///
  /// @throws LynceusException BAD_REQUEST if they are not in the prompt
  static Places of(Run run, String text) {
    return of(run.tokens(), text);
  }

  /// The same of the positions of any stack.
  static Places of(TokenMap tokens, String text) {
    int length = tokens.length();
    int[] found = Positions.parse(text).within(0, length, tokens);
    if (found.length == 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "'" + text + "' is not within the " + length + " positions of this prompt",
          "Use numbers from 0 to " + (length - 1) + ", last, or a label such as image.");
    }
    return new Places(text, found);
  }

  /// Every position of a text's places by itself, with its label in the prompt.
  static List<Places> each(TokenMap tokens, String text) {
    return IntStream.of(of(tokens, text).positions)
        .mapToObj(p -> new Places(tokens.label(p), new int[] {p}))
        .toList();
  }

  /// What a reader is told about positions that were written as text.
  static String told(String text) {
    return switch (text) {
      case "all" -> "all positions";
      case "last" -> "the last position";
      default -> text.matches("[0-9].*") ? "positions " + text : "the positions of " + text;
    };
  }

  Positions at() {
    return Positions.of(positions);
  }

  /// Numbers of the layers or heads as labels.
  static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Places places
        && label.equals(places.label)
        && Arrays.equals(positions, places.positions);
  }

  @Override
  public int hashCode() {
    return 31 * label.hashCode() + Arrays.hashCode(positions);
  }
}
