package dev.lynceus.image;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/// Decodes the pixels of a file whose header is known, through `javax.imageio`.
///
/// Only stored samples are used, never `BufferedImage.getRGB`: that would apply colour profiles and
/// a grey curve, which the reference does not.
final class PixelDecoder {
  static {
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
    ImageIO.setUseCache(false);
  }

  private PixelDecoder() {}

  /// The stored picture, not yet turned upright.
  static RgbImage decode(ImageBytes file, ImageHeader header) {
    return switch (header) {
      case JpegHeader jpeg -> decodeJpeg(JpegHeader.excerpt(file), jpeg);
      case PngHeader png -> {
        boolean clipped = png.bitDepth() == 16 && png.colourType() == 0;
        yield whole(PngHeader.excerpt(file), "png", png, clipped);
      }
      case BmpHeader bmp -> whole(BmpHeader.excerpt(file), "bmp", bmp, false);
      case WebpHeader webp -> WebpDecoder.decode(file, webp);
      case GifHeader gif -> decodeGif(gif.excerpt(file), gif);
    };
  }

  private interface Decoding<T> {
    T with(ImageReader reader) throws IOException;
  }

  private static RgbImage whole(
      ImageBytes file, String format, ImageHeader header, boolean clipped) {
    return RgbImage.wrap(
        header.width(),
        header.height(),
        decode(file, format, header.width(), header.height(), clipped));
  }

  /// Red, green and blue of the first picture in a file, row by row.
  ///
  /// @param clipped whether samples of 16 bits are clipped at 255, instead of cut to their upper
  ///   byte
  static byte[] decode(ImageBytes file, String format, int width, int height, boolean clipped) {
    BufferedImage image = run(file, format, reader -> reader.read(0));
    requireSize(file, width, height, image.getWidth(), image.getHeight());
    ColorModel colours = image.getColorModel();
    Raster raster = image.getRaster();
    byte[] rgb = new byte[width * height * 3];
    if (colours instanceof IndexColorModel palette) {
      copyIndexed(raster, palette, rgb);
    } else {
      copyDirect(raster, new SampleScale(colours, clipped), rgb);
    }
    return rgb;
  }

  private static RgbImage decodeJpeg(ImageBytes file, JpegHeader header) {
    Raster raster = run(file, "jpeg", reader -> reader.readRaster(0, null));
    requireSize(file, header.width(), header.height(), raster.getWidth(), raster.getHeight());
    return JpegColours.toRgb(raster, header);
  }

  /// The first frame on its canvas. What the frame leaves open shows the transparent colour, or the
  /// palette's first, as in Pillow.
  private static RgbImage decodeGif(ImageBytes file, GifHeader header) {
    BufferedImage frame = run(file, "gif", reader -> reader.read(0));
    if (!(frame.getColorModel() instanceof IndexColorModel palette)) {
      throw file.damaged("it has no palette", null);
    }
    byte[] pixels = new byte[frame.getWidth() * frame.getHeight() * 3];
    copyIndexed(frame.getRaster(), palette, pixels);
    if (frame.getWidth() == header.width() && frame.getHeight() == header.height()) {
      return RgbImage.wrap(header.width(), header.height(), pixels);
    }
    int fill = Math.min(header.fill(), palette.getMapSize() - 1);
    byte[] canvas = new byte[header.width() * header.height() * 3];
    for (int i = 0; i < canvas.length; i += 3) {
      put(canvas, i, palette.getRGB(fill));
    }
    for (int y = 0; y < frame.getHeight(); y++) {
      int at = ((y + header.top()) * header.width() + header.left()) * 3;
      System.arraycopy(pixels, y * frame.getWidth() * 3, canvas, at, frame.getWidth() * 3);
    }
    return RgbImage.wrap(header.width(), header.height(), canvas);
  }

  private static <T> T run(ImageBytes file, String format, Decoding<T> decoding) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    if (!readers.hasNext()) {
      throw new LynceusException(
          ErrorCode.INTERNAL,
          "the decoder for " + format.toUpperCase(Locale.ROOT) + " images is missing",
          "Reinstall Lynceus; if it was repackaged, keep the files under META-INF/services.");
    }
    ImageReader reader = readers.next();
    boolean[] cutShort = new boolean[1];
    try (ImageInputStream input = new ByteArrayImageInputStream(file.data(), 0, file.length())) {
      reader.setInput(input, true, false);
      reader.addIIOReadWarningListener(
          (source, warning) -> cutShort[0] |= warning.contains("premature end"));
      T result = decoding.with(reader);
      if (cutShort[0]) {
        throw file.truncated();
      }
      return result;
    } catch (IOException | RuntimeException e) {
      if (e instanceof LynceusException known) {
        throw known;
      }
      // Decoders answer hostile bytes with exceptions of many kinds; all mean the same here.
      throw file.damaged("its pixels cannot be decoded", e);
    } finally {
      reader.dispose();
    }
  }

  private static void requireSize(ImageBytes file, int width, int height, int w, int h) {
    if (width != w || height != h) {
      throw file.damaged(
          "it announces %d x %d pixels and holds %d x %d".formatted(width, height, w, h), null);
    }
  }

  private static void copyIndexed(Raster raster, IndexColorModel palette, byte[] rgb) {
    int width = raster.getWidth();
    int[] colours = new int[palette.getMapSize()];
    palette.getRGBs(colours);
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int index : row) {
        // An index past the palette is black, as in the reference.
        put(rgb, at, index < colours.length ? colours[index] : 0);
        at += 3;
      }
    }
  }

  private static void copyDirect(Raster raster, SampleScale scale, byte[] rgb) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int[] row = new int[width * bands];
    int green = bands >= 3 ? 1 : 0;
    int blue = bands >= 3 ? 2 : 0;
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int i = 0; i < row.length; i += bands) {
        rgb[at++] = scale.toByte(row[i], 0);
        rgb[at++] = scale.toByte(row[i + green], green);
        rgb[at++] = scale.toByte(row[i + blue], blue);
      }
    }
  }

  private static void put(byte[] rgb, int at, int colour) {
    rgb[at] = (byte) (colour >> 16);
    rgb[at + 1] = (byte) (colour >> 8);
    rgb[at + 2] = (byte) colour;
  }

  /// From stored samples to 8 bits: packed ones (5 or 6 bits) are stretched, those of 16 bits
  /// clipped or cut to their upper byte.
  private static final class SampleScale {
    private final int[] bits;
    private final boolean packed;
    private final boolean clipped;

    SampleScale(ColorModel colours, boolean clipped) {
      this.bits = colours.getComponentSize();
      this.packed = colours instanceof DirectColorModel;
      this.clipped = clipped;
    }

    byte toByte(int sample, int band) {
      int size = bits[band];
      if (size == 8) {
        return (byte) sample;
      }
      if (packed || size < 8) {
        return (byte) (sample * 255 / ((1 << size) - 1));
      }
      return (byte) (clipped ? Math.min(sample, 255) : sample >> (size - 8));
    }
  }
}
