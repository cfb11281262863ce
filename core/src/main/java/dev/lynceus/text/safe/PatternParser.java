package dev.lynceus.text.safe;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads the regular expressions that tokenizers are made with: the part of the syntax of Oniguruma
/// that means the same in Java. Anything else is refused by name.
final class PatternParser {
  private static final int LONGEST = 4000;
  private static final int DEEPEST = 20;
  private static final int MOST_TIMES = 1000;

  /// Letters that stand for one character of a set after a backslash.
  private static final String SETS = "sSdDwW";

  private static final String CONTROLS = "nrtfave";
  private static final String ANCHORS = "bBAzZ";

  /// A set of plain letters, of which each stays one character where case is ignored.
  private static final Pattern LETTERS = Pattern.compile("\\[[A-Za-z]+]");

  private static final Set<String> LOOKS = Set.of("?=", "?!", "?<=", "?<!");

  private final String source;
  private int at;
  private int depth;
  private boolean foldsCase;

  private PatternParser(String source) {
    this.source = source;
  }

  /// The parts of a pattern.
  ///
  /// @throws TokenizerDefect for what is not known
  static PatternTree parse(String source) {
    PatternParser parser = new PatternParser(source);
    if (source.length() > LONGEST) {
      throw parser.beyond("has " + source.length() + " characters, more than " + LONGEST);
    }
    PatternTree tree = parser.choice();
    if (parser.at < source.length()) {
      throw parser.defect("has a ) too many");
    }
    return tree;
  }

  private TokenizerDefect defect(String what) {
    return defect(what, TokenizerDefect.Kind.BROKEN);
  }

  private TokenizerDefect beyond(String what) {
    return defect(what, TokenizerDefect.Kind.BEYOND_BOUNDS);
  }

  /// What other readers of patterns may take.
  private TokenizerDefect unsupported(String what) {
    return defect(what, TokenizerDefect.Kind.UNSUPPORTED);
  }

  private TokenizerDefect defect(String what, TokenizerDefect.Kind kind) {
    return new TokenizerDefect("the pattern " + TokenizerDefect.shown(source) + " " + what, kind);
  }

  private boolean ended() {
    return at >= source.length();
  }

  private char peek() {
    if (ended()) {
      throw defect("ends too early");
    }
    return source.charAt(at);
  }

  private boolean skip(String text) {
    boolean there = source.startsWith(text, at);
    if (there) {
      at += text.length();
    }
    return there;
  }

  private PatternTree choice() {
    if (++depth > DEEPEST) {
      throw beyond("is nested more than " + DEEPEST + " deep");
    }
    List<PatternTree> options = new ArrayList<>();
    do {
      options.add(row());
    } while (skip("|"));
    depth--;
    return options.size() == 1 ? options.getFirst() : new PatternTree.Choice(options);
  }

  private PatternTree row() {
    List<PatternTree> parts = new ArrayList<>();
    while (!ended() && peek() != '|' && peek() != ')') {
      PatternTree part = part();
      parts.add(repeated(part));
    }
    return parts.size() == 1 ? parts.getFirst() : new PatternTree.Row(parts);
  }

  private PatternTree part() {
    int from = at;
    char c = source.charAt(at);
    return switch (c) {
      case '(' -> group();
      case '[' -> {
        set();
        String set = source.substring(from, at);
        if (!LETTERS.matcher(set).matches()) {
          refuseFolded();
        }
        yield new PatternTree.One(set);
      }
      case '^', '$' -> {
        at++;
        yield new PatternTree.Look(List.of());
      }
      case '\\' -> escape();
      case '*', '+', '?' -> throw defect("repeats nothing with " + c);
      default -> {
        if (c >= 0x80) {
          refuseFolded();
        }
        at += Character.charCount(source.codePointAt(at));
        yield new PatternTree.One(source.substring(from, at));
      }
    };
  }

  /// Where case is ignored, one character of a set may be two: ß is ss.
  private void refuseFolded() {
    if (foldsCase) {
      throw unsupported("ignores the case of more than plain letters");
    }
  }

  private PatternTree escape() {
    int from = at;
    if (oneEscaped()) {
      if (Character.isLetter(source.charAt(from + 1))) {
        refuseFolded();
      }
      return new PatternTree.One(source.substring(from, at));
    }
    char c = source.charAt(at + 1);
    if (ANCHORS.indexOf(c) >= 0) {
      at += 2;
      return new PatternTree.Look(List.of());
    }
    throw unsupported("uses \\" + c + ", which is not supported");
  }

  /// Reads an escape that stands for one character, if it is one.
  private boolean oneEscaped() {
    at++;
    char c = peek();
    if (SETS.indexOf(c) >= 0 || CONTROLS.indexOf(c) >= 0) {
      at++;
      return true;
    }
    if (c == 'p' || c == 'P') {
      at++;
      int end = source.indexOf('}', at);
      if (end < 0 || !source.substring(at, end + 1).matches("\\{\\^?[A-Za-z_ ]{1,40}}")) {
        throw defect("has a \\" + c + " without the name of a property");
      }
      at = end + 1;
      return true;
    }
    if (c == 'x' || c == 'u') {
      return hexadecimal(c);
    }
    boolean letterOrDigit = c < 0x80 && Character.isLetterOrDigit(c);
    if (letterOrDigit) {
      at--;
      return false;
    }
    at += Character.charCount(source.codePointAt(at));
    return true;
  }

