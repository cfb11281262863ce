package dev.lynceus.bench.fuzz;

/// What became of one case.
///
/// @param index number of the case
/// @param verdict how it ended
/// @param code the code of a refusal, else empty
/// @param detail what was said: the message of a refusal, or what is known about a fault
/// @param description what the case is
/// @param millis time by the clock
/// @param grownKib memory that the process had more at the peak of the case than before it
record Outcome(
    int index,
    Verdict verdict,
    String code,
    String detail,
    String description,
    long millis,
    long grownKib) {

  private static final String SEPARATOR = "\t";

  /// One line, as a worker tells its parent.
  String line() {
    return String.join(
        SEPARATOR,
        String.valueOf(index),
        verdict.name(),
        code,
        plain(detail),
        plain(description),
        String.valueOf(millis),
        String.valueOf(grownKib));
  }

  static Outcome parse(String line) {
    String[] parts = line.split(SEPARATOR, -1);
    return new Outcome(
        Integer.parseInt(parts[0]),
        Verdict.valueOf(parts[1]),
        parts[2],
        parts[3],
        parts[4],
        Long.parseLong(parts[5]),
        Long.parseLong(parts[6]));
  }

  Outcome with(Verdict other, String what) {
    return new Outcome(index, other, code, what, description, millis, grownKib);
  }

  /// Text without control characters, cut to a length that a line can have.
  static String plain(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .limit(1000)
        .forEach(c -> out.appendCodePoint(Character.isISOControl(c) || c == 0xFFFD ? ' ' : c));
    return out.toString();
  }
}
