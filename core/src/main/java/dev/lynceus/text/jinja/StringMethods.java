package dev.lynceus.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The methods of strings.
final class StringMethods {
  private StringMethods() {}

  /// The method of a string, or null if it has none of that name here.
  static Value.@Nullable Function find(String self, String name) {
    Value.Function.Body body =
        switch (name) {
          case "strip" -> args -> strip(self, args.get(0, "chars", Value.NONE), true, true);
          case "lstrip" -> args -> strip(self, args.get(0, "chars", Value.NONE), true, false);
          case "rstrip" -> args -> strip(self, args.get(0, "chars", Value.NONE), false, true);
          case "upper" -> _ -> Value.of(self.toUpperCase(Locale.ROOT));
          case "lower", "casefold" -> _ -> Value.of(self.toLowerCase(Locale.ROOT));
          case "title" -> _ -> Value.of(title(self));
          case "capitalize" -> _ -> Value.of(PythonText.capitalize(self));
          case "startswith" -> args -> Value.of(any(args.require(0, "prefix"), self::startsWith));
          case "endswith" -> args -> Value.of(any(args.require(0, "suffix"), self::endsWith));
          case "removeprefix" ->
              args -> {
                String part = text(args.require(0, "prefix"));
                return Value.of(self.startsWith(part) ? self.substring(part.length()) : self);
              };
          case "removesuffix" ->
              args -> {
                String part = text(args.require(0, "suffix"));
                boolean cut = !part.isEmpty() && self.endsWith(part);
                return Value.of(cut ? self.substring(0, self.length() - part.length()) : self);
              };
          case "replace" ->
              args ->
                  Value.of(
                      replace(
                          self,
                          text(args.require(0, "old")),
                          text(args.require(1, "new")),
                          args.get(2, "count", Value.NONE)));
          case "split" -> args -> split(self, args, false);
          case "rsplit" -> args -> split(self, args, true);
          case "splitlines" -> _ -> strings(PythonText.lines(self));
          case "partition" -> args -> partition(self, text(args.require(0, "sep")));
          case "find" ->
              args -> Value.of(index(self, Search.first(self, text(args.require(0, "sub")), 0)));
          case "rfind" ->
              args -> Value.of(index(self, Search.last(self, text(args.require(0, "sub")))));
          case "index" ->
              args -> {
                int at = Search.first(self, text(args.require(0, "sub")), 0);
                if (at < 0) {
                  throw new TemplateFault("substring not found");
                }
                return Value.of(index(self, at));
              };
          case "count" -> args -> Value.of(count(self, text(args.require(0, "sub"))));
          case "join" ->
              args -> {
                StringBuilder out = new StringBuilder();
                int number = 0;
                for (Value part : Access.elements(args.require(0, "iterable"))) {
                  out.append(number++ > 0 ? self : "").append(text(part));
                  Budget.work(10L + self.length());
                  Budget.text(out.length());
                }
                return Value.of(out.toString());
              };
          case "ljust" -> args -> Value.of(self + fill(self, args));
          case "rjust" -> args -> Value.of(fill(self, args) + self);
          case "zfill" ->
              args -> {
                boolean signed = self.startsWith("-") || self.startsWith("+");
                String zeros = fill(self, Arguments.of(args.require(0, "width"), Value.of("0")));
                return Value.of(signed ? self.charAt(0) + zeros + self.substring(1) : zeros + self);
              };
          case "format" -> args -> Value.of(BraceFormat.format(self, args));
          case "isdigit", "isdecimal", "isnumeric" -> _ -> all(self, Character::isDigit);
          case "isalpha" -> _ -> all(self, Character::isLetter);
          case "isalnum" -> _ -> all(self, Character::isLetterOrDigit);
          case "isspace" -> _ -> all(self, PythonText::isSpace);
          case "isupper" ->
              _ ->
                  Value.of(
                      !self.equals(self.toLowerCase(Locale.ROOT))
                          && self.equals(self.toUpperCase(Locale.ROOT)));
          case "islower" ->
              _ ->
                  Value.of(
                      !self.equals(self.toUpperCase(Locale.ROOT))
                          && self.equals(self.toLowerCase(Locale.ROOT)));
          default -> null;
        };
    return body == null ? null : new Value.Function(name, body);
  }

  private static String fill(String self, Arguments args) {
    long missing =
        Operators.whole(args.require(0, "width")) - self.codePointCount(0, self.length());
    Budget.text(missing);
    String filling = text(args.get(1, "fillchar", Value.of(" ")));
    if (filling.codePointCount(0, filling.length()) != 1) {
      throw new TemplateFault("the character that fills up must be one character");
    }
    return filling.repeat((int) Math.max(0, missing));
  }

  private static String text(Value value) {
    if (value instanceof Value.Str text) {
      return text.text();
    }
    throw new TemplateFault("a string is needed, not " + Operators.article(value));
  }

