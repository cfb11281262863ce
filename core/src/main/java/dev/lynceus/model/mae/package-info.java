/// Masked autoencoders: a tower that sees some patches of a picture, and a decoder that makes the
/// pixels of the others. Start with [dev.lynceus.model.mae.Mae].
@NullMarked
package dev.lynceus.model.mae;

import org.jspecify.annotations.NullMarked;
