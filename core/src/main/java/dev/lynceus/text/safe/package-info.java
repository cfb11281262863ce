/// What a `tokenizer.json` may hold before the native tokenizers library sees it.
///
/// The library panics on files that it does not expect, and a panic ends the whole process; some
/// files make it run for ever or grow without bound. Start with
/// [dev.lynceus.text.safe.TokenizerCheck]: it reads a file, refuses what is not known to be safe,
/// and builds anew what the library gets, so that nothing passes that was not looked at.
@NullMarked
package dev.lynceus.text.safe;

import org.jspecify.annotations.NullMarked;
