package dev.lynceus.image;

/// A WebP file: its canvas, and its picture or, of an animation, the first frame.
record WebpHeader(int width, int height, Orientation orientation, Picture picture)
    implements ImageHeader {
  private static final int FRAME_HEAD = 16;

  /// How the samples are coded.
  enum Coding {
    LOSSY,
    LOSSLESS
  }

  /// Coded samples, and where they stand on the canvas.
  ///
  /// @param from where their chunk's content begins in the file
  /// @param to where it ends
  record Picture(Coding coding, int from, int to, int left, int top, int width, int height) {}

  /// Walks all chunks to the end that the file announces.
  static WebpHeader of(ImageBytes file) {
    long announced = file.u32le(4) + 8;
    file.require(0, announced);
    Metadata metadata = new Metadata();
    int width = 0;
    int height = 0;
    Picture picture = null;
    boolean animated = false;
    int at = 12;
    while (at + 8 <= announced) {
      long length = file.u32le(at + 4);
      file.require(at + 8, length);
      int start = at + 8;
      int end = start + (int) length;
      if (file.has("VP8X", at)) {
        width = file.u24le(start + 4) + 1;
        height = file.u24le(start + 7) + 1;
      } else if (picture == null && isPicture(file, at)) {
        picture = picture(file, at, start, end, 0, 0);
      } else if (picture == null && file.has("ANMF", at)) {
        animated = true;
        picture = frame(file, start, end, width, height);
      } else if (file.has("EXIF", at)) {
        int prefix = file.has("Exif\0\0", start) ? 6 : 0;
        metadata.readExif(file, start + prefix, end);
      } else if (file.has("XMP ", at)) {
        metadata.readXmp(file, start, end);
      }
      if (end + (length & 1) > announced) {
        break; // the padding of the last chunk may be left out
      }
      at = end + (int) (length & 1);
    }
    if (picture == null) {
      throw file.damaged("it holds no picture", null);
    }
    if (width == 0) {
      width = picture.width();
      height = picture.height();
    }
    if (!animated && (picture.width() != width || picture.height() != height)) {
      throw file.damaged(
          "it announces %d x %d pixels and holds %d x %d"
              .formatted(width, height, picture.width(), picture.height()),
          null);
    }
    return new WebpHeader(width, height, metadata.orientation(), picture);
  }

  /// Whether the picture is all there is to see.
  boolean fills() {
    return picture.width() == width && picture.height() == height;
  }

  private static boolean isPicture(ImageBytes file, int at) {
    return file.has("VP8 ", at) || file.has("VP8L", at);
  }

  private static Picture picture(ImageBytes file, int at, int start, int end, int left, int top) {
    file.require(start, 10);
    if (file.has("VP8 ", at)) {
      return new Picture(
          Coding.LOSSY,
          start,
          end,
          left,
          top,
          file.u16le(start + 6) & 0x3fff,
          file.u16le(start + 8) & 0x3fff);
    }
    long sizes = file.u32le(start + 1);
    return new Picture(
        Coding.LOSSLESS,
        start,
        end,
        left,
        top,
        (int) (sizes & 0x3fff) + 1,
        (int) (sizes >> 14 & 0x3fff) + 1);
  }

  /// The first frame of an animation: its place, then chunks of its own.
  private static Picture frame(ImageBytes file, int start, int end, int width, int height) {
    file.require(start, FRAME_HEAD);
    int at = start + FRAME_HEAD;
    while (at + 8 <= end) {
      long length = file.u32le(at + 4);
      if (at + 8 + length > end) {
        throw file.truncated();
      }
      int from = at + 8;
      int to = from + (int) length;
      if (isPicture(file, at)) {
        int left = 2 * file.u24le(start);
        int top = 2 * file.u24le(start + 3);
        Picture picture = picture(file, at, from, to, left, top);
        if (picture.width() != file.u24le(start + 6) + 1
            || picture.height() != file.u24le(start + 9) + 1
            || left + picture.width() > width
            || top + picture.height() > height) {
          throw file.damaged("its first frame does not fit", null);
        }
        return picture;
      }
      at = to + (int) (length & 1);
    }
    throw file.damaged("its first frame holds no picture", null);
  }
}
