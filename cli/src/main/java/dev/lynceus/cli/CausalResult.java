package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.causal.Measures;
import dev.lynceus.run.Cost;
import java.util.List;

/// What a command that changes a model while it runs tells, and how it came about.
///
/// @param start what the answer said before
/// @param why how the word was chosen; empty where the user named it
/// @param target the word that was measured
/// @param answer tokens of the whole answer that was measured; empty where a word was
/// @param against the other word of the logit difference
/// @param command the command line that makes this result again
/// @param cost as it was told before the sweep
/// @param seconds that the sweep took
/// @param conclusions what each map shows, in a sentence or two; empty where the numbers must speak
/// @param <M> what was found
// Plain numbers of a result; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
record CausalResult<M>(
    String model,
    String revision,
    String dtype,
    String question,
    String start,
    String why,
    String target,
    int targetId,
    int[] answer,
    String against,
    int againstId,
    String command,
    Cost cost,
    double seconds,
    List<String> conclusions,
    List<M> maps) {

  /// What was measured, as a line for a screen.
  String measured() {
    if (answer.length > 0) {
      return "measured: the whole answer \"" + target + "\"\n";
    }
    return "measured: "
        + target
        + (start.isEmpty() ? "" : ", after \"" + start + "\"")
        + (why.isEmpty() ? "" : ", because " + why)
        + "\n";
  }

  /// A run as a line for a screen.
  String line(String name, Measures run) {
    String of = answer.length > 0 ? "the answer" : '"' + target + '"';
    String rest = answer.length > 0 ? "the best others" : '"' + against + '"';
    return "%s: %s %s, log probability %s, logit difference to %s %s\n"
        .formatted(
            name,
            of,
            Spoken.percent(run.probability()),
            Spoken.number(run.logProbability()),
            rest,
            Spoken.signed(run.logitDifference()));
  }
}
