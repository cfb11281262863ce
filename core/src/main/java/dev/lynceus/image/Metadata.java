package dev.lynceus.image;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The orientation written in an image file's EXIF or XMP part. Metadata that cannot be read count
/// as absent: they do not make a picture unreadable.
final class Metadata {
  private static final int ORIENTATION_TAG = 0x0112;
  private static final Pattern XMP_ORIENTATION =
      Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

  private Orientation exif = Orientation.UPRIGHT;
  private Orientation xmp = Orientation.UPRIGHT;
  private boolean exifSpoke;

  /// EXIF wins; XMP is asked only where EXIF holds no orientation.
  Orientation orientation() {
    return exifSpoke ? exif : xmp;
  }

  /// Looks at an EXIF block: a TIFF header and its first directory between `from` and `to`.
  void readExif(ImageBytes file, int from, int to) {
    if (exifSpoke || to - from < 8) {
      return;
    }
    boolean littleEndian = file.has("II*\0", from);
    if (!littleEndian && !file.has("MM\0*", from)) {
      return;
    }
    long directory = from + u32(file, from + 4, littleEndian);
    if (directory + 2 > to) {
      return;
    }
    int entries = u16(file, (int) directory, littleEndian);
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + 12L * i;
      if (entry + 12 > to) {
        return;
      }
      int at = (int) entry;
      if (u16(file, at, littleEndian) == ORIENTATION_TAG) {
        exifSpoke = true;
        exif = Orientation.ofExif(value(file, at, littleEndian));
        return;
      }
    }
  }

  /// Looks at an XMP packet between `from` and `to`.
  void readXmp(ImageBytes file, int from, int to) {
    Matcher matcher = XMP_ORIENTATION.matcher(file.text(from, to));
    if (xmp == Orientation.UPRIGHT && matcher.find()) {
      xmp = Orientation.ofExif(Long.parseLong(matcher.group(1)));
    }
  }

  private static long value(ImageBytes file, int entry, boolean littleEndian) {
    return switch (u16(file, entry + 2, littleEndian)) {
      case 1 -> file.u8(entry + 8);
      case 3 -> u16(file, entry + 8, littleEndian);
      case 4 -> u32(file, entry + 8, littleEndian);
      default -> 1;
    };
  }

  private static int u16(ImageBytes file, int at, boolean littleEndian) {
    return littleEndian ? file.u16le(at) : file.u16be(at);
  }

  private static long u32(ImageBytes file, int at, boolean littleEndian) {
    return littleEndian ? file.u32le(at) : file.u32be(at);
  }
}
