/// What the parts of models share: attention and norms with the places that can be seen and
/// changed.
@NullMarked
package dev.lynceus.model.part;

import org.jspecify.annotations.NullMarked;
