package dev.lynceus.text.safe;

/// Why a `tokenizer.json` cannot be used. The reader of the file makes it the exception of the
/// house.
public final class TokenizerDefect extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 60;

  /// @param reason what is wrong, as it follows a colon
  public TokenizerDefect(String reason) {
    super(reason, null, false, false);
  }

  /// A text of the file, as it may stand in a message: quoted, short, on one line.
  static String shown(String text) {
    StringBuilder out = new StringBuilder("'");
    text.codePoints()
        .limit(SHOWN)
        .forEach(c -> out.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return out.append(text.codePointCount(0, text.length()) > SHOWN ? "…'" : "'").toString();
  }
}
