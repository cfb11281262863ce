package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.model.Picture;
import dev.lynceus.tap.Values;
import java.util.List;

/// The tower's input with a rectangle of one picture covered.
final class CoveredPixels {
  private final List<ProcessedImage> views;
  private final Occlusion.Fill fill;

  /// @throws LynceusException BAD_REQUEST if the model sees several views of a picture: a patch of
  ///   one is also seen in another
  CoveredPixels(List<Picture> pictures, Occlusion.Fill fill) {
    for (Picture picture : pictures) {
      if (picture.views().size() != 1) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "the model sees %s in %d views, so a part of one is not hidden from it"
                .formatted(picture.name(), picture.views().size()),
            "Hide visual tokens instead of pixels.");
      }
    }
    this.views = pictures.stream().map(picture -> picture.views().getFirst()).toList();
    this.fill = fill;
  }

  /// All pictures, `[pictures, channels, height, width]`, with a rectangle of one covered; its
  /// edges are shares of height and width.
  Values covered(int picture, double top, double left, double height, double width) {
    ProcessedImage first = views.getFirst();
    int size = first.pixels().length;
    float[] all = new float[views.size() * size];
    for (int i = 0; i < views.size(); i++) {
      System.arraycopy(views.get(i).pixels(), 0, all, i * size, size);
    }
    ProcessedImage image = views.get(picture);
    int fromRow = (int) Math.round(top * image.height());
    int toRow = (int) Math.min(image.height(), Math.round((top + height) * image.height()));
    int fromColumn = (int) Math.round(left * image.width());
    int toColumn = (int) Math.min(image.width(), Math.round((left + width) * image.width()));
    int radius = Math.max(toRow - fromRow, toColumn - fromColumn);
    int plane = image.height() * image.width();
    for (int channel = 0; channel < image.channels(); channel++) {
      float mean = mean(image.pixels(), channel * plane, plane);
      for (int row = fromRow; row < toRow; row++) {
        for (int column = fromColumn; column < toColumn; column++) {
          all[picture * size + channel * plane + row * image.width() + column] =
              switch (fill) {
                case MEAN -> mean;
                case ZERO -> 0;
                case BLUR -> around(image, channel * plane, row, column, radius);
              };
        }
      }
    }
    return new Values.Inline(
        all, new long[] {views.size(), first.channels(), first.height(), first.width()});
  }

  private static float mean(float[] pixels, int start, int count) {
    double sum = 0;
    for (int i = start; i < start + count; i++) {
      sum += pixels[i];
    }
    return (float) (sum / count);
  }

  /// The mean of the square around a pixel, cut at the edges of the picture.
  private static float around(ProcessedImage image, int start, int row, int column, int radius) {
    double sum = 0;
    int count = 0;
    for (int r = Math.max(0, row - radius); r <= Math.min(image.height() - 1, row + radius); r++) {
      for (int c = Math.max(0, column - radius);
          c <= Math.min(image.width() - 1, column + radius);
          c++) {
        sum += image.pixels()[start + r * image.width() + c];
        count++;
      }
    }
    return (float) (sum / count);
  }
}
