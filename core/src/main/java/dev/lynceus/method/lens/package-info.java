/// The tuned lens: reads a model's next word out of every layer, after a map that was fitted for
/// it.
///
/// Start with [dev.lynceus.method.lens.TunedLens].
@NullMarked
package dev.lynceus.method.lens;

import org.jspecify.annotations.NullMarked;
