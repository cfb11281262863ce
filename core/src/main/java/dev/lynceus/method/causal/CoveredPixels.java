package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.model.Picture;
import dev.lynceus.model.TowerInput;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// The tower's input with a part of one picture covered.
final class CoveredPixels {
  private final List<ProcessedImage> views;
  private final TowerInput input;
  private final Cover cover;

  /// What a channel of a picture becomes where it is covered.
  private interface Cover {
    /// @param own the channel as it is
    /// @param hidden which pixels are covered
    float[] of(ProcessedImage image, int channel, float[] own, boolean[] hidden);
  }

  /// Covered by a fill.
  ///
  /// @throws LynceusException BAD_REQUEST if the model sees several views of a picture: a patch of
  ///   one is also seen in another
  CoveredPixels(Run run, Occlusion.Fill fill) {
    this(
        run,
        (image, channel, own, hidden) ->
            switch (fill) {
              case MEAN -> constant(own.length, mean(own));
              case ZERO -> new float[own.length];
              case BLUR -> blurred(own, image, radius(hidden, image.width()));
              case INPAINT -> inpainted(own, hidden, image.width());
            });
  }

  /// Covered by noise: each pixel of a channel drawn from a normal distribution with the mean and
  /// the deviation of the channel. It depends on the seed and the place alone, so that every region
  /// gets its part of the same.
  ///
  /// @throws LynceusException as above
  static CoveredPixels noise(Run run, long seed) {
    return new CoveredPixels(
        run,
        (image, channel, own, hidden) -> {
          double mean = mean(own);
          double square = 0;
          for (float pixel : own) {
            square += (pixel - mean) * (pixel - mean);
          }
          double deviation = Math.sqrt(square / own.length);
          SplittableRandom random = new SplittableRandom(seed * 31 + channel);
          float[] drawn = new float[own.length];
          for (int i = 0; i < drawn.length; i++) {
            drawn[i] = (float) (mean + deviation * random.nextGaussian());
          }
          return drawn;
        });
  }

  private CoveredPixels(Run run, Cover cover) {
    List<Picture> pictures = run.batch().pictures();
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
    this.input = ((VisionLanguageModel) run.model().model()).input(pictures);
    this.cover = cover;
  }

  /// All pictures as the tower takes them, with a rectangle of one covered; its edges are shares of
  /// height and width.
  Values covered(int picture, double top, double left, double height, double width) {
    ProcessedImage image = views.get(picture);
    int fromRow = (int) Math.round(top * image.height());
    int toRow = (int) Math.min(image.height(), Math.round((top + height) * image.height()));
    int fromColumn = (int) Math.round(left * image.width());
    int toColumn = (int) Math.min(image.width(), Math.round((left + width) * image.width()));
    boolean[] hidden = new boolean[image.height() * image.width()];
    for (int row = fromRow; row < toRow; row++) {
      Arrays.fill(hidden, row * image.width() + fromColumn, row * image.width() + toColumn, true);
    }
    return covered(picture, hidden);
  }

  /// All pictures, with some pixels of one covered.
  ///
  /// @param hidden which pixels, row by row
  Values covered(int picture, boolean[] hidden) {
    List<float[]> all = new ArrayList<>(views.stream().map(ProcessedImage::pixels).toList());
    ProcessedImage image = views.get(picture);
    all.set(picture, image.pixels().clone());
    int plane = image.height() * image.width();
    for (int channel = 0; channel < image.channels(); channel++) {
      float[] own = Arrays.copyOfRange(image.pixels(), channel * plane, (channel + 1) * plane);
      float[] covered = cover.of(image, channel, own, hidden);
      for (int i = 0; i < plane; i++) {
        if (hidden[i]) {
          all.get(picture)[channel * plane + i] = covered[i];
        }
      }
    }
    return new Values.Inline(input.numbers(all), input.pixels());
  }

  private static float[] constant(int count, float value) {
    float[] all = new float[count];
    Arrays.fill(all, value);
    return all;
  }

  private static float mean(float[] pixels) {
    double sum = 0;
    for (float pixel : pixels) {
      sum += pixel;
    }
    return (float) (sum / pixels.length);
  }

  /// The longer side of the rectangle around what is hidden.
  private static int radius(boolean[] hidden, int width) {
    int left = width;
    int right = -1;
    int top = Integer.MAX_VALUE;
    int bottom = -1;
    for (int i = 0; i < hidden.length; i++) {
      if (hidden[i]) {
        left = Math.min(left, i % width);
        right = Math.max(right, i % width);
        top = Math.min(top, i / width);
        bottom = i / width;
      }
    }
    return bottom < 0 ? 0 : Math.max(right - left, bottom - top) + 1;
  }

  /// The mean of the square around each pixel, cut at the edges of the picture.
  private static float[] blurred(float[] own, ProcessedImage image, int radius) {
    int width = image.width();
    int height = image.height();
    double[] sums = new double[(width + 1) * (height + 1)];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        sums[(y + 1) * (width + 1) + x + 1] =
            own[y * width + x]
                + sums[y * (width + 1) + x + 1]
                + sums[(y + 1) * (width + 1) + x]
                - sums[y * (width + 1) + x];
      }
    }
    float[] blurred = new float[own.length];
    for (int y = 0; y < height; y++) {
      int top = Math.max(0, y - radius) * (width + 1);
      int bottom = Math.min(height, y + radius + 1) * (width + 1);
      int lines = (bottom - top) / (width + 1);
      for (int x = 0; x < width; x++) {
        int left = Math.max(0, x - radius);
        int right = Math.min(width, x + radius + 1);
        double sum =
            sums[bottom + right] - sums[top + right] - sums[bottom + left] + sums[top + left];
        blurred[y * width + x] = (float) (sum / (lines * (double) (right - left)));
      }
    }
    return blurred;
  }

  /// From the edge of what is hidden inwards: each pixel becomes the mean of those of its eight
  /// neighbours that are known. A picture that is hidden whole becomes its mean colour.
  private static float[] inpainted(float[] own, boolean[] hidden, int width) {
    float[] now = own.clone();
    boolean[] unknown = hidden.clone();
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < hidden.length; i++) {
      if (hidden[i]) {
        left.add(i);
      }
    }
    if (left.size() == hidden.length) {
      return constant(own.length, mean(own));
    }
    while (!left.isEmpty()) {
      List<Integer> next = new ArrayList<>();
      List<Integer> edge = new ArrayList<>();
      for (int at : left) {
        double sum = 0;
        int known = 0;
        for (int dy = -1; dy <= 1; dy++) {
          for (int dx = -1; dx <= 1; dx++) {
            int x = at % width + dx;
            int i = at + dy * width + dx;
            if (x >= 0 && x < width && i >= 0 && i < own.length && !unknown[i]) {
              sum += now[i];
              known++;
            }
          }
        }
        if (known == 0) {
          next.add(at);
        } else {
          now[at] = (float) (sum / known);
          edge.add(at);
        }
      }
      edge.forEach(at -> unknown[at] = false);
      left = next;
    }
    return now;
  }
}
