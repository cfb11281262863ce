package dev.lynceus.model;

import dev.lynceus.image.ImageProcessor;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.RgbImage;
import java.util.List;

/// A picture and what the tower sees of it.
///
/// @param name file name or other label
/// @param original the picture as it was read
/// @param views inputs of the tower, at least one
public record Picture(String name, RgbImage original, List<ProcessedImage> views) {
  public Picture {
    views = List.copyOf(views);
  }

  /// Processes a picture.
  public static Picture of(String name, RgbImage original, ImageProcessor processor) {
    return new Picture(name, original, processor.views(original));
  }
}
