/// How often a model speaks of what is not there: whether things are there (POPE), what
/// descriptions invent (CHAIR), which words of answers are wrong, and which of them a verdict would
/// have flagged. Start with [dev.lynceus.lab.hallucination.Hallucination].
@NullMarked
package dev.lynceus.lab.hallucination;

import org.jspecify.annotations.NullMarked;
