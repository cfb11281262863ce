package dev.lynceus.model;

import dev.lynceus.model.llama.Llama;
import dev.lynceus.model.llava.Llava;
import dev.lynceus.model.vit.Vit;
import java.util.Optional;

/// A model that answers: a decoder, perhaps with eyes.
public sealed interface Model permits Llava, TextOnly {

  /// The decoder.
  Llama decoder();

  /// The vision tower; empty for a text-only model.
  Optional<Vit> vision();
}
