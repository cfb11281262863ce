package dev.lynceus.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a template into tokens, with the whitespace rules `trim_blocks` and `lstrip_blocks` on: the
/// first newline after a block or comment is dropped, and so are the blanks before one that stands
/// first in its line. `-` at a delimiter strips all whitespace on that side, `+` keeps it.
final class Lexer {
  private static final String S = "(?U:\\s*)";
  private static final Pattern RAW =
      Pattern.compile("\\{%[-+]?" + S + "raw" + S + "(-%}" + S + "|%})");
  private static final Pattern END_RAW =
      Pattern.compile("\\{%([-+]?)" + S + "endraw" + S + "(\\+%}|-%}" + S + "|%}\n?)");
  private static final Pattern END_COMMENT = Pattern.compile("\\+#}|-#}" + S + "|#}\n?");
  private static final Pattern END_BLOCK = Pattern.compile("\\+%}|-%}" + S + "|%}\n?");
  private static final Pattern END_OUTPUT = Pattern.compile("-}}" + S + "|}}");
  private static final Pattern FLOAT =
      Pattern.compile(
          "(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?[eE][+-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)");
  private static final Pattern INTEGER =
      Pattern.compile(
          "0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[0-9](?:_?[0-9])*");
  private static final Pattern NAME = Pattern.compile("(?U:[\\w]+)");
  private static final Pattern STRING =
      Pattern.compile(
          "'([^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+)'|\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"",
          Pattern.DOTALL);
  private static final Pattern OPERATOR =
      Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}><=.:|,;]");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int line = 1;
  private int lineCounted;
  private int depth;
  private boolean lineStarting = true;

  private Lexer(String source) {
    String unix = source.replace("\r\n", "\n").replace('\r', '\n');
    this.source = unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix;
  }

  static List<Token> tokens(String source) {
    Lexer lexer = new Lexer(source);
    try {
      lexer.run();
    } catch (TemplateFault fault) {
      throw new TemplateFault("line " + lexer.lineAt(lexer.position) + ": " + fault.getMessage());
    }
    return lexer.tokens;
  }

  private void run() {
    while (position < source.length()) {
      int begin = nextBegin(position);
      if (begin < 0) {
        add(Token.Kind.TEXT, source.substring(position));
        position = source.length();
        break;
      }
      char kind = source.charAt(begin + 1);
      char sign = begin + 2 < source.length() ? source.charAt(begin + 2) : ' ';
      String text = source.substring(position, begin);
      addText(strip(text, sign, kind != '{'));
      position = begin;
      switch (kind) {
        case '#' -> comment(begin);
        case '{' -> code(begin, sign, Token.Kind.OUTPUT_BEGIN, Token.Kind.OUTPUT_END, END_OUTPUT);
        default -> {
          if (!raw(begin)) {
            code(begin, sign, Token.Kind.BLOCK_BEGIN, Token.Kind.BLOCK_END, END_BLOCK);
          }
        }
      }
    }
    add(Token.Kind.END, "");
  }

  private int nextBegin(int from) {
    for (int at = source.indexOf('{', from); at >= 0; at = source.indexOf('{', at + 1)) {
      char next = at + 1 < source.length() ? source.charAt(at + 1) : ' ';
      if (next == '{' || next == '%' || next == '#') {
        return at;
      }
    }
    return -1;
  }

  /// What is left of the text before a delimiter.
  private String strip(String text, char sign, boolean block) {
    if (sign == '-') {
      return PythonText.stripEnd(text);
    }
    if (sign == '+' || !block) {
      return text;
    }
    int start = text.lastIndexOf('\n') + 1;
    boolean blank = start < text.length() && PythonText.stripEnd(text.substring(start)).isEmpty();
    return blank && (start > 0 || lineStarting) ? text.substring(0, start) : text;
  }

  private void addText(String text) {
    if (!text.isEmpty()) {
      add(Token.Kind.TEXT, text);
    }
  }

  private void comment(int begin) {
    Matcher end = END_COMMENT.matcher(source);
    if (!end.find(begin + 2)) {
      throw new TemplateFault("a comment {# is never closed");
    }
    leave(end);
  }

  private boolean raw(int begin) {
    Matcher start = RAW.matcher(source).region(begin, source.length());
    if (!start.lookingAt()) {
      return false;
    }
    Matcher end = END_RAW.matcher(source);
    if (!end.find(start.end())) {
      throw new TemplateFault("{% raw %} is never closed");
    }
    String sign = end.group(1);
    lineStarting = start.group().endsWith("\n");
    String text = source.substring(start.end(), end.start());
    addText(strip(text, sign.isEmpty() ? ' ' : sign.charAt(0), true));
    leave(end);
    return true;
  }

  private void leave(Matcher end) {
    position = end.end();
    lineStarting = end.group().endsWith("\n");
  }

  private void code(int begin, char sign, Token.Kind open, Token.Kind close, Pattern endPattern) {
    add(open, "");
    position = begin + (sign == '-' || sign == '+' ? 3 : 2);
    depth = 0;
    while (true) {
      while (position < source.length() && PythonText.isSpace(source.charAt(position))) {
        position++;
      }
      if (position >= source.length()) {
        position = begin;
        throw new TemplateFault(
            "a " + (open == Token.Kind.OUTPUT_BEGIN ? "{{" : "{%") + " is never closed");
      }
      Matcher end = endPattern.matcher(source).region(position, source.length());
      if (depth == 0 && end.lookingAt()) {
        add(close, "");
        leave(end);
        return;
      }
      token();
    }
  }

  private void token() {
    boolean afterDot = position > 0 && source.charAt(position - 1) == '.';
    if (!afterDot && match(FLOAT, Token.Kind.FLOAT)
        || match(INTEGER, Token.Kind.INTEGER)
        || match(NAME, Token.Kind.NAME)
        || string()
        || match(OPERATOR, Token.Kind.OPERATOR)) {
      return;
    }
    throw new TemplateFault("unexpected character '" + source.charAt(position) + "'");
  }

  private boolean match(Pattern pattern, Token.Kind kind) {
    Matcher matcher = pattern.matcher(source).region(position, source.length());
    if (!matcher.lookingAt()) {
      return false;
    }
    String text = matcher.group();
    add(kind, text);
    if (kind == Token.Kind.OPERATOR) {
      balance(text.charAt(0));
    }
    position = matcher.end();
    return true;
  }

  private void balance(char operator) {
    switch (operator) {
      case '(', '[', '{' -> depth++;
      case ')', ']', '}' -> {
        if (--depth < 0) {
          throw new TemplateFault("unexpected '" + operator + "'");
        }
      }
      default -> {
        // Not a bracket.
      }
    }
  }

  private boolean string() {
    Matcher matcher = STRING.matcher(source).region(position, source.length());
    if (!matcher.lookingAt()) {
      return false;
    }
    String body = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    add(Token.Kind.STRING, PythonText.unescape(body));
    position = matcher.end();
    return true;
  }

  private void add(Token.Kind kind, String text) {
    tokens.add(new Token(kind, text, lineAt(position)));
  }

  private int lineAt(int at) {
    for (; lineCounted < at && lineCounted < source.length(); lineCounted++) {
      if (source.charAt(lineCounted) == '\n') {
        line++;
      }
    }
    return line;
  }
}
