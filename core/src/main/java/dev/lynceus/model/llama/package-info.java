/// The decoder of Llama, Vicuna, Mistral, Gemma and Qwen2: one forward pass, whose differences are
/// values of [dev.lynceus.model.llama.LlamaConfig]. Start with [dev.lynceus.model.llama.Llama].
@NullMarked
package dev.lynceus.model.llama;

import org.jspecify.annotations.NullMarked;
