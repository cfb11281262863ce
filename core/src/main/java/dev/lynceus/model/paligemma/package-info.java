/// PaliGemma: one view of a picture before the words, seen by the prompt in both directions. Start
/// with [dev.lynceus.model.paligemma.PaliGemma].
@NullMarked
package dev.lynceus.model.paligemma;

import org.jspecify.annotations.NullMarked;
