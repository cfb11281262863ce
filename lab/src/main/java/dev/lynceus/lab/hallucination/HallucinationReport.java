package dev.lynceus.lab.hallucination;

import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How often a model speaks of what is not there.
///
/// @param model its name
/// @param data what it was asked about
/// @param seed of what was left to chance
/// @param pictures how many pictures there were
/// @param presence whether things are there, a row for each setting
/// @param descriptions what descriptions invent; null where nothing was to be described
/// @param words right and wrong words of answers, a row for each kind, and what their verdicts
///   were; empty where none were judged
/// @param calibrated whether thresholds for verdicts are known for the model: without them nothing
///   is flagged
public record HallucinationReport(
    String model,
    String data,
    long seed,
    int pictures,
    List<PresenceScores> presence,
    @Nullable Chair descriptions,
    List<Words> words,
    boolean calibrated) {
  public HallucinationReport {
    presence = List.copyOf(presence);
    words = List.copyOf(words);
  }

  /// Words of one kind.
  ///
  /// @param kind what they claim, or `absent thing` for what is said of a thing that is not there
  /// @param wrong of all such words, the wrong ones
  /// @param caught of the wrong ones, those that a verdict calls contradicted or unsupported
  /// @param falseAlarms of the right ones, those that it calls so, too
  /// @param told area under the ROC curve: how much likelier to be right the right ones are called
  ///   than the wrong ones; not a number where one side is missing
  public record Words(String kind, Share wrong, Share caught, Share falseAlarms, Estimate told) {}
}
