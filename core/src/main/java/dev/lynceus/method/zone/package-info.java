/// Attention between zones: which part of a text looks at which, and what the answer loses when it
/// may not. Start with [dev.lynceus.method.zone.Zones] and [dev.lynceus.method.zone.Knockout].
@NullMarked
package dev.lynceus.method.zone;

import org.jspecify.annotations.NullMarked;
