package dev.lynceus.request;

import dev.lynceus.method.causal.AttentionKnockout;
import dev.lynceus.method.causal.CausalMap;
import java.util.List;

/// Attention knockout: forbids positions to attend to others, layer by layer.
///
/// @param measure what is measured of every run
/// @param edges who may not look at what, written `last:image`; none = the ways from a picture to
///   the answer
/// @param window layers that are blocked together
/// @param heads that are blocked; none = all
/// @param draws as many random looks that are taken away beside each edge, this many times; 0 =
///   none
/// @param seed of these
public record KnockoutRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "word") Measure measure,
    List<AttentionKnockout.Edge> edges,
    @Setting(otherwise = "1", least = 1, most = 10_000) int window,
    @Setting(least = 0, most = 100_000) List<Integer> heads,
    @Setting(otherwise = "0", least = 0, most = 1000) int draws,
    @Setting(otherwise = "0") long seed)
    implements Change<CausalMap> {

  /// The edges as they are written, for example `last:image`.
  public List<String> written() {
    return edges.stream().map(edge -> edge.targets() + ":" + edge.sources()).toList();
  }
}
