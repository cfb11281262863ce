/// Models that read a text whole, every word beside every other, and answer with a piece of it, or
/// with the words that were taken out of it: BERT, ELECTRA, ALBERT. One file a family. Start with
/// [dev.lynceus.model.reader.Readers].
@NullMarked
package dev.lynceus.model.reader;

import org.jspecify.annotations.NullMarked;
