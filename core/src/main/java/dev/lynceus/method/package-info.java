/// The methods that explain an answer: one file a method, one signature.
///
/// Start with `Method`, then read `LogIncrease`. What an explanation of one answer holds, ready to
/// be drawn or exported, is [dev.lynceus.method.Explanation].
@NullMarked
package dev.lynceus.method;

import org.jspecify.annotations.NullMarked;
