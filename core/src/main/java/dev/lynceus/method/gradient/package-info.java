/// Gradients through a run: what a word's logit or log probability depends on, by automatic
/// differentiation of the passes that the models themselves make.
///
/// Start with [dev.lynceus.method.gradient.Backward].
@NullMarked
package dev.lynceus.method.gradient;

import org.jspecify.annotations.NullMarked;
