package dev.lynceus.image;

/// A WebP file: one picture, or an animation whose first frame fills the canvas. `profileAt` is
/// where a colour profile's chunk begins, or 0.
record WebpHeader(int width, int height, Orientation orientation, int profileAt)
    implements ImageHeader {

  /// Walks all chunks to the end that the file announces.
  static WebpHeader of(ImageBytes file) {
    long announced = file.u32le(4) + 8;
    file.require(0, announced);
    Metadata metadata = new Metadata();
    int width = 0;
    int height = 0;
    int pictures = 0;
    int profileAt = 0;
    int at = 12;
    while (at + 8 <= announced) {
      long length = file.u32le(at + 4);
      file.require(at + 8, length);
      int start = at + 8;
      int end = start + (int) length;
      if (file.has("VP8X", at)) {
        width = file.u24le(start + 4) + 1;
        height = file.u24le(start + 7) + 1;
      } else if (file.has("VP8 ", at) || file.has("VP8L", at)) {
        pictures++;
        if (width == 0) {
          boolean lossless = file.has("VP8L", at);
          width = lossless ? losslessWidth(file, start) : file.u16le(start + 6) & 0x3fff;
          height = lossless ? losslessHeight(file, start) : file.u16le(start + 8) & 0x3fff;
        }
      } else if (file.has("ANMF", at)) {
        pictures++;
        boolean fills =
            file.u24le(start) == 0
                && file.u24le(start + 3) == 0
                && file.u24le(start + 6) + 1 == width
                && file.u24le(start + 9) + 1 == height;
        if (pictures == 1 && !fills) {
          throw file.unsupported("an animated WebP whose first frame is a part of the picture");
        }
      } else if (file.has("ICCP", at)) {
        profileAt = at;
      } else if (file.has("EXIF", at)) {
        int prefix = file.has("Exif\0\0", start) ? 6 : 0;
        metadata.readExif(file, start + prefix, end);
      } else if (file.has("XMP ", at)) {
        metadata.readXmp(file, start, end);
      }
      at = end + (int) (length & 1);
    }
    if (width == 0 || height == 0 || pictures == 0) {
      throw file.damaged("it holds no picture", null);
    }
    return new WebpHeader(width, height, metadata.orientation(), profileAt);
  }

  /// The file with its colour profile hidden from the decoder, which would apply it.
  ImageBytes withoutProfile(ImageBytes file) {
    if (profileAt == 0) {
      return file;
    }
    byte[] data = file.data().clone();
    data[profileAt] = 'x';
    if (file.has("VP8X", 12)) {
      data[20] &= ~0x20; // the flag that announces a profile
    }
    return new ImageBytes(file.name(), data);
  }

  private static int losslessWidth(ImageBytes file, int start) {
    return (int) (file.u32le(start + 1) & 0x3fff) + 1;
  }

  private static int losslessHeight(ImageBytes file, int start) {
    return (int) (file.u32le(start + 1) >> 14 & 0x3fff) + 1;
  }
}
