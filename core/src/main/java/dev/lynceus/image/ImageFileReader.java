package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;

/// Reads PNG, JPEG, WebP, GIF (first frame) and BMP files into [RgbImage]s, turned upright.
///
/// The bytes are those of Pillow 12.3 after `ImageOps.exif_transpose` and `convert("RGB")`: alpha
/// and palette transparency are dropped and the colour under them kept, colour profiles are
/// ignored, grey of 16 bits is clipped at 255, colour of 16 bits keeps its upper byte. All formats
/// are equal byte for byte on every file that was tried.
///
/// Every file is walked through to its end before any pixel is decoded: a file that is cut short is
/// refused and never half grey, and a picture larger than the limit costs no memory. The decoder
/// gets the coded pixels alone, not the texts, profiles and further frames of a file, and a JPEG
/// file whose scans go over its pixels too often is refused.
///
/// @param maxPixels the largest picture that is decoded, in pixels
public record ImageFileReader(long maxPixels) {
  /// 64 megapixels.
  public static final long DEFAULT_MAX_PIXELS = 64_000_000;

  /// Room for files that are larger than their pixels: metadata, noise at 16 bits with alpha.
  private static final long MAX_BYTES_PER_PIXEL = 8;

  private static final long MAX_EXTRA_BYTES = 64L << 20;

  /// Refuses limits that no array could hold.
  public ImageFileReader {
    if (maxPixels < 1 || maxPixels > Integer.MAX_VALUE / 3) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a pixel limit of " + maxPixels + " is not between 1 and " + Integer.MAX_VALUE / 3,
          "Choose a limit in that range.");
    }
  }

  /// A reader with the [default limit][#DEFAULT_MAX_PIXELS].
  public ImageFileReader() {
    this(DEFAULT_MAX_PIXELS);
  }

  /// The picture in `file`.
  ///
  /// @throws LynceusException `BAD_IMAGE` if the file is missing, a folder, empty, not readable, of
  ///   no known format, damaged, cut short, or over the limit
  public RgbImage read(Path file) {
    long most = MAX_EXTRA_BYTES + maxPixels * MAX_BYTES_PER_PIXEL;
    return read(
        InputFile.PICTURE.bytes(file, Math.min(most, InputFile.PICTURE.mostBytes())),
        file.toString());
  }

  /// The picture in the bytes of a file; errors call it `name`.
  ///
  /// @throws LynceusException `BAD_IMAGE` as for a file
  public RgbImage read(byte[] data, String name) {
    if (data.length == 0) {
      throw bad(name + " is empty", "Copy or download the file again.");
    }
    ImageBytes file = new ImageBytes(name, data);
    ImageHeader header = ImageHeader.of(file);
    long pixels = (long) header.width() * header.height();
    if (pixels > maxPixels) {
      throw bad(
          "%s has %d x %d = %s megapixels, more than the limit of %s"
              .formatted(
                  name, header.width(), header.height(), megapixels(pixels), megapixels(maxPixels)),
          "Scale the image down. From Java, ImageFileReader takes another limit.");
    }
    return header.orientation().apply(PixelDecoder.decode(file, header));
  }

  private static String megapixels(long pixels) {
    return "%d.%d".formatted(pixels / 1_000_000, pixels / 100_000 % 10);
  }

  private static LynceusException bad(String message, String nextStep) {
    return new LynceusException(ErrorCode.BAD_IMAGE, message, nextStep);
  }
}
