/// What models read out of configuration files: keys with their defaults, the rotary encoding, the
/// length of sequences. Start with [dev.lynceus.model.config.Config].
@NullMarked
package dev.lynceus.model.config;

import org.jspecify.annotations.NullMarked;
