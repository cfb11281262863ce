package dev.lynceus.lab.procedure;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.strategy.Wordings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;

/// The settings of a procedure: what was given, read by name. What was read is remembered with its
/// default, so that a run tells all its settings, and what nobody read is refused.
final class Settings {
  private final String procedure;
  private final Map<String, String> given;
  private final SequencedMap<String, String> read = new LinkedHashMap<>();

  Settings(String procedure, Map<String, String> given) {
    this.procedure = procedure;
    this.given = Map.copyOf(given);
  }

  /// A text.
  String text(String name, String otherwise) {
    String value = given.getOrDefault(name, otherwise);
    read.put(name, value);
    return value;
  }

  /// A whole number in a range.
  int whole(String name, int otherwise, int least, int most) {
    String value = text(name, Integer.toString(otherwise));
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below.
    }
    throw wrong(name, value, "a whole number from %d to %d".formatted(least, most));
  }

  /// A number in a range.
  double number(String name, double otherwise, double least, double most) {
    String value = text(name, Double.toString(otherwise));
    try {
      double number = Double.parseDouble(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below.
    }
    throw wrong(name, value, "a number from %s to %s".formatted(least, most));
  }

  /// Texts with commas between; none by default.
  List<String> texts(String name) {
    String list = text(name, "");
    return list.isBlank()
        ? List.of()
        : Arrays.stream(list.split(",", -1)).map(String::strip).toList();
  }

  /// The prompts of a strategy that take the place of the usual ones, each under the name of its
  /// step with `prompt-` before it.
  Map<String, String> prompts(List<Wordings.Step> steps) {
    Map<String, String> own = new LinkedHashMap<>();
    for (Wordings.Step step : steps) {
      String value = text("prompt-" + step.name(), "");
      if (!value.isEmpty()) {
        own.put(step.name(), value);
      }
    }
    Wordings.check(steps, own);
    return own;
  }

  /// One of the constants of an enum, by its name in small letters with hyphens.
  <E extends Enum<E>> E choice(String name, E otherwise) {
    E[] all = otherwise.getDeclaringClass().getEnumConstants();
    String value = text(name, word(otherwise));
    return Arrays.stream(all)
        .filter(one -> word(one).equals(value))
        .findFirst()
        .orElseThrow(() ->
            wrong(name, value, String.join(", ", Arrays.stream(all).map(Settings::word).toList())));
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private LynceusException wrong(String name, String value, String fitting) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        "%s=%s is no setting of %s".formatted(name, value, procedure),
        "Give " + fitting + ".");
  }

  /// All that was read, defaults included.
  ///
  /// @throws LynceusException BAD_REQUEST if something was given that nobody read
  SequencedMap<String, String> all() {
    TreeSet<String> unknown = new TreeSet<>(given.keySet());
    unknown.removeAll(read.keySet());
    if (!unknown.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%s has no setting '%s'".formatted(procedure, unknown.first()),
          read.isEmpty()
              ? "Leave it out: there are none."
              : "Its settings are " + String.join(", ", read.keySet()) + ".");
    }
    return new LinkedHashMap<>(read);
  }
}