  static Value strip(String self, Value characters, boolean start, boolean end) {
    IntPredicate dropped =
        characters instanceof Value.Nil
            ? PythonText::isSpace
            : text(characters).codePoints().boxed().collect(Collectors.toSet())::contains;
    return Value.of(PythonText.strip(self, dropped, start, end));
  }

  private static boolean any(Value parts, Predicate<String> test) {
    return parts instanceof Value.Tup tuple
        ? tuple.items().stream().anyMatch(part -> test.test(text(part)))
        : test.test(text(parts));
  }

  static String replace(String self, String old, String fresh, Value count) {
    long most = count instanceof Value.Nil ? -1 : Operators.whole(count);
    Budget.text((long) self.length() + (long) count(self, old) * fresh.length());
    if (most < 0 && old.isEmpty()) {
      return self.replace(old, fresh);
    }
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (long i = 0; (most < 0 || i < most) && !old.isEmpty(); i++) {
      int at = next(self, old, from);
      if (at < 0) {
        break;
      }
      out.append(self, from, at).append(fresh);
      from = at + old.length();
    }
    return out.append(self.substring(from)).toString();
  }

  /// The next place of a part. The whole text is charged once, by who goes over all of its places.
  private static int next(String self, String part, int from) {
    return Search.unpaid(self, part, from);
  }

  private static int count(String self, String part) {
    Budget.work(self.length());
    if (part.isEmpty()) {
      return self.codePointCount(0, self.length()) + 1;
    }
    int count = 0;
    for (int at = next(self, part, 0); at >= 0; at = next(self, part, at + part.length())) {
      count++;
    }
    return count;
  }

  /// Python counts characters, not UTF-16 units.
  private static int index(String self, int at) {
    return at < 0 ? -1 : self.codePointCount(0, at);
  }

  /// The parts between runs of whitespace.
  static List<String> words(String self) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i <= self.length(); i++) {
      if (i == self.length() || PythonText.isSpace(self.charAt(i))) {
        if (!word.isEmpty()) {
          words.add(word.toString());
          Budget.elements(words.size());
          word.setLength(0);
        }
      } else {
        word.append(self.charAt(i));
      }
    }
    return words;
  }

  private static Value split(String self, Arguments args, boolean fromEnd) {
    Value separator = args.get(0, "sep", Value.NONE);
    long most = Operators.whole(args.get(1, "maxsplit", Value.of(-1)));
    if (separator instanceof Value.Nil) {
      if (most < 0) {
        return strings(words(self));
      }
      throw new TemplateFault("split on whitespace with maxsplit is not supported");
    }
    String mark = text(separator);
    if (mark.isEmpty()) {
      throw new TemplateFault("empty separator");
    }
    return strings(fromEnd ? cutFromEnd(self, mark, most) : cut(self, mark, most));
  }

  private static List<String> cut(String self, String mark, long most) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    while (most < 0 || parts.size() < most) {
      int at = next(self, mark, from);
      if (at < 0) {
        break;
      }
      parts.add(self.substring(from, at));
      Budget.elements(parts.size());
      from = at + mark.length();
    }
    parts.add(self.substring(from));
    return parts;
  }

  private static List<String> cutFromEnd(String self, String mark, long most) {
    List<String> parts = new ArrayList<>();
    int to = self.length();
    while (most < 0 || parts.size() < most) {
      int at = Search.last(self, mark, to);
      if (at < 0) {
        break;
      }
      parts.add(self.substring(at + mark.length(), to));
      Budget.elements(parts.size());
      to = at;
    }
    parts.add(self.substring(0, to));
    Collections.reverse(parts);
    return parts;
  }

  private static Value partition(String self, String mark) {
    int at = Search.first(self, mark, 0);
    List<Value> parts =
        at < 0
            ? List.of(Value.of(self), Value.of(""), Value.of(""))
            : List.of(
                Value.of(self.substring(0, at)),
                Value.of(mark),
                Value.of(self.substring(at + mark.length())));
    return new Value.Tup(parts);
  }

  private static Value strings(List<String> parts) {
    return new Value.Seq(parts.stream().map(Value::of).toList());
  }

  private static Value all(String self, IntPredicate test) {
    return Value.of(!self.isEmpty() && self.codePoints().allMatch(test));
  }

  /// `str.title()`: upper case after anything that is no letter.
  private static String title(String self) {
    StringBuilder out = new StringBuilder();
    boolean letter = false;
    for (int i = 0; i < self.length(); ) {
      int c = self.codePointAt(i);
      i += Character.charCount(c);
      out.appendCodePoint(letter ? Character.toLowerCase(c) : Character.toTitleCase(c));
      letter = Character.isLetter(c);
    }
    return out.toString();
  }
}
