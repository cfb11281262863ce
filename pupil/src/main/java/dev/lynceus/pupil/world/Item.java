package dev.lynceus.pupil.world;

import java.util.ArrayList;
import java.util.List;

/// A thing in a picture.
///
/// @param noun for example `dog`
/// @param colour the named colour
/// @param rgb the colour that it has, `0xRRGGBB`
/// @param box the smallest rectangle around its pixels
/// @param mask `[y * size + x]`: how much of the pixel it covers, 0 to 255, for the whole picture
/// @param degrees turned clockwise
/// @param mirrored whether it looks the other way
public record Item(
    String noun, Colour colour, int rgb, Box box, byte[] mask, double degrees, boolean mirrored) {

  /// Whether a pixel belongs to the thing: at least half of it is covered.
  public boolean covers(int x, int y, int size) {
    return (mask[y * size + x] & 0xff) >= 128;
  }

  /// Numbers of the square patches, row after row, of which the thing covers at least a quarter.
  ///
  /// @param size side of the picture
  /// @param patch side of a patch
  public List<Integer> patches(int size, int patch) {
    int across = size / patch;
    List<Integer> own = new ArrayList<>();
    for (int number = 0; number < across * across; number++) {
      int covered = 0;
      for (int i = 0; i < patch * patch; i++) {
        int x = number % across * patch + i % patch;
        int y = number / across * patch + i / patch;
        covered += covers(x, y, size) ? 1 : 0;
      }
      if (4 * covered >= patch * patch) {
        own.add(number);
      }
    }
    return own;
  }

  /// The fact that the picture shows.
  public Fact fact(int size) {
    return new Fact(noun, colour, Place.of(box, size), box.centreX());
  }
}
