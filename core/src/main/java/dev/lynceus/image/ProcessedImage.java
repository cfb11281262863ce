package dev.lynceus.image;

/// One input of a vision tower and where it came from.
///
/// @param pixels normalised values [channels, height, width], row by row within a channel; not to
///   be written to
/// @param channels 3: red, green, blue
/// @param height rows
/// @param width columns
/// @param seen the picture as the tower sees it: resized, padded and cropped, before rescaling
/// @param region the rectangle of the original picture that `seen` shows; outside the picture where
///   the processor padded
// An array, because the tensor is made from it without a copy; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record ProcessedImage(
    float[] pixels, int channels, int height, int width, RgbImage seen, ImageRegion region) {

  static ProcessedImage of(Frame frame, PixelNormaliser normaliser) {
    RgbImage seen = frame.pixels();
    return new ProcessedImage(
        normaliser.apply(seen), 3, seen.height(), seen.width(), seen, frame.region());
  }
}
