/// InternVL: a picture in tiles and as a whole, of whose patches several become one visual token.
/// Start with [dev.lynceus.model.internvl.InternVl].
@NullMarked
package dev.lynceus.model.internvl;

import org.jspecify.annotations.NullMarked;
