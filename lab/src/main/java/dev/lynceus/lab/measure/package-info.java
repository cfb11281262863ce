/// What is measured on the bundled model and its world, where the truth is known: whether it
/// answers right ([dev.lynceus.lab.measure.Accuracy]), whether explanations point at what the
/// answer follows from ([dev.lynceus.lab.measure.Scoring]), and whether the findings about large
/// models hold ([dev.lynceus.lab.measure.Findings]). [dev.lynceus.lab.measure.WorldFiles] writes
/// the world out.
///
/// Each takes a loaded model and numbers of scenes, and gives a record of plain numbers with 95 %
/// intervals. Start with [dev.lynceus.lab.measure.Exam], which makes the scenes and the questions.
@NullMarked
package dev.lynceus.lab.measure;

import org.jspecify.annotations.NullMarked;
