package dev.lynceus.request;

import dev.lynceus.method.causal.CausalMap;
import java.util.Optional;

/// Causal tracing: corrupts the input, restores states one by one, and tells what brings the answer
/// back.
///
/// @param measure what is measured of every run
/// @param corruption of the input
/// @param site which states are restored
/// @param stack whose; empty = of an encoder that reads the question, and of the decoder
/// @param repeats noises that are averaged over
public record TraceRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "word") Measure measure,
    Corrupted corruption,
    Site site,
    Optional<Where> stack,
    @Setting(otherwise = "1", least = 1, most = 10_000) int repeats)
    implements Change<CausalMap> {

  /// Whose states are restored.
  public enum Where {
    ENCODER,
    DECODER
  }
}