  private boolean hexadecimal(char kind) {
    java.util.regex.Matcher digits =
        Pattern.compile("u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}(?![0-9a-fA-F{])|x\\{[0-9a-fA-F]{1,6}}")
            .matcher(source)
            .region(at, source.length())
            .useTransparentBounds(true);
    if (!digits.lookingAt()) {
      throw defect("has a \\" + kind + " without its digits");
    }
    int point = Integer.parseInt(digits.group().replaceAll("[ux{}]", ""), 16);
    if (!Character.isValidCodePoint(point) || point >= 0xD800 && point <= 0xDFFF) {
      throw defect("names a character that does not exist");
    }
    at = digits.end();
    return true;
  }

  /// Reads `[…]`, with sets within sets.
  private void set() {
    if (++depth > DEEPEST) {
      throw beyond("is nested more than " + DEEPEST + " deep");
    }
    at++;
    skip("^");
    boolean first = true;
    while (first || peek() != ']') {
      first = false;
      switch (peek()) {
        case '[' -> {
          if (source.startsWith("[:", at)) {
            throw unsupported("uses a POSIX set, which is not supported: write it as \\p{…}");
          }
          set();
        }
        case '\\' -> {
          int from = at;
          if (!oneEscaped()) {
            throw unsupported(
                "uses " + source.substring(from, from + 2) + " in a set, which is not supported");
          }
        }
        default -> at += Character.charCount(source.codePointAt(at));
      }
    }
    at++;
    depth--;
  }

  private PatternTree group() {
    at++;
    if (skip("?#")) {
      throw unsupported("has a comment, which is not supported");
    }
    for (String look : LOOKS) {
      if (skip(look)) {
        PatternTree inside = choice();
        close();
        if (look.contains("<") && !PatternCost.isFixed(inside)) {
          throw unsupported("looks back over a text whose length is not fixed");
        }
        return new PatternTree.Look(List.of(inside));
      }
    }
    if (skip("?>")) {
      PatternTree inside = choice();
      close();
      return new PatternTree.Atomic(inside);
    }
    if (skip("?i:")) {
      boolean before = foldsCase;
      foldsCase = true;
      PatternTree inside = choice();
      foldsCase = before;
      close();
      return inside;
    }
    if (skip("?")) {
      if (!skip(":")) {
        throw unsupported(
            "uses a group (?" + (ended() ? "" : peek()) + "…), which is not supported");
      }
    } else if (!ended() && peek() == '*') {
      throw unsupported("uses a group (*…), which is not supported");
    }
    PatternTree inside = choice();
    close();
    return inside;
  }

  private void close() {
    if (!skip(")")) {
      throw defect("has a ( that is never closed");
    }
  }

  private PatternTree repeated(PatternTree part) {
    if (ended()) {
      return part;
    }
    int least;
    int most;
    boolean braces = false;
    switch (peek()) {
      case '*' -> {
        at++;
        least = 0;
        most = Integer.MAX_VALUE;
      }
      case '+' -> {
        at++;
        least = 1;
        most = Integer.MAX_VALUE;
      }
      case '?' -> {
        at++;
        least = 0;
        most = 1;
      }
      case '{' -> {
        java.util.regex.Matcher times =
            Pattern.compile("\\{(\\d{1,4})(?:(,)(\\d{0,4}))?}")
                .matcher(source)
                .region(at, source.length());
        if (!times.lookingAt()) {
          throw defect("has a { that is no number of times; write \\{ for the character");
        }
        at = times.end();
        braces = true;
        least = Integer.parseInt(times.group(1));
        boolean open = times.group(2) != null && times.group(3).isEmpty();
        most =
            times.group(2) == null
                ? least
                : open ? Integer.MAX_VALUE : Integer.parseInt(times.group(3));
        if (least > MOST_TIMES || !open && most > MOST_TIMES || most < least) {
          throw beyond("repeats a part " + times.group() + " times, more than " + MOST_TIMES);
        }
      }
      default -> {
        return part;
      }
    }
    if (foldsCase && most > 1) {
      throw unsupported("repeats a part while it ignores the case");
    }
    if (part instanceof PatternTree.Look) {
      throw unsupported("repeats what has no width");
    }
    // The library reads a{1,2}+ as a repeat of a repeat.
    boolean kept = !braces && skip("+");
    if (!ended() && peek() == '?') {
      throw unsupported("repeats as few times as possible, which is not supported");
    }
    if (!ended() && "*+?{".indexOf(peek()) >= 0) {
      throw unsupported("repeats a repeat");
    }
    return new PatternTree.Repeat(part, least, most, kept);
  }
}
