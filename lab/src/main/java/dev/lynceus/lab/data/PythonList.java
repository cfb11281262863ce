package dev.lynceus.lab.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lists of texts as Python prints them, `['a', "b"]`; tables are full of them. JSON's are read,
/// too.
final class PythonList {
  private PythonList() {}

  /// The texts; none where it is no such list.
  static List<String> texts(String list) {
    String text = list.strip();
    if (text.length() < 2 || text.charAt(0) != '[' || text.charAt(text.length() - 1) != ']') {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    int at = 1;
    while (true) {
      at = skipped(text, at);
      if (at == text.length() - 1) {
        return found;
      }
      StringBuilder one = new StringBuilder();
      int end = one(text, at, one);
      if (end < 0) {
        return List.of();
      }
      found.add(one.toString());
      at = skipped(text, end);
      if (at < text.length() - 1) {
        if (text.charAt(at) != ',') {
          return List.of();
        }
        at++;
      }
    }
  }

  private static int skipped(String text, int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /// Reads an element; returns where it ends, or -1 for what is none.
  private static int one(String text, int from, StringBuilder found) {
    char quote = text.charAt(from);
    int last = text.length() - 1;
    if (quote != '\'' && quote != '"') {
      int end = from;
      while (end < last && text.charAt(end) != ',') {
        end++;
      }
      String bare = text.substring(from, end).strip();
      found.append(bare);
      return bare.matches("[\\w.+-]+") ? end : -1;
    }
    int at = from + 1;
    while (at < last && text.charAt(at) != quote) {
      char one = text.charAt(at++);
      if (one == '\\' && at < last) {
        String escaped = escaped(text.charAt(at++));
        if (escaped == null) {
          found.append('\\').append(text.charAt(at - 1));
        } else {
          found.append(escaped);
        }
      } else {
        found.append(one);
      }
    }
    return at < last ? at + 1 : -1;
  }

  private static @Nullable String escaped(char letter) {
    return switch (letter) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case '\'', '"', '\\' -> String.valueOf(letter);
      default -> null;
    };
  }
}
