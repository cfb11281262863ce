package dev.lynceus.pupil.world;

import java.util.Locale;
import java.util.Optional;

/// The quarter of the picture in which the centre of a thing lies.
public enum Place {
  TOP_LEFT,
  TOP_RIGHT,
  BOTTOM_LEFT,
  BOTTOM_RIGHT;

  /// Pixels by which a centre must be off both middle lines for the quarter to be told: half a
  /// patch.
  static final int MARGIN = 7;

  /// The words, for example `top left`.
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /// The quarter of a thing in a picture of the world; empty where it is not clear.
  public static Optional<Place> of(Item item) {
    return of(item.box(), World.SIZE);
  }

  /// The quarter of a box; empty where its centre is too near to a middle line to say.
  static Optional<Place> of(Box box, int size) {
    double x = box.centreX() - size / 2.0;
    double y = box.centreY() - size / 2.0;
    if (Math.abs(x) < MARGIN || Math.abs(y) < MARGIN) {
      return Optional.empty();
    }
    if (y < 0) {
      return Optional.of(x < 0 ? TOP_LEFT : TOP_RIGHT);
    }
    return Optional.of(x < 0 ? BOTTOM_LEFT : BOTTOM_RIGHT);
  }
}
