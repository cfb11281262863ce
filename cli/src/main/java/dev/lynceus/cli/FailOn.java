package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.evidence.Verdict;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which verdicts end a command with a status of their own, so that a pipeline stops.
final class FailOn {
  /// Judged as asked, and a verdict was found that shall stop a pipeline.
  static final int STATUS = 9;

  private static final EnumSet<Verdict> KNOWN =
      EnumSet.of(
          Verdict.CONTRADICTED,
          Verdict.UNSUPPORTED,
          Verdict.TEXT,
          Verdict.IMAGE,
          Verdict.UNCALIBRATED);

  @Option(
      names = "--fail-on",
      split = ",",
      paramLabel = "VERDICT",
      description = {
        "End with status 9 where an answer has one of these verdicts: contradicted, unsupported,",
        "text (the picture decides no word), uncalibrated, image; with commas."
      })
  String @Nullable [] names;

  @Option(
      names = "--least-right",
      paramLabel = "P",
      description = {
        "End with status 9 where a word that the picture decides is right with a probability below",
        "P, 0 to 1. Words of which it is not known do not count."
      })
  @Nullable Double leastRight;

  /// The verdicts.
  ///
  /// @throws LynceusException BAD_REQUEST if a name is none
  Set<Verdict> verdicts() {
    EnumSet<Verdict> verdicts = EnumSet.noneOf(Verdict.class);
    for (String name : names == null ? new String[0] : names) {
      String label = name.strip().toLowerCase(Locale.ROOT);
      verdicts.add(
          KNOWN.stream()
              .filter(verdict -> verdict.label().equals(label))
              .findFirst()
              .orElseThrow(() -> unknown(name)));
    }
    return verdicts;
  }

  private static LynceusException unknown(String name) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        "--fail-on " + name + " is no verdict",
        "Use " + String.join(", ", KNOWN.stream().map(Verdict::label).toList()) + ".");
  }

  /// The exit status for what was found.
  ///
  /// @param right probabilities that words are right; null where one is not known
  int status(Set<Verdict> failing, Collection<String> found, Stream<@Nullable Double> right) {
    Double least = leastRight;
    return failing.stream().map(Verdict::label).anyMatch(found::contains)
            || least != null && right.anyMatch(one -> one != null && one < least)
        ? STATUS
        : 0;
  }

  /// The labels of verdicts.
  static Collection<String> labels(Collection<Verdict> verdicts) {
    return verdicts.stream().map(Verdict::label).toList();
  }

  @Override
  public String toString() {
    return Arrays.toString(names);
  }
}
