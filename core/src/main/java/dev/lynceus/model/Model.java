package dev.lynceus.model;

import dev.lynceus.model.llama.Llama;
import dev.lynceus.model.vit.Vit;
import java.util.Optional;

/// A model that answers. One with eyes is a [VisionLanguageModel].
public interface Model {

  /// The decoder.
  Llama decoder();

  /// The vision tower; empty for a text-only model.
  Optional<Vit> vision();
}
