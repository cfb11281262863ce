/// LLaVA-OneVision: a picture as a whole and in tiles, whose patches are pooled where they are
/// many; several pictures as one view each. Start with [dev.lynceus.model.onevision.OneVision].
@NullMarked
package dev.lynceus.model.onevision;

import org.jspecify.annotations.NullMarked;
