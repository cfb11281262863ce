package dev.lynceus.bench.fuzz;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The report of a run: one row for each kind, then the cases that failed.
final class FuzzReport {
  private static final String HEAD =
      """
      | kind | seed | cases | taken | refused | aborts | hangs | memory | stack traces | internal errors | slowest | largest growth |
      |---|---|---|---|---|---|---|---|---|---|---|---|
      """;

  private final long seed;
  private final List<String> rows = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final List<String> codes = new ArrayList<>();

  FuzzReport(long seed) {
    this.seed = seed;
  }

  void add(String kind, List<Outcome> outcomes) {
    rows.add(
        "| %s | %d | %d | %d | %d | %d | %d | %d | %d | %d | %.1f s | %d MiB |"
            .formatted(
                kind,
                seed,
                outcomes.size(),
                count(outcomes, Verdict.TAKEN),
                count(outcomes, Verdict.REFUSED),
                count(outcomes, Verdict.ABORT),
                count(outcomes, Verdict.HANG),
                count(outcomes, Verdict.MEMORY),
                count(outcomes, Verdict.STACK_TRACE),
                count(outcomes, Verdict.INTERNAL_ERROR),
                outcomes.stream().mapToLong(Outcome::millis).max().orElse(0) / 1000.0,
                outcomes.stream().mapToLong(Outcome::grownKib).max().orElse(0) >> 10));
    Map<String, Long> byCode =
        outcomes.stream()
            .filter(outcome -> outcome.verdict() == Verdict.REFUSED)
            .collect(Collectors.groupingBy(Outcome::code, TreeMap::new, Collectors.counting()));
    codes.add(kind + " refused with: " + byCode);
    outcomes.stream()
        .max(Comparator.comparingLong(Outcome::millis))
        .ifPresent(slowest ->
            codes.add(kind + " slowest: case " + slowest.index() + ", " + slowest.description()));
    outcomes.stream()
        .filter(outcome -> outcome.verdict().isFault())
        .forEach(outcome ->
            faults.add(
                "- %s %d, %s: %s (%s)%n  again: `%s`"
                    .formatted(
                        kind,
                        outcome.index(),
                        outcome.verdict().label(),
                        outcome.description(),
                        outcome.detail(),
                        FuzzRun.again(kind, seed, outcome.index()))));
  }

  private static long count(List<Outcome> outcomes, Verdict verdict) {
    return outcomes.stream().filter(outcome -> outcome.verdict() == verdict).count();
  }

  boolean clean() {
    return faults.isEmpty();
  }

  String markdown() {
    return HEAD
        + String.join("\n", rows)
        + "\n\n"
        + String.join("\n", codes)
        + "\n"
        + (faults.isEmpty() ? "" : "\n" + String.join("\n", faults) + "\n");
  }
}
