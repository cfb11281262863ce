/// X-Former: a Q-Former whose queries are given detail by a masked autoencoder. Start with
/// [dev.lynceus.model.xformer.DualAttention].
@NullMarked
package dev.lynceus.model.xformer;

import org.jspecify.annotations.NullMarked;
