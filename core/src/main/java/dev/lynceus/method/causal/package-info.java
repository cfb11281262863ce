/// Methods that change a model while it runs and measure what becomes of an answer: tracing,
/// patching, knockout, occlusion, ablation. Every one is a sweep of replays of one run.
///
/// Start with [dev.lynceus.method.causal.Readout], what is measured, and
/// [dev.lynceus.method.causal.CausalMap], what every method gives; then any method.
@NullMarked
package dev.lynceus.method.causal;

import org.jspecify.annotations.NullMarked;
