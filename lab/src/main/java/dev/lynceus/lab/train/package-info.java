/// Trains the bundled model on the world of silhouettes, in the stages of LLaVA: the decoder on
/// texts, the vision tower on patches, then both on questions about pictures. Start with
/// [dev.lynceus.lab.train.Trainer].
@NullMarked
package dev.lynceus.lab.train;

import org.jspecify.annotations.NullMarked;
