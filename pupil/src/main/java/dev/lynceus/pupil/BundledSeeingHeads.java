package dev.lynceus.pupil;

import dev.lynceus.method.SeeingHeads;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The heads through which the bundled model sees, as `lynceus seeing` found them.
public final class BundledSeeingHeads implements SeeingHeads.Bundled {

  @Override
  public Optional<SeeingHeads> of(String revision) {
    String json = new String(BundledFiles.read("seeing.json"), StandardCharsets.UTF_8);
    return Optional.of(SeeingHeads.parse(json, "seeing.json"))
        .filter(found -> found.revision().equals(revision));
  }
}
