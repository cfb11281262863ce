package dev.lynceus.image;

/// A GIF file up to the end of its first frame. Width and height are those of the canvas, which the
/// frame at (`left`, `top`) may fill only in part; `fill` is the palette index of the rest.
///
/// @param frame where the first frame begins in the file
/// @param end where its samples end
record GifHeader(int width, int height, int left, int top, int fill, int frame, int end)
    implements ImageHeader {

  @Override
  public Orientation orientation() {
    return Orientation.UPRIGHT;
  }

  /// Walks the blocks to the end of the first frame's pixels.
  static GifHeader of(ImageBytes file) {
    int screenWidth = file.u16le(6);
    int screenHeight = file.u16le(8);
    int at = 13 + paletteLength(file.u8(10));
    int fill = 0;
    while (true) {
      int block = file.u8(at);
      if (block == 0x2c) {
        break;
      }
      if (block != 0x21) {
        throw file.damaged("it holds no picture", null);
      }
      boolean graphicControl = file.u8(at + 1) == 0xf9 && file.u8(at + 2) >= 4;
      if (graphicControl && (file.u8(at + 3) & 1) != 0) {
        fill = file.u8(at + 6);
      }
      at = skipSubBlocks(file, at + 2);
    }
    int left = file.u16le(at + 1);
    int top = file.u16le(at + 3);
    int width = file.u16le(at + 5);
    int height = file.u16le(at + 7);
    if (width == 0 || height == 0) {
      throw file.damaged("its first frame is empty", null);
    }
    int pixels = at + 10 + paletteLength(file.u8(at + 9)) + 1;
    int end = skipSubBlocks(file, pixels);
    return new GifHeader(
        Math.max(screenWidth, left + width),
        Math.max(screenHeight, top + height),
        left,
        top,
        fill,
        at,
        end);
  }

  /// The file as the decoder gets it: the screen, its palette, the first frame.
  ImageBytes excerpt(ImageBytes file) {
    return new ImageBytes.Excerpt(file, 1)
        .part(0, 13 + paletteLength(file.u8(10)))
        .part(frame, end)
        .u8(0x3b)
        .done();
  }

  private static int paletteLength(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  private static int skipSubBlocks(ImageBytes file, int from) {
    int at = from;
    while (true) {
      int length = file.u8(at);
      at += 1 + length;
      if (length == 0) {
        return at;
      }
    }
  }
}
