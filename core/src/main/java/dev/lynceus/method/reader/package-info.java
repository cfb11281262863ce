/// What models answer that read a text whole: a piece of a passage, found in windows, or the words
/// that were taken out of a text. Start with [dev.lynceus.method.reader.PassageReading].
@NullMarked
package dev.lynceus.method.reader;

import org.jspecify.annotations.NullMarked;
