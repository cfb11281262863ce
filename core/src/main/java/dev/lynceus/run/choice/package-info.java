/// How the next token is chosen from the logits: what a checkpoint asks for, as the reference
/// library does it.
///
/// Start with [dev.lynceus.run.choice.GenerationSettings]: what `generation_config.json` says. A
/// [dev.lynceus.run.choice.Rule] changes the scores of one position before the largest is taken, a
/// [dev.lynceus.run.choice.Cut] takes tokens away before one is drawn. Neither touches the logits
/// of a run: captures, replays and methods see what the model computed.
@NullMarked
package dev.lynceus.run.choice;

import org.jspecify.annotations.NullMarked;
