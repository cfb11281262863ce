package dev.lynceus.image;

import dev.lynceus.image.ImageProcessorSettings.Normalisation;
import dev.lynceus.image.ImageProcessorSettings.Resizing;
import org.jspecify.annotations.Nullable;

/// The steps that every view takes last: resize, where that is on, centre crop, rescale, normalise.
///
/// @param centreCrop null for none
record Finish(Resizing resizing, @Nullable Extent centreCrop, PixelNormaliser normaliser) {

  static Finish of(ImageProcessorSettings settings) {
    return of(settings.resizing(), settings.centreCrop(), settings.normalisation());
  }

  static Finish of(Resizing resizing, @Nullable Extent centreCrop, Normalisation normalisation) {
    return new Finish(resizing, centreCrop, new PixelNormaliser(normalisation));
  }

  /// All steps.
  ProcessedImage of(Frame frame) {
    Frame result = frame;
    if (resizing.on()) {
      result = result.resized(resizing.size(), resizing.filter());
    }
    if (centreCrop != null) {
      result = result.centreCropped(centreCrop);
    }
    return unchanged(result);
  }

  /// The numbers of a frame that has its size already.
  ProcessedImage unchanged(Frame frame) {
    return ProcessedImage.of(frame, normaliser);
  }
}
