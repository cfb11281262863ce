package dev.lynceus.text;

/// One part of a message.
public sealed interface Content {
  /// Written text.
  ///
  /// @param text as it should reach the model
  record Text(String text) implements Content {}

  /// The place of a picture; the picture itself is given to the image processor, in the same order.
  record Image() implements Content {}

  /// The place of a video.
  record Video() implements Content {}
}
