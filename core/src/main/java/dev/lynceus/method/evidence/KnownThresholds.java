package dev.lynceus.method.evidence;

import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;

/// Thresholds of verdicts that come with a bundled model; found through [ServiceLoader].
public interface KnownThresholds {

  /// Those of a checkpoint; empty if there are none.
  ///
  /// @param revision revision or fingerprint of the checkpoint
  Optional<Thresholds> find(String revision);

  /// Those of a checkpoint, wherever they come from; empty if nobody has any.
  static Optional<Thresholds> of(String revision) {
    return ServiceLoader.load(KnownThresholds.class).stream()
        .map(one -> Objects.requireNonNull(one.get()).find(revision))
        .flatMap(Optional::stream)
        .findFirst();
  }
}
