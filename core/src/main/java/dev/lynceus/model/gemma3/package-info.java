/// Gemma 3: pooled views of a picture among the words, whose tokens see each other. Start with
/// [dev.lynceus.model.gemma3.Gemma3].
@NullMarked
package dev.lynceus.model.gemma3;

import org.jspecify.annotations.NullMarked;
