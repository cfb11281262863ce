package dev.lynceus.image;

import java.util.List;

/// What a vision tower sees of one picture.
///
/// @param views inputs of the tower, in its order
/// @param layout how they lie in the picture
public record ProcessedPicture(List<ProcessedImage> views, ViewLayout layout) {
  /// Copies the list, and refuses another number of views than the layout has.
  public ProcessedPicture {
    views = List.copyOf(views);
    if (views.size() != layout.views()) {
      throw new IllegalArgumentException(views.size() + " views in " + layout);
    }
  }
}
