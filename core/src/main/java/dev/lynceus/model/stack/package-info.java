/// What every stack of layers is made of: [dev.lynceus.model.stack.Block] computes a
/// [dev.lynceus.model.stack.Layer] through the tap, with what its rows see beside themselves
/// ([dev.lynceus.model.stack.Surroundings]); keys and values of earlier positions; and the way
/// back.
@NullMarked
package dev.lynceus.model.stack;

import org.jspecify.annotations.NullMarked;
