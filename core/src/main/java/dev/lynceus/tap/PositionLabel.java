package dev.lynceus.tap;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tap.TokenMap.Role;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Labels of positions: a role (`image`), one of its entries (`answer[2]`, `image[0]`), or one
/// patch (`image[0].row[3].col[7]`).
final class PositionLabel {
  private static final Pattern FORM =
      Pattern.compile("(" + Role.words("|") + ")(?:\\[(\\d+)])?(?:\\.(.+))?");

  private PositionLabel() {}

  /// Whether a text has the form of a label.
  static boolean is(String text) {
    return FORM.matcher(text).matches();
  }

  /// The positions that a label names.
  ///
  /// @throws LynceusException BAD_REQUEST if it names nothing
  static int[] find(TokenMap tokens, String label) {
    Matcher matcher = FORM.matcher(label);
    if (matcher.matches()) {
      int[] found = named(tokens, label, matcher);
      if (found.length > 0) {
        return found;
      }
    }
    if (tokens.spots().isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "'" + label + "' does not name the same positions in every row of this batch",
          "Give positions by number, or run the prompts one by one.");
    }
    throw new LynceusException(
        ErrorCode.BAD_REQUEST,
        "no position is called '%s' in this sequence of %d tokens"
            .formatted(label, tokens.length()),
        "Use a number, a range such as 5:21, or image, image[0], image[0].row[1].col[2], question, passage, mask, answer, template.");
  }

  private static int[] named(TokenMap tokens, String label, Matcher matcher) {
    Role role = Role.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
    int[] found = tokens.positions(role);
    if (matcher.group(2) != null) {
      int number = Integer.parseInt(matcher.group(2));
      found =
          IntStream.of(found)
              .filter(p -> {
                TokenMap.Spot spot = tokens.spots().get(p);
                return (role == Role.IMAGE ? spot.image() : spot.index()) == number;
              })
              .toArray();
    }
    return matcher.group(3) == null
        ? found
        : IntStream.of(found).filter(p -> tokens.label(p).equals(label)).toArray();
  }
}
