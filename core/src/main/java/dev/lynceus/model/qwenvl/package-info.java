/// Qwen2-VL, Qwen2.5-VL and Qwen3-VL: pictures of any size in a tower without class token, several
/// patches to a visual token, positions of three coordinates, and, in Qwen3-VL, features of earlier
/// layers of the tower that are added in the decoder. Start with [dev.lynceus.model.qwenvl.QwenVl].
@NullMarked
package dev.lynceus.model.qwenvl;

import org.jspecify.annotations.NullMarked;
