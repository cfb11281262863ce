/// The world that the bundled model is trained on and measured in: pictures of coloured silhouettes
/// of which every box, mask, colour and relation is known, and questions with answers about them.
/// Start with [dev.lynceus.pupil.world.World].
@NullMarked
package dev.lynceus.pupil.world;

import org.jspecify.annotations.NullMarked;
