package dev.lynceus.request;

import dev.lynceus.method.causal.Ablation;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Component;

/// Ablation: silences parts of the model in turn.
///
/// @param measure what is measured of every run
/// @param site what is silenced
/// @param fill what takes its place
/// @param positions where; in another stack than the decoder `all`
/// @param stack whose layers they are
public record AblateRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "word") Measure measure,
    @Setting(otherwise = "head") Component site,
    @Setting(otherwise = "zero") Ablation.Fill fill,
    @Setting(otherwise = "all") String positions,
    @Setting(otherwise = "decoder") Pile stack)
    implements Change<CausalMap> {}
