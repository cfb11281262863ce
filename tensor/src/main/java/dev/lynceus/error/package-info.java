/// The one exception of the house. Start with [LynceusException].
@NullMarked
package dev.lynceus.error;

import org.jspecify.annotations.NullMarked;
