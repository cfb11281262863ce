package dev.lynceus.tensor.file;

/// Names that a file chose, made fit for a message: a hostile name may be long or hold terminal
/// codes.
final class Quoted {

  private static final int MAX_LENGTH = 200;

  private Quoted() {}

  /// The name between quotes, with control characters written as `\\u001b` and the rest cut off.
  static String name(String name) {
    StringBuilder quoted = new StringBuilder("'");
    name.codePoints()
        .limit(MAX_LENGTH)
        .forEach(point -> {
          if (printable(point)) {
            quoted.appendCodePoint(point);
          } else {
            quoted.append("\\u%04x".formatted(point));
          }
        });
    if (name.codePointCount(0, name.length()) > MAX_LENGTH) {
      quoted.append('…');
    }
    return quoted.append('\'').toString();
  }

  private static boolean printable(int point) {
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
