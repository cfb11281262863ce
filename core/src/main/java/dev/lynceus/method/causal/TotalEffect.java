package dev.lynceus.method.causal;

import dev.lynceus.method.Spoken;
import java.util.Locale;

/// What a corruption does to the answer, which a trace shares out among states: the gate that says
/// whether there is anything to share out.
///
/// @param effect probability of the clean run minus that of the corrupted one, a mean where several
///   were made
/// @param spread half width of its 95 % interval; 0 for a single one
/// @param least size of the effect from which a map tells something
/// @param lost how many of the corrupted runs have another most probable token
/// @param runs how many corrupted runs were made
public record TotalEffect(double effect, double spread, double least, int lost, int runs) {

  /// Whether the corruption moved the answer enough.
  public boolean passed() {
    return Math.abs(effect) >= least;
  }

  /// One line for a reader.
  public String text() {
    String size =
        spread > 0
            ? "total effect " + Spoken.number(effect) + " \u00b1 " + Spoken.number(spread)
            : "total effect " + Spoken.number(effect);
    String answers =
        runs == 1
            ? lost == 1 ? "the answer is lost" : "the corrupted run still answers the same"
            : "the answer is lost in %d of %d runs".formatted(lost, runs);
    return passed()
        ? size + " on the probability; " + answers
        : size
            + String.format(
                Locale.ROOT, " on the probability, less than %.1f: this map tells little", least);
  }
}
