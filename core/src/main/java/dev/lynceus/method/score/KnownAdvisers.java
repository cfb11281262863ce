package dev.lynceus.method.score;

import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;

/// Advisers that come with a bundled model; found through [ServiceLoader].
public interface KnownAdvisers {

  /// That of a checkpoint; empty if there is none.
  ///
  /// @param revision revision or fingerprint of the checkpoint
  Optional<Adviser> find(String revision);

  /// That of a checkpoint, wherever it comes from; empty if nobody has any.
  static Optional<Adviser> of(String revision) {
    return ServiceLoader.load(KnownAdvisers.class).stream()
        .map(one -> Objects.requireNonNull(one.get()).find(revision))
        .flatMap(Optional::stream)
        .findFirst();
  }
}
