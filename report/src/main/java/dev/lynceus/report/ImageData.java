package dev.lynceus.report;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Pictures as `data:` addresses, small enough for a page.
final class ImageData {
  private static final int LONG_SIDE = 960;
  private static final int PNG_LIMIT = 300_000;
  private static final float JPEG_QUALITY = 0.9f;

  private ImageData() {}

  /// `image`, at most 960 pixels on its longer side: PNG where that is small, else JPEG.
  static String url(BufferedImage image) {
    BufferedImage small = shrink(image);
    try {
      byte[] png = png(small);
      if (png.length <= PNG_LIMIT) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
      }
      byte[] jpeg = encode(small, "jpeg");
      return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg);
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.INTERNAL, "A picture could not be encoded for the page", "Report this.", e);
    }
  }

  /// `image` as PNG.
  static byte[] png(BufferedImage image) throws IOException {
    return encode(image, "png");
  }

  private static BufferedImage shrink(BufferedImage image) {
    BufferedImage current = opaque(image, image.getWidth(), image.getHeight());
    int side = Math.max(image.getWidth(), image.getHeight());
    while (side > LONG_SIDE) {
      int next = Math.max(LONG_SIDE, (side + 1) / 2);
      int width = Math.max(1, Math.round(current.getWidth() * (float) next / side));
      int height = Math.max(1, Math.round(current.getHeight() * (float) next / side));
      current = opaque(current, width, height);
      side = next;
    }
    return current;
  }

  private static BufferedImage opaque(BufferedImage image, int width, int height) {
    BufferedImage copy = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = copy.createGraphics();
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width, height);
    g.drawImage(image, 0, 0, width, height, null);
    g.dispose();
    return copy;
  }

  private static byte[] encode(BufferedImage image, String format) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam param = writer.getDefaultWriteParam();
      if (format.equals("jpeg")) {
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionQuality(JPEG_QUALITY);
      }
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
