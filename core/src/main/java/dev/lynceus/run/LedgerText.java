package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.ContentDigest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The lines of a ledger.
final class LedgerText {
  static final String HEAD = "lynceus-ledger-2 ";
  private static final String OLD = "lynceus-sweep-";
  private static final int CHECK = 16;
  private static final String NEXT = "Give another file, or remove this one to begin anew.";

  private final Path file;
  private final Map<String, String> parts;
  private final String head;
  private int width = -1;

  LedgerText(Path file, LedgerKey key) {
    this.file = file;
    this.parts = new LinkedHashMap<>(key.parts());
    String json = JsonMapper.shared().writeValueAsString(parts);
    this.head = HEAD + check(json) + " " + json;
  }

  /// The first line.
  String head() {
    return head;
  }

  private static String check(String text) {
    return ContentDigest.of(text).substring(0, CHECK);
  }

  /// A line of results.
  String line(int replay, double[] result) {
    String numbers =
        replay + Arrays.stream(result).mapToObj(value -> " " + value).collect(Collectors.joining());
    return numbers + " #" + check(head + "\n" + numbers);
  }

  /// A line of a result that is a text.
  ///
  /// @param result in one line
  String line(int row, String result) {
    String all = row + " " + result;
    return all + " #" + check(head + "\n" + all);
  }

  /// The row that a line of a text is about, once it is found to be what this ledger wrote.
  ///
  /// @param number of the line, from 1
  /// @throws LynceusException BAD_REQUEST, naming the line and what is wrong with it
  int row(String line, int number) {
    int mark = line.lastIndexOf(" #");
    int space = line.indexOf(' ');
    if (mark < 0 || space < 0 || space >= mark) {
      throw wrong(number, "has no checksum");
    }
    int row;
    try {
      row = Integer.parseInt(line.substring(0, space));
    } catch (NumberFormatException e) {
      throw wrong(number, "is no result");
    }
    if (!line.substring(mark + 2).equals(check(head + "\n" + line.substring(0, mark)))) {
      throw wrong(
          number, "does not match its checksum: it was altered, or comes from another ledger");
    }
    return row;
  }

  /// Refuses a second line about a row.
  LynceusException twice(int row, int number) {
    return wrong(number, "is about row " + row + ", as one before it is");
  }

  /// The text of a line that was checked.
  static String text(String line) {
    return line.substring(line.indexOf(' ') + 1, line.lastIndexOf(" #"));
  }

  /// Checks what a file without any whole line holds: nothing, or the beginning of this head.
  void checkBegun(String text) {
    if (!head.startsWith(text)) {
      checkBeginning(file, text);
      throw foreign(Set.of());
    }
  }

  /// Checks the first characters of a file, as many as [#HEAD] has where there are so many.
  static void checkBeginning(Path file, String text) {
    if (text.startsWith(OLD)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          file
              + " was written by an older Lynceus, whose ledgers do not tell which pictures and files they are about",
          NEXT);
    }
    if (!text.startsWith(HEAD) && !HEAD.startsWith(text)) {
      throw bad(file + " is no ledger");
    }
  }

  /// Checks the first line.
  ///
  /// @throws LynceusException BAD_REQUEST, naming the parts that differ
  void checkHead(String line) {
    if (line.equals(head)) {
      return;
    }
    checkBeginning(file, line);
    String rest = line.startsWith(HEAD) ? line.substring(HEAD.length()) : "";
    String json = rest.length() > CHECK ? rest.substring(CHECK + 1) : "";
    if (json.isEmpty() || !rest.startsWith(check(json) + " ")) {
      throw bad("line 1 of " + file + " was altered: it does not match its checksum");
    }
    throw foreign(differing(json));
  }

  private Set<String> differing(String json) {
    Map<String, String> theirs = new LinkedHashMap<>();
    try {
      JsonNode node = JsonMapper.shared().readTree(json);
      for (String name : node.propertyNames()) {
        theirs.put(name, node.get(name).asString(""));
      }
    } catch (JacksonException e) {
      // Told as a ledger that differs.
    }
    Set<String> names = new TreeSet<>();
    names.addAll(theirs.keySet());
    names.addAll(parts.keySet());
    names.removeIf(name -> parts.containsKey(name) && parts.get(name).equals(theirs.get(name)));
    return names;
  }

  private LynceusException foreign(Set<String> names) {
    String differs = names.isEmpty() ? "" : ": it differs in " + String.join(", ", names);
    return bad(file + " does not hold results of this sweep" + differs);
  }

  /// Reads a line of results.
  ///
  /// @param number of the line, from 1
  /// @throws LynceusException BAD_REQUEST, naming the line and what is wrong with it
  void read(String line, int number, Map<Integer, double[]> results) {
    int mark = line.lastIndexOf(" #");
    String numbers = mark < 0 ? line : line.substring(0, mark);
    List<String> fields = new ArrayList<>(List.of(numbers.split(" ", -1)));
    int replay;
    double[] values;
    try {
      replay = Integer.parseInt(fields.removeFirst());
      values = fields.stream().mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException e) {
      throw wrong(number, "is no result");
    }
    if (mark < 0) {
      throw wrong(number, "has no checksum");
    }
    if (replay < 0) {
      throw wrong(number, "is about replay " + replay + ", which there is not");
    }
    if (!Arrays.stream(values).allMatch(Double::isFinite)) {
      throw wrong(number, "has a value that is not finite");
    }
    if (!line.substring(mark + 2).equals(check(head + "\n" + numbers))) {
      throw wrong(
          number, "does not match its checksum: it was altered, or comes from another ledger");
    }
    width = width < 0 ? values.length : width;
    if (values.length == 0 || values.length != width) {
      throw wrong(number, "has %d values where others have %d".formatted(values.length, width));
    }
    if (results.put(replay, values) != null) {
      throw wrong(number, "is about replay " + replay + ", as one before it is");
    }
  }

  private LynceusException wrong(int number, String what) {
    return bad("line %d of %s %s".formatted(number, file, what));
  }

  static LynceusException bad(String message) {
    return new LynceusException(ErrorCode.BAD_REQUEST, message, NEXT);
  }
}
