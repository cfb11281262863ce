package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.LogitLens.Normalization;
import dev.lynceus.method.lens.LensGrid;
import java.util.List;
import java.util.Optional;

/// Reads words at every layer of chosen positions.
///
/// @param positions `all`, `last`, a number, `5:21`, `3,5,8`, or a label
/// @param norm how a state is scaled before the unembedding
/// @param tuned file of a tuned lens, as `lynceus tune-lens` writes it; empty = the logit lens
/// @param top words in a cell; 0 = 5 for one position, else 1
/// @param budget most memory for kept activations, MiB
public record LensRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "last") List<String> positions,
    @Setting(otherwise = "own") Normalization norm,
    Optional<String> tuned,
    @Setting(otherwise = "0", least = 0, most = 10_000) int top,
    @Setting(otherwise = "4096", least = 1, most = 16 << 20) int budget)
    implements Request<LensGrid> {
  public LensRequest {
    positions = List.copyOf(positions);
    if (tuned.isPresent() && norm != Normalization.OWN) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--norm " + Kinds.word(norm) + " and a tuned lens exclude each other",
          "Leave --norm out: a tuned lens was fitted for the last norm.");
    }
  }
}
