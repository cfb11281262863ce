/// What a linear map can read out of states.
///
/// Start with [dev.lynceus.method.probe.LinearProbe].
@NullMarked
package dev.lynceus.method.probe;

import org.jspecify.annotations.NullMarked;
