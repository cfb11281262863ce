/// Building blocks of the models: linear maps with weights of any width, norms, activations, rotary
/// positions, attention. Start with [dev.lynceus.nn.Linear].
@NullMarked
package dev.lynceus.nn;

import org.jspecify.annotations.NullMarked;
