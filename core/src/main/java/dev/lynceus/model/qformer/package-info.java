/// The Q-Former: a few learned queries that read a vision tower by cross-attention, and in some
/// models words beside them. Start with [dev.lynceus.model.qformer.QFormer].
@NullMarked
package dev.lynceus.model.qformer;

import org.jspecify.annotations.NullMarked;
