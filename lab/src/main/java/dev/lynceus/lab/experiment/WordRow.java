package dev.lynceus.lab.experiment;

import org.jspecify.annotations.Nullable;

/// A word of an answer, judged: a row of the table `evidence`.
///
/// @param example its name in the data set
/// @param seed of what was left to chance
/// @param word as the answer has it
/// @param charStart where it begins in the answer, in characters
/// @param charEnd where it ends
/// @param verdict what it rests on
/// @param probability with the picture, 0 to 1
/// @param blind the same without it
/// @param effect of the picture on its log probability, nats
/// @param imageShare part of the picture in all that speaks for the word
/// @param reliability calibrated probability that it is right; null where none is known
public record WordRow(
    String example,
    long seed,
    String word,
    int charStart,
    int charEnd,
    String verdict,
    double probability,
    double blind,
    double effect,
    @Nullable Double imageShare,
    @Nullable Double reliability) {}
