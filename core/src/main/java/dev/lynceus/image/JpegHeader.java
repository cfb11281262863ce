package dev.lynceus.image;

/// A JPEG file and the meaning of its components.
///
/// @param halvedRows components that have half of the rows and all columns, as colour has in 4:2:2
///   pictures turned without loss: bit c for component c
record JpegHeader(int width, int height, Colours colours, int halvedRows, Orientation orientation)
    implements ImageHeader {

  /// What the components stand for.
  enum Colours {
    GREY,
    RGB,
    YCBCR,
    CMYK,
    YCCK
  }

  private static final int START_OF_SCAN = 0xda;
  private static final int END_OF_IMAGE = 0xd9;
  private static final String EXIF = "Exif\0\0";
  private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";
  private static final int NO_ADOBE = -1;

  /// Coefficients that all scans together may visit, for decoding goes over all blocks of a picture
  /// once a scan: about ten times what the largest picture has, so that no usual file is refused.
  private static final long MOST_VISITS = 2_000_000_000L;

  /// Far more than the largest profiles and texts are split into.
  private static final int MOST_SEGMENTS = 20_000;

  /// More scans than any encoder makes of small pictures.
  private static final int MOST_SCANS = 1000;

  /// Walks all segments and all scans to the end-of-image marker. A file without that marker is cut
  /// short: decoders fill what is missing with grey and say nothing.
  static JpegHeader of(ImageBytes file) {
    Metadata metadata = new Metadata();
    boolean jfif = false;
    int adobe = NO_ADOBE;
    int frame = 0;
    int segments = 0;
    int scans = 0;
    long visits = 0;
    int at = 2;
    while (true) {
      at = nextMarker(file, at);
      int marker = file.u8(at);
      at++;
      if (marker == END_OF_IMAGE) {
        break;
      }
      if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
        continue; // a marker without a segment
      }
      int length = file.u16be(at);
      file.require(at, length);
      if (length < 2) {
        throw file.damaged("a segment has no length", null);
      }
      segments++;
      if (segments > MOST_SEGMENTS) {
        throw file.laborious("it has more than " + MOST_SEGMENTS + " parts");
      }
      int start = at + 2;
      int end = at + length;
      if (isFrame(marker) && frame == 0) {
        frame = at;
      } else if (marker == 0xe0 && length >= 16 && file.has("JFIF\0", start)) {
        jfif = true;
      } else if (marker == 0xee && length >= 14 && file.has("Adobe", start)) {
        adobe = file.u8(start + 11);
      } else if (marker == 0xe1 && file.has(EXIF, start)) {
        metadata.readExif(file, start + EXIF.length(), end);
      } else if (marker == 0xe1 && file.has(XMP, start)) {
        metadata.readXmp(file, start + XMP.length(), end);
      } else if (marker == START_OF_SCAN) {
        if (frame == 0) {
          throw file.damaged("pixels come before their description", null);
        }
        scans++;
        visits += visits(file, frame, start);
        if (scans > MOST_SCANS || visits > MOST_VISITS) {
          throw file.laborious(
              "it goes over its "
                  + file.u16be(frame + 5)
                  + " x "
                  + file.u16be(frame + 3)
                  + " pixels more than "
                  + (scans - 1)
                  + " times");
        }
      }
      at = end;
    }
    if (frame == 0) {
      throw file.damaged("it holds no picture", null);
    }
    return frame(file, frame, jfif, adobe, metadata.orientation());
  }

  /// The file as the decoder gets it: without thumbnails, profiles, comments and the like; of what
  /// applications write, only what tells the meaning of the components.
  static ImageBytes excerpt(ImageBytes file) {
    ImageBytes.Excerpt kept = new ImageBytes.Excerpt(file, 0);
    int from = 0;
    int at = 2;
    while (true) {
      at = nextMarker(file, at);
      int marker = file.u8(at);
      if (marker == END_OF_IMAGE) {
        return kept.part(from, at + 1).done();
      }
      at++;
      if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
        continue;
      }
      int end = at + file.u16be(at);
      boolean application = marker >= 0xe0 && marker <= 0xef || marker == 0xfe;
      boolean meaning =
          marker == 0xe0 && end - at >= 16 && file.has("JFIF\0", at + 2)
              || marker == 0xee && end - at >= 14 && file.has("Adobe", at + 2);
      if (application && !meaning) {
        kept.part(from, at - 2);
        from = end;
      }
      at = end;
    }
  }

  /// Coefficients of the components of a scan.
  private static long visits(ImageBytes file, int frame, int scan) {
    int components = file.u8(frame + 7);
    int across = 1;
    int down = 1;
    for (int c = 0; c < components; c++) {
      across = Math.max(across, file.u8(frame + 9 + 3 * c) >> 4);
      down = Math.max(down, file.u8(frame + 9 + 3 * c) & 15);
    }
    long visits = 0;
    for (int s = 0; s < file.u8(scan); s++) {
      for (int c = 0; c < components; c++) {
        if (file.u8(frame + 8 + 3 * c) == file.u8(scan + 1 + 2 * s)) {
          int sampling = file.u8(frame + 9 + 3 * c);
          long columns = (long) file.u16be(frame + 5) * (sampling >> 4) / across + 8;
          long rows = (long) file.u16be(frame + 3) * (sampling & 15) / down + 8;
          visits += columns * rows;
        }
      }
    }
    return visits;
  }

  private static JpegHeader frame(
      ImageBytes file, int at, boolean jfif, int adobe, Orientation orientation) {
    if (file.u8(at - 1) > 0xc2) {
      throw file.unsupported("a JPEG with lossless, hierarchical or arithmetic coding");
    }
    int precision = file.u8(at + 2);
    if (precision != 8) {
      throw file.unsupported("a JPEG of " + precision + " bits a sample");
    }
    int height = file.u16be(at + 3);
    int width = file.u16be(at + 5);
    if (width == 0 || height == 0) {
      throw file.damaged("it claims " + width + " x " + height + " pixels", null);
    }
    Colours colours =
        switch (file.u8(at + 7)) {
          case 1 -> Colours.GREY;
          case 3 -> threeComponents(file, at + 8, jfif, adobe);
          case 4 -> adobe == 2 ? Colours.YCCK : Colours.CMYK;
          default -> throw file.unsupported("a JPEG of " + file.u8(at + 7) + " components");
        };
    return new JpegHeader(width, height, colours, halvedRows(file, at), orientation);
  }

  private static int halvedRows(ImageBytes file, int frame) {
    int components = file.u8(frame + 7);
    int across = 1;
    int down = 1;
    for (int c = 0; c < components; c++) {
      across = Math.max(across, file.u8(frame + 9 + 3 * c) >> 4);
      down = Math.max(down, file.u8(frame + 9 + 3 * c) & 15);
    }
    int halved = 0;
    for (int c = 0; c < components; c++) {
      int sampling = file.u8(frame + 9 + 3 * c);
      if (sampling >> 4 == across && 2 * (sampling & 15) == down) {
        halved |= 1 << c;
      }
    }
    return halved;
  }

  /// The rule of the IJG library: JFIF means YCbCr, else Adobe's flag decides, else the names of
  /// the components.
  private static Colours threeComponents(ImageBytes file, int at, boolean jfif, int adobe) {
    if (jfif) {
      return Colours.YCBCR;
    }
    if (adobe != NO_ADOBE) {
      return adobe == 0 ? Colours.RGB : Colours.YCBCR;
    }
    boolean named = file.u8(at) == 'R' && file.u8(at + 3) == 'G' && file.u8(at + 6) == 'B';
    return named ? Colours.RGB : Colours.YCBCR;
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  /// The position of the next marker's code. Inside a scan 0xFF00 is a sample and 0xFFD0 to 0xFFD7
  /// restart the coder; neither ends the scan, and outside scans neither occurs.
  private static int nextMarker(ImageBytes file, int at) {
    byte[] data = file.data();
    for (int i = at; i + 1 < file.length(); i++) {
      if (data[i] == (byte) 0xff) {
        int code = data[i + 1] & 0xff;
        if (code != 0 && code != 0xff && (code < 0xd0 || code > 0xd7)) {
          return i + 1;
        }
      }
    }
    throw file.truncated();
  }
}
