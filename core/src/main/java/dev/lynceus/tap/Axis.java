package dev.lynceus.tap;

/// What a dimension of an activation counts.
public enum Axis {
  /// Rows of a batch; pictures in the tower and the projector.
  BATCH("batch"),
  /// Positions of the sequence, or patches (with the class token, where the tower has one).
  POSITION("pos"),
  /// Positions that are attended to.
  SOURCE("source"),
  /// Positions of an earlier stack that cross-attention looks at.
  MEMORY("memory"),
  /// Attention heads.
  HEAD("head"),
  /// Key and value heads; fewer than heads in grouped-query attention.
  KEY_HEAD("kv_head"),
  /// Width of one head.
  HEAD_WIDTH("d_head"),
  /// Coordinates of a head that are rotated.
  ROTATED("d_rot"),
  /// Width of the residual stream.
  MODEL("d_model"),
  /// Inner width of the feed-forward network.
  INNER("d_mlp"),
  /// Width of what a projector reads: states of the tower, or neighbouring patches, joined.
  JOINED("d_features"),
  /// Entries of the vocabulary.
  VOCABULARY("d_vocab"),
  /// Colour channels.
  CHANNEL("channel"),
  /// Pixel rows.
  HEIGHT("height"),
  /// Pixel columns.
  WIDTH("width"),
  /// A dimension of size one.
  ONE("1");

  private final String symbol;

  Axis(String symbol) {
    this.symbol = symbol;
  }

  /// The name of this dimension in documents and tables.
  public String symbol() {
    return symbol;
  }
}
