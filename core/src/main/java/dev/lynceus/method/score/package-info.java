/// How good an explanation is: against the truth where it is known, against the model's own answers
/// when patches are taken away, against other explanations; with intervals.
///
/// Start with [dev.lynceus.method.score.Pointing].
@NullMarked
package dev.lynceus.method.score;

import org.jspecify.annotations.NullMarked;
