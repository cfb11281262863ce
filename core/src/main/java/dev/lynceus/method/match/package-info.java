/// What can be told of models that match pictures and texts: scores of all pairs, where a verdict
/// looked, and what becomes of it without those places. Start with
/// [dev.lynceus.method.match.MatchScores].
@NullMarked
package dev.lynceus.method.match;

import org.jspecify.annotations.NullMarked;
