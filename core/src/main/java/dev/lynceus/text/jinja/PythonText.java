package dev.lynceus.text.jinja;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/// Text as Python writes and cuts it: `str`, `repr`, whitespace, escapes.
final class PythonText {
  private PythonText() {}

  /// `str(value)`.
  static String str(Value value) {
    return value instanceof Value.Str text ? text.text() : repr(value);
  }

  /// `repr(value)`; an undefined value is empty.
  static String repr(Value value) {
    StringBuilder out = new StringBuilder();
    repr(value, out);
    return out.toString();
  }

  /// Writes a value and all that it holds, each part at its cost, however often it is held.
  private static void repr(Value value, StringBuilder out) {
    int before = out.length();
    switch (value) {
      case Value.Seq list -> join(list.items(), "[", "]", out);
      case Value.Tup tuple -> join(tuple.items(), "(", tuple.items().size() == 1 ? ",)" : ")", out);
      case Value.Dict dict -> {
        out.append('{');
        int number = 0;
        for (java.util.Map.Entry<Value, Value> entry : dict.items().entrySet()) {
          out.append(number++ > 0 ? ", " : "");
          repr(entry.getKey(), out);
          out.append(": ");
          repr(entry.getValue(), out);
        }
        out.append('}');
      }
      case Value.Nil _,
          Value.Undefined _,
          Value.Bool _,
          Value.Int _,
          Value.Real _,
          Value.Str _,
          Value.Namespace _,
          Value.Function _ -> {
        out.append(single(value));
        Budget.work(out.length() - before);
      }
    }
    Budget.work(Budget.COMPARISON);
    Budget.text(out.length());
  }

  private static String single(Value value) {
    return switch (value) {
      case Value.Nil _ -> "None";
      case Value.Undefined _ -> "";
      case Value.Bool bool -> bool.value() ? "True" : "False";
      case Value.Int number -> Long.toString(number.value());
      case Value.Real number -> repr(number.value());
      case Value.Str text -> quote(text.text());
      case Value.Seq _, Value.Tup _, Value.Dict _ -> "";
      case Value.Namespace _ -> "<Namespace>";
      case Value.Function function -> "<function " + function.name() + ">";
    };
  }

  private static void join(List<Value> items, String open, String close, StringBuilder out) {
    out.append(open);
    for (int i = 0; i < items.size(); i++) {
      out.append(i > 0 ? ", " : "");
      repr(items.get(i), out);
    }
    out.append(close);
  }

  /// The shortest decimal that reads back, with an exponent below 1e-4 and from 1e16 on.
  static String repr(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = decimal.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String digits = decimal.unscaledValue().abs().toString();
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    String sign = value < 0 ? "-" : "";
    return sign
        + mantissa
        + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  private static String quote(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder out = new StringBuilder().append(quote);
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\\' -> out.append("\\\\");
            default -> {
              if (c == quote) {
                out.append('\\').append(quote);
              } else if (isPrintable(c)) {
                out.appendCodePoint(c);
              } else {
                String format = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
                out.append(String.format(Locale.ROOT, format, c));
              }
            }
          }
        });
    return out.append(quote).toString();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }

  /// Whether Python's `str.isspace` holds for the character.
  static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
  }

  static String stripEnd(String text) {
    return strip(text, PythonText::isSpace, false, true);
  }

  /// Drops characters from the asked ends.
  static String strip(String text, IntPredicate dropped, boolean start, boolean end) {
    int from = 0;
    int to = text.length();
    while (start && from < to && dropped.test(text.codePointAt(from))) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (end && to > from && dropped.test(text.codePointBefore(to))) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  /// `str.splitlines()`.
  static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean breaks =
          (c >= '\n' && c <= '\r')
              || (c >= 0x1C && c <= 0x1E)
              || c == 0x85
              || c == 0x2028
              || c == 0x2029;
      if (breaks) {
        lines.add(text.substring(start, i));
        if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
          i++;
        }
        start = i + 1;
      }
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }

  /// `str.capitalize()`.
  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return Character.toString(Character.toTitleCase(text.codePointAt(0)))
        + text.substring(first).toLowerCase(Locale.ROOT);
  }

  /// The value of the inside of a string literal.
  static String unescape(String body) {
    if (body.indexOf('\\') < 0) {
      return body;
    }
    StringBuilder out = new StringBuilder(body.length());
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c != '\\' || i + 1 >= body.length()) {
        out.append(c);
        continue;
      }
      char next = body.charAt(++i);
      int simple = "abfnrtv'\"\\".indexOf(next);
      if (simple >= 0) {
        out.append("\u0007\b\f\n\r\t\u000B'\"\\".charAt(simple));
      } else if (next == 'x' || next == 'u' || next == 'U') {
        int digits = next == 'x' ? 2 : next == 'u' ? 4 : 8;
        if (i + digits >= body.length()
            || !body.substring(i + 1, i + 1 + digits).matches("[0-9a-fA-F]+")) {
          throw new TemplateFault("a string has a broken \\" + next + " escape");
        }
        long point = Long.parseLong(body.substring(i + 1, i + 1 + digits), 16);
        if (point > Character.MAX_CODE_POINT) {
          throw new TemplateFault(
              "a string names a character that does not exist, U+%X".formatted(point));
        }
        out.appendCodePoint((int) point);
        i += digits;
      } else if (next >= '0' && next <= '7') {
        int end = i + 1;
        while (end < body.length()
            && end < i + 3
            && body.charAt(end) >= '0'
            && body.charAt(end) <= '7') {
          end++;
        }
        out.append((char) Integer.parseInt(body.substring(i, end), 8));
        i = end - 1;
      } else if (next != '\n') {
        out.append('\\').append(next);
      }
    }
    return out.toString();
  }
}
