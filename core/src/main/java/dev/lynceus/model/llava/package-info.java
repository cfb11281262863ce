/// LLaVA: tower, projector, decoder, and how visual tokens take the places of image placeholders.
/// Start with [dev.lynceus.model.llava.Llava].
@NullMarked
package dev.lynceus.model.llava;

import org.jspecify.annotations.NullMarked;
