package dev.lynceus.image;

import dev.lynceus.image.vp8.DamagedFrame;
import dev.lynceus.image.vp8.Vp8Picture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Decodes WebP: lossy pictures by [Vp8Picture], lossless ones by `javax.imageio`'s reader, which
/// gets them alone, without the profile, the alpha and the metadata that it would act upon. What
/// the first frame of an animation leaves open is black.
final class WebpDecoder {
  private static final int HEAD = 20;

  private WebpDecoder() {}

  static RgbImage decode(ImageBytes file, WebpHeader header) {
    WebpHeader.Picture picture = header.picture();
    if (header.fills()) {
      return RgbImage.wrap(header.width(), header.height(), samples(file, picture));
    }
    byte[] pixels = samples(file, picture);
    byte[] canvas = new byte[header.width() * header.height() * 3];
    int row = 3 * picture.width();
    for (int y = 0; y < picture.height(); y++) {
      int at = 3 * ((y + picture.top()) * header.width() + picture.left());
      System.arraycopy(pixels, y * row, canvas, at, row);
    }
    return RgbImage.wrap(header.width(), header.height(), canvas);
  }

  private static byte[] samples(ImageBytes file, WebpHeader.Picture picture) {
    return switch (picture.coding()) {
      case LOSSY -> lossy(file, picture);
      case LOSSLESS ->
          PixelDecoder.decode(
              alone(file, picture), "webp", picture.width(), picture.height(), false);
    };
  }

  private static byte[] lossy(ImageBytes file, WebpHeader.Picture picture) {
    try {
      return Vp8Picture.decode(
          file.data(), picture.from(), picture.to(), picture.width(), picture.height());
    } catch (DamagedFrame e) {
      throw file.damaged(String.valueOf(e.getMessage()), e);
    }
  }

  /// A file of nothing but a lossless picture.
  private static ImageBytes alone(ImageBytes file, WebpHeader.Picture picture) {
    int length = picture.to() - picture.from();
    int padded = length + (length & 1);
    ByteBuffer data = ByteBuffer.allocate(HEAD + padded).order(ByteOrder.LITTLE_ENDIAN);
    data.put(ascii("RIFF")).putInt(HEAD - 8 + padded).put(ascii("WEBPVP8L")).putInt(length);
    data.put(file.data(), picture.from(), length);
    return new ImageBytes(file.name(), data.array());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
