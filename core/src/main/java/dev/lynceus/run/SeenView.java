package dev.lynceus.run;

import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A picture, or a frame of a video, and one view that a model had of it.
///
/// @param original the picture as it was read
/// @param seen the view, after resizing and cropping; patches divide it evenly
public record SeenView(RgbImage original, RgbImage seen) {

  /// Those of a picture.
  static Stream<SeenView> of(VisionLanguageModel model, Picture picture) {
    List<RgbImage> seen = model.seen(picture);
    return IntStream.range(0, seen.size())
        .mapToObj(tile -> new SeenView(picture.original(tile), seen.get(tile)));
  }
}
