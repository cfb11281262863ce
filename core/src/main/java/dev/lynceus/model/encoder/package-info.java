/// Text encoders: all words of a text see each other, and in some families read a vision tower
/// besides. Start with [dev.lynceus.model.encoder.TextEncoder].
@NullMarked
package dev.lynceus.model.encoder;

import org.jspecify.annotations.NullMarked;
