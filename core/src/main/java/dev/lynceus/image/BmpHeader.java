package dev.lynceus.image;

/// A Windows bitmap without run-length coding.
record BmpHeader(int width, int height) implements ImageHeader {
  /// Where the fourth and fifth headers name the kind of colours.
  private static final int PROFILE = 70;

  private static final long S_RGB = 0x42475273L;

  @Override
  public Orientation orientation() {
    return Orientation.UPRIGHT;
  }

  /// Two letters are a weak signature, so the size of the second header is asked too.
  static boolean looksLikeOne(ImageBytes file) {
    if (file.length() < 18) {
      return false;
    }
    long size = file.u32le(14);
    return size == 12 || (size >= 40 && size <= 124);
  }

  /// Reads both headers and asks that all rows are there.
  static BmpHeader of(ImageBytes file) {
    boolean old = file.u32le(14) == 12;
    long width = old ? file.u16le(18) : (int) file.u32le(18);
    long height = old ? file.u16le(20) : Math.abs((long) (int) file.u32le(22));
    int bits = file.u16le(old ? 24 : 28);
    long compression = old ? 0 : file.u32le(30);
    if (compression != 0 && compression != 3 && compression != 6) {
      throw file.unsupported("a compressed BMP image");
    }
    if (width < 1 || height < 1 || height > Integer.MAX_VALUE) {
      throw file.damaged("it claims " + width + " x " + height + " pixels", null);
    }
    long rowBytes = (width * bits + 31) / 32 * 4;
    if (rowBytes > file.length() || file.u32le(10) + rowBytes * height > file.length()) {
      throw file.truncated();
    }
    return new BmpHeader((int) width, (int) height);
  }

  /// The file as the decoder gets it: a profile in it, or the name of one, is hidden.
  static ImageBytes excerpt(ImageBytes file) {
    boolean profiled = file.has("DEBM", PROFILE) || file.has("KNIL", PROFILE);
    if (file.u32le(14) < 108 || !profiled) {
      return file;
    }
    ImageBytes.Excerpt kept = new ImageBytes.Excerpt(file, 0).part(0, file.length());
    kept.set32be(PROFILE, S_RGB);
    return kept.done();
  }
}
