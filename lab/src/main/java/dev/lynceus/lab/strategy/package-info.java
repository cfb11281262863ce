/// What strategies of asking share: the words that they put to a model, how they put them, and how
/// answers are judged. Start with [dev.lynceus.lab.strategy.Speaker].
@NullMarked
package dev.lynceus.lab.strategy;

import org.jspecify.annotations.NullMarked;
