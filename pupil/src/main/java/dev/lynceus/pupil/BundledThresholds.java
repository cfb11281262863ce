package dev.lynceus.pupil;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.evidence.KnownThresholds;
import dev.lynceus.method.evidence.Thresholds;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Thresholds of verdicts about answers of the bundled model, as `lynceus pupil verdict` measured
/// them.
public final class BundledThresholds implements KnownThresholds {
  @Override
  public Optional<Thresholds> find(String revision) {
    return of(revision);
  }

  /// Those of a checkpoint; empty if it is not the bundled one.
  ///
  /// @param revision revision or fingerprint of the checkpoint
  public static Optional<Thresholds> of(String revision) {
    return Optional.of(read()).filter(thresholds -> thresholds.revision().equals(revision));
  }

  private static Thresholds read() {
    try (InputStream in = BundledThresholds.class.getResourceAsStream("verdict.json")) {
      if (in == null) {
        throw new LynceusException(
            ErrorCode.INTERNAL, "verdict.json is missing", "Build Lynceus again.");
      }
      return Thresholds.parse(
          new String(in.readAllBytes(), StandardCharsets.UTF_8), "verdict.json");
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.INTERNAL, "verdict.json cannot be read", "Build Lynceus again.", e);
    }
  }
}
