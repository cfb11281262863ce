package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.image.VideoProcessor;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import java.util.List;

/// Makes the frames of a video what a model takes in the place of a picture.
public final class Video {
  private Video() {}

  /// A video. Its frames are views of one picture, so that maps and labels tell them apart.
  ///
  /// @param label file name or other label
  /// @param frames at least one, all of one size, in their order; which of a film these are is
  ///   decided before
  /// @throws LynceusException UNSUPPORTED_MODEL if the model reads no videos; BAD_REQUEST for
  ///   frames of different sizes
  public static Picture of(LoadedModel model, String label, List<RgbImage> frames) {
    boolean reads =
        model.model() instanceof VisionLanguageModel eyes && eyes.videoToken().isPresent();
    if (!reads) {
      throw new LynceusException(
          ErrorCode.UNSUPPORTED_MODEL,
          model.name() + " reads no videos",
          "Give single frames as pictures, or choose a llava_onevision model.");
    }
    return Picture.video(label, frames, VideoProcessor.load(model.checkpoint().folder()));
  }
}
