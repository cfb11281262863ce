/// Idefics3 and SmolVLM: a picture in tiles and as a whole, of whose patches several become one
/// visual token. Start with [dev.lynceus.model.idefics3.Idefics3].
@NullMarked
package dev.lynceus.model.idefics3;

import org.jspecify.annotations.NullMarked;
