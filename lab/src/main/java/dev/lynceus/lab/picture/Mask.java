package dev.lynceus.lab.picture;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Which pixels of a picture belong to something. Never changes.
public final class Mask {
  /// Mean samples from which on a pixel of a picture counts as marked.
  private static final int BRIGHT = 128;

  private final int width;
  private final int height;
  private final boolean[] inside;

  private Mask(int width, int height, boolean[] inside) {
    this.width = width;
    this.height = height;
    this.inside = inside;
  }

  /// A mask of a copy of `inside`, row by row.
  public static Mask of(int width, int height, boolean[] inside) {
    if (width < 1 || height < 1 || inside.length != (long) width * height) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a mask of %d x %d pixels with %d entries".formatted(width, height, inside.length),
          "Give one entry for each pixel, row by row.");
    }
    return new Mask(width, height, inside.clone());
  }

  /// Whether a pixel belongs to something.
  @FunctionalInterface
  interface Pixels {
    boolean has(int x, int y);
  }

  static Mask where(int width, int height, Pixels pixels) {
    boolean[] inside = new boolean[Math.multiplyExact(width, height)];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        inside[y * width + x] = pixels.has(x, y);
      }
    }
    return new Mask(width, height, inside);
  }

  /// The bright pixels of a picture.
  public static Mask bright(RgbImage image) {
    return above(image, BRIGHT);
  }

  /// The pixels whose mean sample is at least `level`, 0 to 255.
  public static Mask above(RgbImage image, double level) {
    return where(
        image.width(),
        image.height(),
        (x, y) ->
            image.sample(x, y, 0) + image.sample(x, y, 1) + image.sample(x, y, 2) >= 3 * level);
  }

  /// A mask from the lengths of its runs, row by row: pixels outside first, then inside, and so on.
  ///
  /// @throws LynceusException BAD_REQUEST if they do not fill the picture
  public static Mask ofRuns(int width, int height, List<Integer> runs) {
    long sum = 0;
    for (int run : runs) {
      sum += run < 0 ? Long.MIN_VALUE / 2 : run;
    }
    if (width < 1 || height < 1 || sum != (long) width * height || sum > Integer.MAX_VALUE) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the runs of a mask do not fill %d x %d pixels".formatted(width, height),
          "Give the lengths of its runs row by row, pixels outside first.");
    }
    boolean[] inside = new boolean[(int) sum];
    int at = 0;
    for (int i = 0; i < runs.size(); i++) {
      Arrays.fill(inside, at, at + runs.get(i), i % 2 == 1);
      at += runs.get(i);
    }
    return new Mask(width, height, inside);
  }

  /// The lengths of its runs, as [#ofRuns] reads them.
  public List<Integer> runs() {
    List<Integer> runs = new ArrayList<>();
    boolean now = false;
    int length = 0;
    for (boolean one : inside) {
      if (one != now) {
        runs.add(length);
        length = 0;
        now = one;
      }
      length++;
    }
    runs.add(length);
    return runs;
  }

  /// Columns of pixels.
  public int width() {
    return width;
  }

  /// Rows of pixels.
  public int height() {
    return height;
  }

  /// Whether pixel (x, y) belongs to it; pixels outside of the picture do not.
  public boolean has(int x, int y) {
    return x >= 0 && y >= 0 && x < width && y < height && inside[y * width + x];
  }

  /// How many pixels belong to it.
  public int area() {
    int area = 0;
    for (boolean one : inside) {
      area += one ? 1 : 0;
    }
    return area;
  }

  /// Whether nothing belongs to it.
  public boolean isEmpty() {
    return area() == 0;
  }

  /// The smallest box around it; empty where nothing belongs to it.
  public Optional<Region.Box> bounds() {
    int left = width;
    int top = height;
    int right = -1;
    int bottom = -1;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        if (inside[y * width + x]) {
          left = Math.min(left, x);
          right = Math.max(right, x);
          top = Math.min(top, y);
          bottom = y;
        }
      }
    }
    return right < 0
        ? Optional.empty()
        : Optional.of(new Region.Box(left, top, right + 1.0, bottom + 1.0));
  }

  /// What does not belong to it.
  public Mask not() {
    return where(width, height, (x, y) -> !has(x, y));
  }

  /// What belongs to both.
  public Mask and(Mask other) {
    return where(width, height, (x, y) -> has(x, y) && other.has(x, y));
  }

  /// What belongs to either.
  public Mask or(Mask other) {
    return where(width, height, (x, y) -> has(x, y) || other.has(x, y));
  }

  /// Whether any pixel belongs to both.
  public boolean meets(Mask other) {
    return !and(other).isEmpty();
  }

  /// The same shape elsewhere; empty where a part of it would leave the picture.
  public Optional<Mask> moved(int right, int down) {
    Mask moved = where(width, height, (x, y) -> has(x - right, y - down));
    return moved.area() == area() ? Optional.of(moved) : Optional.empty();
  }

  /// The part of a rectangle that belongs to it, 0 to 1; edges cut pixels. Nothing of what lies
  /// outside of the picture does.
  public double share(double left, double top, double rectWidth, double rectHeight) {
    double sum = 0;
    int lastY = (int) Math.min(height, Math.ceil(top + rectHeight));
    int lastX = (int) Math.min(width, Math.ceil(left + rectWidth));
    for (int y = (int) Math.max(0, Math.floor(top)); y < lastY; y++) {
      double down = Math.min(y + 1, top + rectHeight) - Math.max(y, top);
      for (int x = (int) Math.max(0, Math.floor(left)); x < lastX; x++) {
        if (inside[y * width + x]) {
          sum += down * (Math.min(x + 1, left + rectWidth) - Math.max(x, left));
        }
      }
    }
    return sum / (rectWidth * rectHeight);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Mask that
        && width == that.width
        && height == that.height
        && Arrays.equals(inside, that.inside);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(inside);
  }

  @Override
  public String toString() {
    return "Mask of %d of %d x %d pixels".formatted(area(), width, height);
  }
}
