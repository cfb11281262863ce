/// Text in and out of a model: tokenizers and chat templates, read from a checkpoint folder.
///
/// Start with [dev.lynceus.text.Tokenizer], which turns text into token ids and back, and
/// [dev.lynceus.text.ChatTemplate], which turns a conversation into the text that a model was
/// trained on. The interpreter of the template language is in [dev.lynceus.text.jinja].
@NullMarked
package dev.lynceus.text;

import org.jspecify.annotations.NullMarked;
