package dev.lynceus.image;

import java.util.zip.CRC32;

/// A PNG file: bit depth 1 to 16, colour type as the format numbers it (0 grey, 2 RGB, 3 palette, 4
/// grey with alpha, 6 RGB with alpha).
record PngHeader(int width, int height, int bitDepth, int colourType, Orientation orientation)
    implements ImageHeader {

  private static final long END = 0x49454e44L;
  private static final long END_CHECKSUM = 0xae426082L;
  private static final String XMP_KEYWORD = "XML:com.adobe.xmp\0";

  /// Walks all chunks to IEND and checks the checksums of those that carry the picture.
  static PngHeader of(ImageBytes file) {
    file.require(8, 25);
    if (!file.has("IHDR", 12) || file.u32be(8) != 13) {
      throw file.damaged("its first chunk is not IHDR", null);
    }
    long width = file.u32be(16);
    long height = file.u32be(20);
    if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
      throw file.damaged("it claims " + width + " x " + height + " pixels", null);
    }
    Metadata metadata = new Metadata();
    boolean pixels = false;
    int at = 8;
    while (true) {
      long length = file.u32be(at);
      file.require(at, length + 12);
      int start = at + 8;
      int end = start + (int) length;
      boolean critical = Character.isUpperCase(file.u8(at + 4));
      if (critical && checksum(file.data(), at + 4, end) != file.u32be(end)) {
        throw file.damaged("the checksum of chunk " + file.text(at + 4, start) + " is wrong", null);
      }
      if (file.has("IDAT", at + 4)) {
        pixels = true;
      } else if (file.has("eXIf", at + 4)) {
        metadata.readExif(file, start, end);
      } else if (file.has("iTXt" + XMP_KEYWORD, at + 4)) {
        metadata.readXmp(file, start, end);
      } else if (file.has("IEND", at + 4)) {
        break;
      }
      at = end + 4;
    }
    if (!pixels) {
      throw file.damaged("it holds no picture", null);
    }
    return new PngHeader(
        (int) width, (int) height, file.u8(24), file.u8(25), metadata.orientation());
  }

  /// The file as the decoder gets it: header, palette and all coded samples in one chunk.
  static ImageBytes excerpt(ImageBytes file) {
    ImageBytes.Excerpt kept = new ImageBytes.Excerpt(file, 12);
    kept.part(0, 33);
    int samples = 0;
    boolean palette = false;
    int at = 33;
    while (!file.has("IEND", at + 4)) {
      int end = at + 8 + (int) file.u32be(at);
      if (file.has("PLTE", at + 4) && !palette && samples == 0) {
        palette = true;
        kept.part(at, end + 4);
      } else if (file.has("IDAT", at + 4)) {
        if (samples == 0) {
          samples = kept.length();
          kept.part(at, at + 8);
        }
        kept.part(at + 8, end);
      }
      at = end + 4;
    }
    kept.set32be(samples, kept.length() - samples - 8L);
    kept.u32be(checksum(kept.bytes(), samples + 4, kept.length()));
    return kept.u32be(0).u32be(END).u32be(END_CHECKSUM).done();
  }

  private static long checksum(byte[] data, int from, int to) {
    CRC32 crc = new CRC32();
    crc.update(data, from, to - from);
    return crc.getValue();
  }
}
