package dev.lynceus.cli;

import dev.lynceus.method.causal.Measures;
import dev.lynceus.run.Cost;
import java.util.List;
import java.util.Locale;

/// What a command that changes a model while it runs tells, and how it came about.
///
/// @param start what the answer said before
/// @param target the word that was measured
/// @param against the other word of the logit difference
/// @param command the command line that makes this result again
/// @param cost as it was told before the sweep
/// @param seconds that the sweep took
/// @param <M> what was found
record CausalResult<M>(
    String model,
    String revision,
    String dtype,
    String question,
    String start,
    String target,
    int targetId,
    String against,
    int againstId,
    String command,
    Cost cost,
    double seconds,
    List<M> maps) {

  /// What was measured, as a line for a screen.
  String measured() {
    return (start.isEmpty()
            ? "measured: " + target
            : "measured: " + target + ", after \"" + start + "\"")
        + "\n";
  }

  /// A run as a line for a screen.
  String line(String name, Measures run) {
    return String.format(
        Locale.ROOT,
        "%s: p(%s) %.4f, log %.4f, logit against %s %+.4f%n",
        name,
        target,
        run.probability(),
        run.logProbability(),
        against,
        run.logitDifference());
  }
}
