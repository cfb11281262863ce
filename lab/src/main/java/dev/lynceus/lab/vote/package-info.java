/// Explanation-aware ensembles (EASE): several explanations are drawn, weighed, and their answers
/// added up. Start with [dev.lynceus.lab.vote.VoteStudy]; the sums are in
/// [dev.lynceus.lab.vote.Ensemble].
@NullMarked
package dev.lynceus.lab.vote;

import org.jspecify.annotations.NullMarked;
