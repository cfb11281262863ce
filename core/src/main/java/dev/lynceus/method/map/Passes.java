package dev.lynceus.method.map;

/// Passes through the model.
///
/// @param forward of them forward, each of them whole at most
/// @param backward of them backward
public record Passes(int forward, int backward) {
  /// The clean run is enough.
  public static final Passes NONE = new Passes(0, 0);
}
