/// The families of decoders, one file each: what a config leaves out, and what it says differently.
/// Start with [dev.lynceus.model.decoder.Decoders], the list.
@NullMarked
package dev.lynceus.model.decoder;

import org.jspecify.annotations.NullMarked;
