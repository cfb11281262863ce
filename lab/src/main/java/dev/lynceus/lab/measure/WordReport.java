package dev.lynceus.lab.measure;

import dev.lynceus.method.score.Share;
import dev.lynceus.pupil.world.Question;
import java.util.List;

/// How often the word that a reader is shown first is one that decides the answer.
///
/// @param kinds of questions that were answered right
public record WordReport(String model, long seed, int scenes, List<Kind> kinds) {

  /// Questions of one kind.
  ///
  /// @param asked questions; those that were answered right are the cases of the shares
  /// @param decisive the chosen word decides
  /// @param raised the word decides to which the visual tokens bring most, first order
  /// @param chance share of words that decide, mean over the answers
  /// @param picture the word was chosen because the picture decides it, not for its place
  public record Kind(
      Question.Kind kind, int asked, Share decisive, Share raised, double chance, Share picture) {}

  public WordReport {
    kinds = List.copyOf(kinds);
  }

  /// All kinds together.
  public Share decisive() {
    return Share.of(
        kinds.stream().mapToInt(kind -> kind.decisive().hits()).sum(),
        kinds.stream().mapToInt(kind -> kind.decisive().of()).sum());
  }
}
