package dev.lynceus.lab.picture;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.Resample;
import dev.lynceus.image.ResampleFilter;
import dev.lynceus.image.RgbImage;
import java.util.Arrays;
import java.util.List;

/// Attention prompting (Yu and others, arXiv 2409.17143): a map of patches becomes a mask that
/// leaves the picture where the map is high, and shows grey where it is low. The map is stretched
/// to 0 to 1, centred, divided by its spread, multiplied with `strength`, sent through the logistic
/// function, smoothed by a mean over squares, enlarged by the Lanczos filter, and blended as `image
/// * m + (1 - m) * grey`. A map that is the same everywhere masks nothing.
///
/// @param rows of the map
/// @param columns of the map
/// @param values row by row
/// @param left edge of what the map covers, in pixels of the picture; a model that pads covers more
///   than the picture
/// @param top edge of it
/// @param width of it
/// @param height of it
/// @param strength how sharp the mask is; published: 5
/// @param kernel side of the squares that are smoothed over, odd; published: 3
/// @param grey what shows through, 0 to 255; published: 200
public record AttentionMask(
    int rows,
    int columns,
    List<Double> values,
    double left,
    double top,
    double width,
    double height,
    double strength,
    int kernel,
    double grey)
    implements Operation {

  public AttentionMask {
    values = List.copyOf(values);
    if (rows < 1
        || columns < 1
        || values.size() != rows * columns
        || values.stream().anyMatch(v -> !Double.isFinite(v))) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a map of %d values for %d x %d patches".formatted(values.size(), rows, columns),
          "Give one number for each patch, row by row.");
    }
    if (!(width >= 1 && height >= 1)
        || kernel < 1
        || kernel % 2 == 0
        || !(strength >= 0)
        || !(grey >= 0 && grey <= 255)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a mask of strength %s, smoothed over %d, on grey %s".formatted(strength, kernel, grey),
          "Use a strength of 0 or more, an odd number of patches, and 0 to 255.");
    }
  }

  /// As it is published.
  public static AttentionMask of(int rows, int columns, double[] map, Region.Box covered) {
    return new AttentionMask(
        rows,
        columns,
        Arrays.stream(map).boxed().toList(),
        covered.x0(),
        covered.y0(),
        covered.width(),
        covered.height(),
        5,
        3,
        200);
  }

  /// Whether the map is the same everywhere, so that nothing is masked.
  public boolean flat() {
    return values.stream().distinct().count() == 1;
  }

  /// The mask of the patches, before it is enlarged: 1 leaves the picture, 0 hides it.
  public double[] patches() {
    double[] mask = values.stream().mapToDouble(Double::doubleValue).toArray();
    if (flat()) {
      Arrays.fill(mask, 1);
      return mask;
    }
    double low = Arrays.stream(mask).min().orElseThrow();
    double spread = Arrays.stream(mask).max().orElseThrow() - low;
    double mean = 0;
    for (int i = 0; i < mask.length; i++) {
      mask[i] = (mask[i] - low) / spread;
      mean += mask[i] / mask.length;
    }
    double square = 0;
    for (double one : mask) {
      square += (one - mean) * (one - mean);
    }
    double deviation = Math.sqrt(square / (mask.length - 1));
    for (int i = 0; i < mask.length; i++) {
      mask[i] = 1 / (1 + StrictMath.exp(-(mask[i] - mean) / deviation * strength));
    }
    return smooth(mask);
  }

  /// The mean over a square around each patch; beyond the edge the last patch goes on.
  private double[] smooth(double[] mask) {
    int reach = kernel / 2;
    double[] smooth = new double[mask.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double sum = 0;
        for (int dy = -reach; dy <= reach; dy++) {
          for (int dx = -reach; dx <= reach; dx++) {
            int y = Math.clamp(row + (long) dy, 0, rows - 1);
            int x = Math.clamp(column + (long) dx, 0, columns - 1);
            sum += mask[y * columns + x];
          }
        }
        smooth[row * columns + column] = sum / (kernel * kernel);
      }
    }
    return smooth;
  }

  @Override
  public RgbImage apply(RgbImage image) {
    double[] mask = patches();
    byte[] samples = new byte[3 * mask.length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = Canvas.sample(mask[i / 3] * 255);
    }
    int wide = (int) Math.max(1, Math.round(width));
    int high = (int) Math.max(1, Math.round(height));
    RgbImage large =
        Resample.resize(RgbImage.of(columns, rows, samples), wide, high, ResampleFilter.LANCZOS);
    int x0 = (int) Math.round(left);
    int y0 = (int) Math.round(top);
    int level = (int) Math.round(grey);
    Canvas canvas = new Canvas(image);
    canvas.paint(
        (x, y) -> {
          int mx = x - x0;
          int my = y - y0;
          // What the model does not see is left as it is.
          return mx < 0 || my < 0 || mx >= wide || my >= high
              ? 0
              : 1 - large.sample(mx, my, 0) / 255.0;
        },
        new Rgb(level, level, level));
    return canvas.image();
  }
}
