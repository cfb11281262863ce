package dev.lynceus.request;

import dev.lynceus.method.causal.CausalMap;

/// Activation patching: puts states of a run about another picture into this one.
///
/// @param measure what is measured of every run
/// @param other the picture that states are taken from, in place of the first one
/// @param site which states are put in
public record PatchRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "word") Measure measure,
    PictureRef other,
    Site site)
    implements Change<CausalMap> {}
