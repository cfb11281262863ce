package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// What is asked of every command line before its command begins: numbers in their range, names
/// that can be names, and outputs that can be written. No command can forget it, for no command
/// calls it.
final class Preflight {
  /// Endings of what is looked at.
  private static final List<String> DRAWN = List.of(".html", ".htm", ".svg", ".png");

  private final Console console;

  Preflight(Console console) {
    this.console = console;
  }

  /// Checks what was given.
  ///
  /// @throws LynceusException BAD_REQUEST, NOT_WRITABLE
  void check(ParseResult given) {
    ParseResult last = given;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    CommandSpec command = last.commandSpec();
    for (OptionSpec option : last.matchedOptions()) {
      checkNames(option.longestName(), option.getValue());
      checkNumbers(command.name(), option.longestName(), option.getValue());
    }
    for (PositionalParamSpec words : last.matchedPositionals()) {
      checkNames(words.paramLabel(), words.getValue());
    }
    Map<Path, String> named = new HashMap<>();
    for (PositionalParamSpec words : last.matchedPositionals()) {
      read(words.getValue()).forEach(file -> named.put(file, "the command reads"));
    }
    boolean force = command.findOption("--force") != null && isSet(command);
    for (OptionSpec option : command.options()) {
      Written written = written(option);
      if (written != null && option.getValue() instanceof String name) {
        switch (written.value()) {
          case FILE, RESULT -> OutputFile.checked(name, force, console);
          case LEDGER -> OutputFile.checkLedger(name);
          case FOLDER -> OutputFile.checkFolder(name);
        }
        requireOwnName(named, option.longestName(), name);
        if (written.value() == Written.As.RESULT) {
          requireText(option.longestName(), name, command);
        }
      }
    }
  }

  /// Refuses a name that promises a page or a picture where text or JSON is written.
  private static void requireText(String option, String name, CommandSpec command) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (DRAWN.stream().noneMatch(lower::endsWith)) {
      return;
    }
    throw new LynceusException(
        ErrorCode.BAD_REQUEST,
        option + " " + name + ": `" + command.name() + "` writes text or JSON there, no page",
        command.findOption("--figure") == null
            ? "Give the file another name, such as result.txt, or with --json result.json."
            : "Give the file another name, such as result.txt; --figure draws.");
  }

  /// Refuses a file that the command would read, or write twice: what came first would be lost.
  private static void requireOwnName(Map<Path, String> named, String option, String name) {
    String other = named.putIfAbsent(place(Path.of(name)), option + " names");
    if (other != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          option + " names " + name + ", which " + other + ", too",
          "Give each result a file of its own.");
    }
  }

  /// The files that words of the command line name.
  private static List<Path> read(@Nullable Object value) {
    return switch (value) {
      case String word when QuestionArguments.isFile(word) -> List.of(place(Path.of(word)));
      case Collection<?> many -> many.stream().flatMap(one -> read(one).stream()).toList();
      case Object[] many -> read(Arrays.asList(many));
      case null, default -> List.of();
    };
  }

  /// Where a file is, whatever name leads to it.
  private static Path place(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException absent) {
      return file.toAbsolutePath().normalize();
    }
  }

  private static boolean isSet(CommandSpec command) {
    return Boolean.TRUE.equals(command.findOption("--force").getValue());
  }

  /// The mark of an argument that is written; null for others.
  static @Nullable Written written(ArgSpec argument) {
    return argument.userObject() instanceof Field field ? field.getAnnotation(Written.class) : null;
  }

  /// Whether the values of an argument are numbers.
  static boolean isNumber(ArgSpec argument) {
    for (Class<?> type : argument.auxiliaryTypes()) {
      boolean primitive = type.isPrimitive() && type != boolean.class && type != char.class;
      if (primitive || Number.class.isAssignableFrom(type)) {
        return true;
      }
    }
    return false;
  }

  private static void checkNumbers(String command, String option, @Nullable Object value) {
    switch (value) {
      case Number number -> {
        OptionRange range = OptionRange.of(command, option);
        if (range != null) {
          range.check(option, number);
        }
      }
      case Collection<?> many -> many.forEach(one -> checkNumbers(command, option, one));
      case null -> {}
      default -> {
        if (value.getClass().isArray()) {
          for (int i = 0; i < Array.getLength(value); i++) {
            checkNumbers(command, option, Array.get(value, i));
          }
        }
      }
    }
  }

  /// A NUL ends a name for the system, and for nobody else.
  private static void checkNames(String option, @Nullable Object value) {
    switch (value) {
      case String text when text.indexOf('\0') >= 0 ->
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              option.toLowerCase(Locale.ROOT) + " has a NUL character in it",
              "Give text without it.");
      case Collection<?> many -> many.forEach(one -> checkNames(option, one));
      case Object[] many -> {
        for (Object one : many) {
          checkNames(option, one);
        }
      }
      case null, default -> {}
    }
  }
}
