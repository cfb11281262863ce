package dev.lynceus.report;

/// Makes foreign text harmless inside a page: file names, questions and tokens are never trusted.
final class Escape {
  private Escape() {}

  /// `text` for an element's content or a quoted attribute, in HTML and XML. Control characters
  /// that XML forbids, lone surrogates and marks that turn the text around them become U+FFFD.
  static String html(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> {
          boolean control =
              c < ' ' && c != '\n' && c != '\t' || c == '\uFFFE' || c == '\uFFFF' || turnsText(c);
          out.append(control || lone(text, i) ? '\uFFFD' : c);
        }
      }
    }
    return out.toString();
  }

  /// JSON `json` for the content of a script element: no character of it can end the element, open
  /// a comment, or break a line where JavaScript of before 2019 would see one. Still the same JSON.
  static String jsonInScript(String json) {
    StringBuilder out = new StringBuilder(json.length() + 256);
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      boolean unsafe = c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029';
      if (unsafe || lone(json, i)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /// Embeddings, overrides and isolates of writing direction, and paragraph ends that would close
  /// ours.
  private static boolean turnsText(char c) {
    return c >= '\u2028' && c <= '\u202E' || c >= '\u2066' && c <= '\u2069';
  }

  private static boolean lone(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
