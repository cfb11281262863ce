/// Vision transformers: the towers of CLIP and SigLIP. Start with [dev.lynceus.model.vit.Vit].
@NullMarked
package dev.lynceus.model.vit;

import org.jspecify.annotations.NullMarked;
