package dev.lynceus.image;

import java.util.List;

/// A picture as LLaVA-NeXT sees it: once as a whole, and in tiles at a higher resolution.
///
/// @param whole the whole picture, squeezed into the tower's size
/// @param tiles the tiles row by row, `rows * columns` of them
/// @param rows rows of tiles
/// @param columns columns of tiles
/// @param resolution the resolution chosen from the pinpoints: the size of all tiles together
/// @param original the size of the picture itself, which the model needs to cut the padding away
public record TiledImage(
    ProcessedImage whole,
    List<ProcessedImage> tiles,
    int rows,
    int columns,
    Extent resolution,
    Extent original) {
  /// Copies the list.
  public TiledImage {
    tiles = List.copyOf(tiles);
    if (tiles.size() != rows * columns) {
      throw new IllegalArgumentException(tiles.size() + " tiles in " + rows + " x " + columns);
    }
  }
}
