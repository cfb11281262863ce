/// Words of visual tokens: five ways to read them, heads that are fitted for it, and the experiment
/// that puts words in their place.
///
/// Start with [dev.lynceus.method.words.WordView].
@NullMarked
package dev.lynceus.method.words;

import org.jspecify.annotations.NullMarked;
