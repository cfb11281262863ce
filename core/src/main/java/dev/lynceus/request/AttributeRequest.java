package dev.lynceus.request;

import dev.lynceus.method.causal.AttributionMap;
import dev.lynceus.method.causal.AttributionPatching;
import dev.lynceus.method.causal.Component;
import dev.lynceus.method.causal.Measures.Metric;

/// Attribution patching: estimates by gradients what patching would show in every cell, and tests
/// the estimates.
///
/// @param measure what is measured of every run
/// @param corruption of the input
/// @param site what is put in
/// @param positions where; empty = all, of neurons the last
/// @param estimate how it is estimated
/// @param metric what is estimated
/// @param retest the strongest so many cells are patched
/// @param sample so many random cells are patched as well
public record AttributeRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "word") Measure measure,
    Corrupted corruption,
    @Setting(otherwise = "layer") Component site,
    @Setting(otherwise = "") String positions,
    @Setting(otherwise = "qk-fix") AttributionPatching.Form estimate,
    @Setting(otherwise = "log-probability") Metric metric,
    @Setting(otherwise = "20", least = 0, most = 1_000_000) int retest,
    @Setting(otherwise = "200", least = 0, most = 1_000_000) int sample)
    implements Change<AttributionMap> {}
