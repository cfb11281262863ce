package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;

/// What a file says of its picture before any pixel is decoded. Making a header walks through the
/// whole structure of the file, so a header exists only for files that are complete.
sealed interface ImageHeader permits PngHeader, JpegHeader, GifHeader, WebpHeader, BmpHeader {

  /// Columns as stored, before the orientation is applied.
  int width();

  /// Rows as stored, before the orientation is applied.
  int height();

  /// How the stored rows have to be turned.
  Orientation orientation();

  /// Reads the header that the file's first bytes ask for.
  ///
  /// @throws LynceusException `BAD_IMAGE` if it is none of the known formats, damaged, or cut short
  static ImageHeader of(ImageBytes file) {
    if (file.has("\u0089PNG\r\n\u001a\n", 0)) {
      return PngHeader.of(file);
    }
    if (file.has("\u00ff\u00d8\u00ff", 0)) {
      return JpegHeader.of(file);
    }
    if (file.has("GIF87a", 0) || file.has("GIF89a", 0)) {
      return GifHeader.of(file);
    }
    if (file.has("RIFF", 0) && file.has("WEBP", 8)) {
      return WebpHeader.of(file);
    }
    if (file.has("BM", 0) && BmpHeader.looksLikeOne(file)) {
      return BmpHeader.of(file);
    }
    throw notAnImage(file);
  }

  private static LynceusException notAnImage(ImageBytes file) {
    if (file.has("II*\0", 0) || file.has("MM\0*", 0)) {
      return file.unsupported("a TIFF image");
    }
    if (file.has("ftypavif", 4) || file.has("ftypavis", 4)) {
      return file.unsupported("an AVIF image");
    }
    if (file.has("ftyphei", 4) || file.has("ftypmif1", 4)) {
      return file.unsupported("a HEIF image");
    }
    if (file.has("%PDF", 0)) {
      return file.unsupported("a PDF document");
    }
    return new LynceusException(
        ErrorCode.BAD_IMAGE,
        file.name() + " is not an image of a known format",
        "Give a PNG, JPEG, WebP, GIF or BMP file.");
  }
}
