package dev.lynceus.pupil.world;

import java.util.Optional;

/// What questions ask about: a thing, its colour and where it is. A picture shows facts, and a text
/// states them.
///
/// @param noun for example `dog`
/// @param place empty where it is not told, or not clear
/// @param column horizontal centre in pixels; NaN in a text
public record Fact(String noun, Colour colour, Optional<Place> place, double column) {

  /// A fact of a text that tells no place.
  public static Fact of(String noun, Colour colour) {
    return new Fact(noun, colour, Optional.empty(), Double.NaN);
  }
}
