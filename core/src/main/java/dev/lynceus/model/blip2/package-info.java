/// BLIP-2 and InstructBLIP: a tower, queries that read it, and a decoder that reads the queries.
/// Start with [dev.lynceus.model.blip2.Blip2].
@NullMarked
package dev.lynceus.model.blip2;

import org.jspecify.annotations.NullMarked;
