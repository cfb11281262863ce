/// LLaVA-NeXT: the picture as a whole and in tiles at a higher resolution, through the tower and
/// projector of LLaVA. Start with [dev.lynceus.model.llavanext.LlavaNext];
/// [dev.lynceus.image.TileLayout] says which patches stay.
@NullMarked
package dev.lynceus.model.llavanext;

import org.jspecify.annotations.NullMarked;
