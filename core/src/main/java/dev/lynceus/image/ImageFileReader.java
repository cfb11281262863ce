package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads PNG, JPEG, WebP, GIF (first frame) and BMP files into [RgbImage]s, turned upright.
///
/// The bytes are those of Pillow 12.3 after `ImageOps.exif_transpose` and `convert("RGB")`: alpha
/// and palette transparency are dropped and the colour under them kept, colour profiles are
/// ignored, grey of 16 bits is clipped at 255, colour of 16 bits keeps its upper byte. PNG, GIF,
/// BMP and lossless WebP are equal byte for byte. So are JPEG files (grey, YCbCr 4:4:4, 4:2:2 and
/// 4:2:0, RGB, CMYK, YCCK; baseline and progressive): largest difference measured 0. Lossy WebP
/// differs by up to 24 of 255 on photographs, because the decoder interpolates colour differently
/// from libwebp.
///
/// Every file is walked through to its end before any pixel is decoded: a file that is cut short is
/// refused and never half grey, and a picture larger than the limit costs no memory.
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
    String name = file.toString();
    requireFile(file, name);
    try {
      long size = Files.size(file);
      if (size > MAX_EXTRA_BYTES + maxPixels * MAX_BYTES_PER_PIXEL
          || size > Integer.MAX_VALUE - 8) {
        throw bad(
            name + " has " + (size >> 20) + " MiB, more than an image within the limit can have",
            "Give a smaller image.");
      }
      return read(Files.readAllBytes(file), name);
    } catch (AccessDeniedException e) {
      throw new LynceusException(
          ErrorCode.BAD_IMAGE, name + " may not be read", "Change the file's permissions.", e);
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.BAD_IMAGE,
          name + " could not be read: " + e.getMessage(),
          "Check the disk and the path.",
          e);
    }
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

  private static void requireFile(Path file, String name) {
    if (!Files.exists(file)) {
      throw bad(name + " does not exist", "Check the path.");
    }
    if (Files.isDirectory(file)) {
      throw bad(name + " is a folder, not an image file", "Name one image file in it.");
    }
    if (!Files.isRegularFile(file)) {
      throw bad(name + " is not a regular file", "Give an image file.");
    }
  }

  private static String megapixels(long pixels) {
    return "%d.%d".formatted(pixels / 1_000_000, pixels / 100_000 % 10);
  }

  private static LynceusException bad(String message, String nextStep) {
    return new LynceusException(ErrorCode.BAD_IMAGE, message, nextStep);
  }
}
