package dev.lynceus.request;

import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.PathPatching;
import java.util.List;

/// Path patching: puts each head of another run in, along the direct way to chosen receivers alone.
///
/// @param measure what is measured of every run
/// @param corruption of the input
/// @param receivers heads that take in; none = the answer
/// @param input what of the receivers is set
/// @param positions where senders are changed
/// @param networks whether ways through feed-forward networks count as well
public record PathsRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "word") Measure measure,
    Corrupted corruption,
    List<HeadRef> receivers,
    @Setting(otherwise = "query") PathPatching.Input input,
    @Setting(otherwise = "all") String positions,
    @Setting(otherwise = "held") PathPatching.Networks networks)
    implements Change<CausalMap> {}
