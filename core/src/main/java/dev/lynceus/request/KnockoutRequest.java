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
public record KnockoutRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "word") Measure measure,
    List<AttentionKnockout.Edge> edges,
    @Setting(otherwise = "1", least = 1, most = 10_000) int window,
    @Setting(least = 0, most = 100_000) List<Integer> heads)
    implements Change<CausalMap> {}
