package dev.lynceus.lab.literacy;

/// How much a chart shows: small pictures have room for letters, not for names.
public enum Detail {
  /// Names of one letter, four or five rows, values in ten steps.
  SMALL,
  /// Names of words, more rows, values in twenty steps.
  FULL;

  /// Pictures from this side on have room for names.
  private static final int NAMES_FROM = 220;

  /// What a picture of that side has room for.
  public static Detail of(int side) {
    return side < NAMES_FROM ? SMALL : FULL;
  }
}
