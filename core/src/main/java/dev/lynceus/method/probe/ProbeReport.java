package dev.lynceus.method.probe;

import dev.lynceus.method.Finding;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.Unit;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What linear probes read out of states, and what the model loses without the directions of the
/// label: the correlation and its causal twin, depth by depth.
///
/// @param labels what is told apart
/// @param cases questions
/// @param pictures that they are about
/// @param positions whose mean state is read
/// @param majority share of the most frequent label
/// @param depths one for each depth: 0 is what enters the first layer
public record ProbeReport(
    List<String> labels,
    int cases,
    int pictures,
    String positions,
    double majority,
    List<Depth> depths)
    implements Finding {
  public ProbeReport {
    labels = List.copyOf(labels);
    depths = List.copyOf(depths);
  }

  /// A depth.
  ///
  /// @param right share of labels that are read right in pictures that the probe was not fitted on
  /// @param shuffled the same of probes fitted to shuffled labels
  /// @param selectivity `right - shuffled`
  /// @param rank directions of the label ([ProbeSettings.Directions]), the most of any fold
  /// @param erased share that fresh probes read right once these are taken out of all states
  /// @param otherwise the same where as many random directions are; empty without draws
  /// @param change of the log probability of the model's own word where they are taken out of the
  ///   running model, mean over the cases, each by the probe that was not fitted on its picture
  /// @param random the same for random directions; empty without draws
  public record Depth(
      int depth,
      Share right,
      Share shuffled,
      double selectivity,
      int rank,
      Share erased,
      Optional<Share> otherwise,
      @Unit("nats") Estimate change,
      @Unit("nats") Optional<Estimate> random) {}

  /// What was found at the depth at which most is read, in sentences.
  public String conclusion() {
    Depth best = best();
    String anew =
        " Without the %d directions of the label a fresh probe reads %s, and the model's word %s"
            .formatted(best.rank, Share.plain(best.erased.share()), moved(best.change.value()));
    return "Most is read at depth %d: %s of the labels are right, %s where labels were shuffled, %s by the most frequent label."
            .formatted(
                best.depth,
                Share.plain(best.right.share()),
                Share.plain(best.shuffled.share()),
                Share.plain(majority))
        + anew
        + best.random
            .map(random ->
                "; as many random directions: %s, and it %s."
                    .formatted(
                        best.otherwise.map(one -> Share.plain(one.share())).orElse(""),
                        moved(random.value())))
            .orElse(".");
  }

  private static String moved(double change) {
    return (change <= 0 ? "loses " : "gains ") + Spoken.number(Math.abs(change)) + " nats";
  }

  /// The depth at which most is read.
  public Depth best() {
    return depths.stream()
        .max(Comparator.comparingDouble(one -> one.right().share()))
        .orElseThrow();
  }
}
