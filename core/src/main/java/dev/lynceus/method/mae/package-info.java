/// What a masked autoencoder makes of what it does not see. Start with
/// [dev.lynceus.method.mae.Reconstruction].
@NullMarked
package dev.lynceus.method.mae;

import org.jspecify.annotations.NullMarked;
