/// Whether an answer rests on the picture: what each word of it takes from picture and text, what
/// becomes of it without the picture, and whether the picture's own tokens hold the word.
///
/// Start with [dev.lynceus.method.evidence.EvidenceExplainer].
@NullMarked
package dev.lynceus.method.evidence;

import org.jspecify.annotations.NullMarked;
