package dev.lynceus.lab.data;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;

/// Words of the refusals of readers. What a file says is shown between quotes, cut, and without
/// characters that a terminal would obey.
final class Refusal {
  private static final int MOST_SHOWN = 120;

  private Refusal() {}

  static LynceusException bad(String message, String nextStep) {
    return new LynceusException(ErrorCode.BAD_REQUEST, message, nextStep);
  }

  static LynceusException bad(String message, String nextStep, Throwable cause) {
    return new LynceusException(ErrorCode.BAD_REQUEST, message, nextStep, cause);
  }

  static LynceusException badImage(String message, String nextStep) {
    return new LynceusException(ErrorCode.BAD_IMAGE, message, nextStep);
  }

  /// A text of a file between quotes.
  static String quoted(String text) {
    return "'" + shown(text) + "'";
  }

  /// A text of a file, fit for a message.
  static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(MOST_SHOWN)
        .forEach(point ->
            shown.append(isSafe(point) ? Character.toString(point) : "\\u%04x".formatted(point)));
    return text.codePointCount(0, text.length()) > MOST_SHOWN
        ? shown.append('\u2026').toString()
        : shown.toString();
  }

  private static boolean isSafe(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
