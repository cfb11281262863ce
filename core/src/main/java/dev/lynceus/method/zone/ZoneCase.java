package dev.lynceus.method.zone;

/// One question with every knock-out, for [ZoneTable].
///
/// @param type of question; empty for none
/// @param answer without knock-outs
/// @param score of it
/// @param answers `[layers][columns]`
/// @param scores of them
/// @param logs change of the log probability of the model's own answer, nats, `[layers][columns]`
/// @param randoms the same for random looks; NaN for `ALL`, and without draws
/// @param heads the same for heads of the chosen layer, `[heads][pairs]`; empty without
/// @param mass of attention, `[layers][heads][pairs]`
// Plain numbers; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
record ZoneCase(
    String question,
    String type,
    String answer,
    Score score,
    String[][] answers,
    Score[][] scores,
    double[][] logs,
    double[][] randoms,
    double[][] heads,
    double[][][] mass) {

  /// How right an answer is.
  ///
  /// @param exact 1 or 0; NaN for unknown
  /// @param f1 words in common; NaN for unknown
  record Score(double exact, double f1) {}
}
