package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.method.causal.Silencing;
import java.util.List;
import java.util.OptionalInt;

/// Silences heads together, and random ones of the same layers beside them.
///
/// @param measure what is measured of every run
/// @param stack whose heads they are
/// @param heads that are silenced, written `2.1`; at least one
/// @param draws how many sets of random heads
/// @param seed of them
/// @param maxTokens most tokens of each answer; empty = 16, or fewer where the checkpoint says so
public record SilenceRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "word") Measure measure,
    @Setting(otherwise = "decoder") Pile stack,
    List<HeadRef> heads,
    @Setting(otherwise = "5", least = 0, most = 1000) int draws,
    @Setting(otherwise = "0") long seed,
    @Setting(least = 1, most = 1_000_000) OptionalInt maxTokens)
    implements Change<Silencing.Result> {
  public SilenceRequest {
    heads = List.copyOf(heads);
    if (heads.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "no head is named to be silenced",
          "Name at least one, written layer.head, for example 3.1; `lynceus ablate` tries each.");
    }
  }
}
