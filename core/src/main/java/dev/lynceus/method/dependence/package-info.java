/// What an answer depends on where no logit is a sum of shares: parts of what was given, and parts
/// of the model, taken away one by one and together, beside gradients and relevancies that are
/// tested so. Start with [dev.lynceus.method.dependence.DependenceExplainer].
@NullMarked
package dev.lynceus.method.dependence;

import org.jspecify.annotations.NullMarked;
