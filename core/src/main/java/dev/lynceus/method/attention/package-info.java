/// What attention can tell, and what it cannot: rows of an answer, layers and heads side by side,
/// sinks, why a head looked where it looked, and what kind of head it is.
///
/// Start with [dev.lynceus.method.attention.AttentionExplainer], which makes an
/// [dev.lynceus.method.attention.AttentionResult]. Attention is what a head reads from, not what
/// its reading does to the answer: for that see the log increase and the causal methods.
@NullMarked
package dev.lynceus.method.attention;

import org.jspecify.annotations.NullMarked;
