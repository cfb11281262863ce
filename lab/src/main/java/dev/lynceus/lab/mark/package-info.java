/// Visual prompting: pictures are marked, cut or masked, questions name coordinates, and answers
/// are decoded against a picture without the region; what each of these does to an answer is
/// measured beside regions of the same shape elsewhere. Start with
/// [dev.lynceus.lab.mark.MarkStudy].
@NullMarked
package dev.lynceus.lab.mark;

import org.jspecify.annotations.NullMarked;
