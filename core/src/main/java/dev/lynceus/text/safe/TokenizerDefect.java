package dev.lynceus.text.safe;

/// Why a `tokenizer.json` cannot be used. The reader of the file makes it the exception of the
/// house.
public final class TokenizerDefect extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 60;

  /// What it means for whoever has the file.
  public enum Kind {
    /// No program could use it.
    BROKEN,
    /// It may be whole, and is past the bounds within which this program reads such files.
    BEYOND_BOUNDS,
    /// It may be whole, and asks for what this program does not know.
    UNSUPPORTED
  }

  private final Kind kind;

  /// A broken file.
  ///
  /// @param reason what is wrong, as it follows a colon
  public TokenizerDefect(String reason) {
    this(reason, Kind.BROKEN);
  }

  TokenizerDefect(String reason, Kind kind) {
    super(reason, null, false, false);
    this.kind = kind;
  }

  /// What it means for whoever has the file.
  public Kind kind() {
    return kind;
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
