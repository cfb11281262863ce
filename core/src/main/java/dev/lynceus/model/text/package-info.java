/// The stack that reads and writes words: embeddings, layers, the last norm and the unembedding,
/// whose differences between families are values of [dev.lynceus.model.text.TextConfig]. Start with
/// [dev.lynceus.model.text.TextStack].
@NullMarked
package dev.lynceus.model.text;

import org.jspecify.annotations.NullMarked;
