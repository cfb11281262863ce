/// What is measured on the bundled model and its world, where the truth is known: whether it
/// answers right ([dev.lynceus.pupil.measure.Accuracy]), whether explanations point at what the
/// answer follows from ([dev.lynceus.pupil.measure.Scoring]), and whether the findings about large
/// models hold ([dev.lynceus.pupil.measure.Findings]). [dev.lynceus.pupil.measure.WorldFiles]
/// writes the world out.
///
/// Each takes a loaded model and numbers of scenes, and gives a record of plain numbers with 95 %
/// intervals. Start with [dev.lynceus.pupil.measure.Exam], which makes the scenes and the
/// questions.
@NullMarked
package dev.lynceus.pupil.measure;

import org.jspecify.annotations.NullMarked;
