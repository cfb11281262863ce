package dev.lynceus.model.stack;

/// Sizes of a pile of layers.
///
/// @param layers number of layers
/// @param width width of the residual stream
/// @param inner neurons of a feed-forward layer
public record StackShape(int layers, int width, int inner, Heads heads) {

  /// The heads of a layer.
  ///
  /// @param count query heads
  /// @param shared heads of keys and values; fewer than `count` in grouped-query attention
  /// @param width of one head; `count * width` may differ from the width of the stream
  /// @param scale factor on the scores
  public record Heads(int count, int shared, int width, double scale) {

    /// Heads whose scores are divided by the root of their width.
    public static Heads of(int count, int shared, int width) {
      return new Heads(count, shared, width, 1 / Math.sqrt(width));
    }
  }
}
