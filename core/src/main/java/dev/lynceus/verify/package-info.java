/// Compares a model here with values that another program computed for the same checkpoint, stage
/// by stage: how a user learns to trust a model.
///
/// Start with [dev.lynceus.verify.Verification]; what it says is a
/// [dev.lynceus.verify.VerificationReport].
@NullMarked
package dev.lynceus.verify;

import org.jspecify.annotations.NullMarked;
