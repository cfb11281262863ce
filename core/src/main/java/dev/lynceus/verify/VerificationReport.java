package dev.lynceus.verify;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What a comparison of a model with reference values found.
///
/// @param checkpoint folder of the model
/// @param against folder of the reference values
/// @param checks in the order of the files
/// @param notes what is odd about the checkpoint, and which generation settings decided, a sentence
///   each
public record VerificationReport(
    String checkpoint, String against, List<Check> checks, List<String> notes) {
  public VerificationReport {
    checks = List.copyOf(checks);
    notes = List.copyOf(notes);
  }

  /// Without notes.
  public VerificationReport(String checkpoint, String against, List<Check> checks) {
    this(checkpoint, against, checks, List.of());
  }

  /// How many checks have that verdict.
  public long count(Verdict verdict) {
    return checks.stream().filter(check -> check.verdict() == verdict).count();
  }

  /// Whether nothing failed and something passed.
  public boolean passed() {
    return count(Verdict.FAIL) == 0 && count(Verdict.PASS) > 0;
  }

  /// The compared value with the largest relative error; a missing number counts as infinite.
  public Optional<Check> worst() {
    return checks.stream()
        .filter(check -> check.verdict() != Verdict.SKIPPED)
        .max(
            Comparator.comparingDouble(check ->
                Double.isNaN(check.relative()) ? Double.POSITIVE_INFINITY : check.relative()));
  }

  /// The check of a value.
  public Optional<Check> find(String file, String name) {
    return checks.stream()
        .filter(check -> check.file().equals(file) && check.name().equals(name))
        .findFirst();
  }
}
