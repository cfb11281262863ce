package dev.lynceus.model.reader;

import dev.lynceus.model.Attends;
import dev.lynceus.model.Model;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.vit.Tower;
import java.util.Optional;

/// A model that reads a text whole and writes none: it answers with a piece of the text, or with
/// the words that were taken out of it ([dev.lynceus.model.text.TextConfig#answers()]).
public record TextReader(TextStack decoder) implements Model {
  @Override
  public Optional<Tower> vision() {
    return Optional.empty();
  }

  @Override
  public Attends attends() {
    return Attends.ALL;
  }
}
