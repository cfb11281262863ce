package dev.lynceus.lab.vote;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.strategy.Choice;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Things;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.run.Candidates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Judges explanations by the model itself: how probable Yes is beside No.
///
/// @param speaker who is asked
/// @param wordings how
/// @param scorer examples that are shown before
record Weigher(Speaker speaker, Wordings wordings, Optional<Scorer> scorer) {

  /// The probability of Yes. Where the prompt has a place for a thing, it is asked once for each
  /// that the explanation names, and this is the geometric mean; of an explanation that names none
  /// it is asked as a whole.
  double score(String question, String explanation, String answer, List<RgbImage> images) {
    List<String> things =
        wordings.has(VotePrompts.SCORE, "thing") ? Things.of(explanation) : List.of();
    List<String> asked = new ArrayList<>();
    for (String thing : things.isEmpty() ? List.of(explanation) : things) {
      asked.add(
          scorer.map(one -> one.words(wordings)).orElse("")
              + wordings.fill(
                  VotePrompts.SCORE,
                  Map.of(
                      "question", question,
                      "explanation", explanation,
                      "answer", answer,
                      "thing", thing)));
    }
    double sum = 0;
    for (String words : asked) {
      Choice choice =
          speaker.choose(
              words,
              images,
              List.of(wordings.text(VotePrompts.YES), wordings.text(VotePrompts.NO)),
              Candidates.By.SUM,
              Candidates.Ending.OPEN);
      sum += Math.log(choice.probabilities().getFirst());
    }
    return Math.exp(sum / asked.size());
  }
}
