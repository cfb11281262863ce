package dev.lynceus.model.vit;

import dev.lynceus.model.stack.StackShape;
import dev.lynceus.tap.Point;
import java.util.OptionalInt;

/// A vision tower, as far as all towers are the same.
public interface Tower {

  /// `model_type` of its config, or of the model that it belongs to.
  String family();

  /// Sizes of the layers.
  StackShape shape();

  /// Numbers that its input holds for each pixel of a patch: colours, and frames where it takes
  /// several.
  int channels();

  /// Pixels to a side of a patch.
  int patchSize();

  /// Pixels to a side of a view; empty where that depends on the picture.
  OptionalInt imageSize();

  /// Whether it has a place.
  boolean has(Point point);
}
