package dev.lynceus.text.jinja;

/// A token of a template source.
///
/// @param kind what it is
/// @param text its characters; for a string literal the value without quotes and escapes
/// @param line line of the template, from 1
record Token(Kind kind, String text, int line) {
  enum Kind {
    TEXT,
    OUTPUT_BEGIN,
    OUTPUT_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Kind wanted, String wantedText) {
    return kind == wanted && text.equals(wantedText);
  }

  boolean isOperator(String operator) {
    return is(Kind.OPERATOR, operator);
  }

  boolean isName(String name) {
    return is(Kind.NAME, name);
  }

  /// What to call it in an error.
  String shown() {
    return switch (kind) {
      case TEXT -> "text";
      case OUTPUT_BEGIN -> "'{{'";
      case OUTPUT_END -> "end of print statement";
      case BLOCK_BEGIN -> "'{%'";
      case BLOCK_END -> "end of statement block";
      case END -> "end of template";
      case STRING -> "a string";
      case NAME, INTEGER, FLOAT, OPERATOR -> "'" + text + "'";
    };
  }
}
