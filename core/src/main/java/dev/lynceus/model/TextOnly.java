package dev.lynceus.model;

import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.vit.Tower;
import java.util.Optional;

/// A decoder alone, such as the Vicuna that a LLaVA was made from.
public record TextOnly(TextStack decoder) implements Model {
  @Override
  public Optional<Tower> vision() {
    return Optional.empty();
  }
}
