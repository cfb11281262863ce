/// Every place in a model that can be seen or changed.
///
/// Start with [dev.lynceus.tap.Point], the table of all places, then [dev.lynceus.tap.Capture] for
/// what to see, [dev.lynceus.tap.Intervention] for what to change, and [dev.lynceus.tap.TokenMap]
/// for what each position is. Models pass every named activation through a [dev.lynceus.tap.Tap].
@NullMarked
package dev.lynceus.tap;

import org.jspecify.annotations.NullMarked;
