package dev.lynceus.cli;

import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Measures;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.run.Cost;
import java.util.List;
import java.util.Locale;

/// What a command that changes a model while it runs tells, and how it came about.
///
/// @param target the word that was measured
/// @param against the other word of the logit difference
/// @param command the command line that makes this result again
/// @param cost as it was told before the sweep
/// @param seconds that the sweep took
record CausalResult(
    String model,
    String revision,
    String dtype,
    String question,
    String target,
    int targetId,
    String against,
    int againstId,
    String command,
    Cost cost,
    double seconds,
    List<CausalMap> maps) {
  private static final int LISTED = 10;

  /// For a screen: the runs that were compared, and the strongest cells.
  String text(Metric metric) {
    StringBuilder text = new StringBuilder();
    for (CausalMap map : maps) {
      text.append(map.what()).append('\n');
      text.append(line(map.other().isPresent() ? "changed run" : "clean run", map.base()));
      map.other().ifPresent(other -> text.append(line("other run", other)));
      map.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
      text.append("largest changes of the ").append(metric.label()).append(":\n");
      for (CausalMap.Cell cell : map.strongest(metric, LISTED)) {
        text.append(
            String.format(
                Locale.ROOT,
                "  %s %-6s %s %-24s %+.4f%n",
                map.rowAxis(),
                cell.rowLabel(),
                map.columnAxis(),
                cell.columnLabel(),
                cell.change()));
      }
    }
    return text.toString();
  }

  private String line(String name, Measures run) {
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
