package dev.lynceus.pupil;

import dev.lynceus.method.score.Adviser;
import dev.lynceus.method.score.KnownAdvisers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Which maps of the bundled model to trust, as `lynceus compare --fit-adviser` found it.
public final class BundledAdviser implements KnownAdvisers {
  private static final String FILE = "adviser.json";

  @Override
  public Optional<Adviser> find(String revision) {
    String json = new String(BundledFiles.read(FILE), StandardCharsets.UTF_8);
    return Optional.of(Adviser.parse(json, FILE))
        .filter(found -> found.revision().equals(revision));
  }
}
