package dev.lynceus.pupil.world;

import java.util.Locale;

/// The colours of the world. A thing's own colour is drawn near the named one, see [SceneMaker].
public enum Colour {
  RED(214, 39, 40),
  GREEN(44, 150, 50),
  BLUE(40, 80, 210),
  YELLOW(245, 220, 40),
  ORANGE(255, 140, 20),
  PURPLE(130, 50, 170),
  PINK(255, 140, 190),
  BROWN(125, 75, 35),
  BLACK(20, 20, 20),
  WHITE(248, 248, 248);

  private final int red;
  private final int green;
  private final int blue;

  Colour(int red, int green, int blue) {
    this.red = red;
    this.green = green;
    this.blue = blue;
  }

  /// The word, for example `red`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Red, green and blue of the named colour, 0 to 255.
  int[] rgb() {
    return new int[] {red, green, blue};
  }
}
