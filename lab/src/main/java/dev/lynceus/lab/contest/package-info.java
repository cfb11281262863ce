/// Strategies of asking beside each other on the same questions, each with what does the same but
/// for the point of it. Start with [dev.lynceus.lab.contest.Contest].
@NullMarked
package dev.lynceus.lab.contest;

import org.jspecify.annotations.NullMarked;
