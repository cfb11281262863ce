package dev.lynceus.run.choice;

/// Changes the scores of the next token before one is chosen, in the arithmetic (float32) and order
/// of the reference library.
public sealed interface Rule
    permits EarliestEnd,
        FiniteScores,
        ForcedToken,
        LengthDecay,
        RepetitionPenalty,
        RunBan,
        SequenceBias,
        Suppression {

  /// Where an answer stands.
  ///
  /// @param ids of the whole sequence so far, prompt and answer; a visual token has the id of the
  ///   placeholder
  /// @param prompt how many of them are the prompt
  /// @param limit most tokens that the answer was allowed
  // Read only; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Moment(int[] ids, int prompt, int limit) {

    /// Tokens of the answer so far.
    int answered() {
      return ids.length - prompt;
    }
  }

  /// Changes the scores in place.
  ///
  /// @param scores one for each id of the vocabulary
  void apply(float[] scores, Moment at);

  /// The key and the value that it comes from, as people read them: `repetition_penalty 1.3`.
  String told();

  /// Takes tokens out of the choice; ids that the vocabulary lacks do not matter.
  static void forbid(float[] scores, Iterable<Integer> ids) {
    for (int id : ids) {
      if (id >= 0 && id < scores.length) {
        scores[id] = Float.NEGATIVE_INFINITY;
      }
    }
  }
}
