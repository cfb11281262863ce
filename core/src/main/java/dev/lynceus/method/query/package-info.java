/// What the queries of a Q-Former look at, and what an answer loses without each. Start with
/// [dev.lynceus.method.query.QueryReading].
@NullMarked
package dev.lynceus.method.query;

import org.jspecify.annotations.NullMarked;
