package dev.lynceus.lab.picture;

/// Where a mark stands with respect to what it marks.
public enum Side {
  /// Around it, or in its middle.
  CENTRE(0, 0),
  /// To its left.
  LEFT(-1, 0),
  /// Above it.
  TOP(0, -1),
  /// To its right.
  RIGHT(1, 0),
  /// Below it.
  BOTTOM(0, 1);

  private final int across;
  private final int down;

  Side(int across, int down) {
    this.across = across;
    this.down = down;
  }

  /// -1 to the left, 1 to the right.
  int across() {
    return across;
  }

  /// -1 upwards, 1 downwards.
  int down() {
    return down;
  }
}
