package dev.lynceus.pupil.world;

import dev.lynceus.image.RgbImage;
import java.util.List;

/// A picture of which everything is known.
///
/// @param image square, [World#SIZE] pixels unless the recipe says otherwise
/// @param items what is in it, in no particular order; no two of one noun
/// @param background what is behind them
public record Scene(RgbImage image, List<Item> items, Background background) {
  public Scene {
    items = List.copyOf(items);
  }

  /// What the picture shows.
  public List<Fact> facts() {
    return items.stream().map(item -> item.fact(image.width())).toList();
  }
}
