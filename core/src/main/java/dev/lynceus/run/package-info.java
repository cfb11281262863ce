/// One model, one input, one run: loading, prompts, passes, generation, replays.
///
/// Start with [dev.lynceus.run.LoadedModel]: it makes a [dev.lynceus.run.Prompt] of pictures and a
/// question, and a [dev.lynceus.run.Run] of a prompt. Many changed runs of one prompt are a
/// [dev.lynceus.run.Sweep].
@NullMarked
package dev.lynceus.run;

import org.jspecify.annotations.NullMarked;
