package dev.lynceus.lab.picture;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ResampleFilter;
import dev.lynceus.image.RgbImage;
import java.util.List;

/// A change of a picture, as data. All of them are exact: the same picture gives the same bytes on
/// every machine. An alpha of 0 and a region without pixels change nothing. A [Chain] does several.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Operation.Crop.class, name = "crop"),
  @JsonSubTypes.Type(value = Operation.Resize.class, name = "resize"),
  @JsonSubTypes.Type(value = Operation.Pad.class, name = "pad"),
  @JsonSubTypes.Type(value = Operation.Grid.class, name = "grid"),
  @JsonSubTypes.Type(value = Operation.Outline.class, name = "outline"),
  @JsonSubTypes.Type(value = Operation.Label.class, name = "label"),
  @JsonSubTypes.Type(value = Operation.Fill.class, name = "fill"),
  @JsonSubTypes.Type(value = Operation.Blur.class, name = "blur"),
  @JsonSubTypes.Type(value = Operation.BlurInside.class, name = "blur-inside"),
  @JsonSubTypes.Type(value = Operation.BlurOutside.class, name = "blur-outside"),
  @JsonSubTypes.Type(value = Operation.GreyOutside.class, name = "grey-outside"),
  @JsonSubTypes.Type(value = Operation.DimOutside.class, name = "dim-outside"),
  @JsonSubTypes.Type(value = Operation.Convert.class, name = "convert"),
  @JsonSubTypes.Type(value = Operation.Threshold.class, name = "threshold"),
  @JsonSubTypes.Type(value = SetOfMark.class, name = "set-of-mark"),
  @JsonSubTypes.Type(value = Scaffold.class, name = "scaffold"),
  @JsonSubTypes.Type(value = AttentionMask.class, name = "attention-mask")
})
public sealed interface Operation permits Operation.Simple, SetOfMark, Scaffold, AttentionMask {

  /// The changed picture.
  ///
  /// @throws LynceusException BAD_REQUEST for what that picture has no room for
  RgbImage apply(RgbImage image);

  /// Where a picture of that size is afterwards.
  default Placement place(int width, int height) {
    return Placement.whole(width, height);
  }

  /// Those of this file.
  sealed interface Simple extends Operation {}

  /// Cuts a box out, as far as it lies in the picture; edges are rounded outwards.
  ///
  /// @param margin by what part of its width and height it is larger first, half on each side
  record Crop(Region.Box box, double margin) implements Simple {
    public Crop {
      requires(margin >= 0, "a margin of " + margin, "Use 0 or more.");
    }

    @Override
    public RgbImage apply(RgbImage image) {
      int[] cut = cut(image.width(), image.height());
      return image.cropped(cut[0], cut[1], cut[2] - cut[0], cut[3] - cut[1]);
    }

    @Override
    public Placement place(int width, int height) {
      int[] cut = cut(width, height);
      return new Placement(-cut[0], -cut[1], 1, 1, cut[2] - cut[0], cut[3] - cut[1]);
    }

    private int[] cut(int width, int height) {
      Region.Box grown = box.grown(margin);
      int left = (int) Math.clamp(Math.floor(grown.x0()), 0, width);
      int top = (int) Math.clamp(Math.floor(grown.y0()), 0, height);
      int right = (int) Math.clamp(Math.ceil(grown.x1()), 0, width);
      int bottom = (int) Math.clamp(Math.ceil(grown.y1()), 0, height);
      requires(
          right > left && bottom > top,
          "the box %s has nothing of a picture of %d x %d pixels"
              .formatted(box.text(), width, height),
          "Give left, upper, right and lower edge in pixels of the picture.");
      return new int[] {left, top, right, bottom};
    }
  }

  /// Makes it as large as that, as Pillow does.
  record Resize(int width, int height, ResampleFilter filter) implements Simple {
    public Resize {
      requires(
          width > 0 && height > 0 && (long) width * height <= 1L << 28,
          "a picture of %d x %d pixels".formatted(width, height),
          "Use at least 1 and at most 2^28 pixels.");
    }

    @Override
    public RgbImage apply(RgbImage image) {
      return dev.lynceus.image.Resample.resize(image, width, height, filter);
    }

    @Override
    public Placement place(int ofWidth, int ofHeight) {
      return new Placement(
          0, 0, (double) width / ofWidth, (double) height / ofHeight, width, height);
    }
  }

  /// Adds a border.
  record Pad(int left, int top, int right, int bottom, Rgb colour) implements Simple {
    public Pad {
      requires(
          (left | top | right | bottom) >= 0
              && Math.max(Math.max(left, right), Math.max(top, bottom)) <= 1 << 14,
          "a border of %d, %d, %d, %d pixels".formatted(left, top, right, bottom),
          "Use 0 to 16384 pixels.");
    }

    @Override
    public RgbImage apply(RgbImage image) {
      int width = image.width() + left + right;
      int height = image.height() + top + bottom;
      byte[] samples = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
      for (int at = 0; at < samples.length; at++) {
        samples[at] = (byte) colour.channel(at % 3);
      }
      byte[] own = image.toBytes();
      for (int y = 0; y < image.height(); y++) {
        System.arraycopy(
            own, y * image.width() * 3, samples, ((y + top) * width + left) * 3, image.width() * 3);
      }
      return RgbImage.of(width, height, samples);
    }

    @Override
    public Placement place(int width, int height) {
      return new Placement(left, top, 1, 1, width + left + right, height + top + bottom);
    }
  }

  /// Draws the inner lines of a grid.
  record Grid(int rows, int columns, double stroke, Rgb colour, double alpha) implements Simple {
    public Grid {
      requires(
          rows > 0 && columns > 0, "a grid of %d x %d".formatted(rows, columns), "Use 1 or more.");
      stroked(stroke);
      seen(alpha);
    }

    @Override
    public RgbImage apply(RgbImage image) {
      Canvas canvas = new Canvas(image);
      double wide = (double) image.width() / columns;
      double high = (double) image.height() / rows;
      canvas.paint(
          (x, y) -> near(x, wide, columns) <= stroke / 2 || near(y, high, rows) <= stroke / 2,
          new Region.Box(0, 0, image.width(), image.height()),
          colour,
          alpha);
      return canvas.image();
    }

    private static double near(double at, double step, int count) {
      double line = Math.clamp(Math.rint(at / step), 1, Math.max(1, count - 1));
      return count == 1 ? Double.POSITIVE_INFINITY : Math.abs(at - line * step);
    }
  }

  /// The shapes that mark a region.
  enum Shape {
    /// A rectangle around it.
    BOX,
    /// An ellipse in the box around it.
    ELLIPSE,
    /// Its own edge.
    CONTOUR,
    /// An arrow that ends at it.
    ARROW,
    /// A line to and fro over it.
    SCRIBBLE,
    /// A dot in it.
    POINT,
    /// A triangle around it.
    TRIANGLE
  }

  /// Marks a region.
  ///
  /// @param stroke thickness of lines in pixels; the radius of a dot is one and a half of it
  /// @param grow by what part the box of a rectangle, ellipse or triangle is larger
  /// @param side where the mark stands; an arrow comes from there
  /// @param seed of a scribble
  record Outline(
      Shape shape,
      Region region,
      Rgb colour,
      double stroke,
      double alpha,
      double grow,
      Side side,
      long seed)
      implements Simple {
    public Outline {
      stroked(stroke);
      seen(alpha);
      requires(grow >= 0, "a mark larger by " + grow, "Use 0 or more.");
    }

    @Override
    public RgbImage apply(RgbImage image) {
      Canvas canvas = new Canvas(image);
      Outlines.draw(canvas, this);
      return canvas.image();
    }
  }

  /// Writes a text.
  ///
  /// @param left edge of the first letter
  /// @param top edge of all
  /// @param height of the letters in pixels
  record Label(String text, double left, double top, double height, Rgb ink, double alpha)
      implements Simple {
    public Label {
      stroked(height);
      seen(alpha);
    }

    @Override
    public RgbImage apply(RgbImage image) {
      Canvas canvas = new Canvas(image);
      Glyphs.write(canvas, text, left, top, height, ink, alpha);
      return canvas.image();
    }
  }

  /// Paints a region; in black with an alpha of 1 it blacks it out.
  record Fill(Region region, Rgb colour, double alpha) implements Simple {
    public Fill {
      seen(alpha);
    }

    @Override
    public RgbImage apply(RgbImage image) {
      Mask mask = region.mask(image.width(), image.height());
      Canvas canvas = new Canvas(image);
      canvas.paint((x, y) -> mask.has(x, y) ? alpha : 0, colour);
      return canvas.image();
    }
  }

  /// Blurs all by a Gaussian.
  ///
  /// @param sigma its standard deviation in pixels
  record Blur(double sigma) implements Simple {
    @Override
    public RgbImage apply(RgbImage image) {
      return Gaussian.blur(image, sigma);
    }
  }

  /// Blurs a region.
  ///
  /// @param sigma standard deviation of the Gaussian in pixels
  record BlurInside(Region region, double sigma) implements Simple {
    @Override
    public RgbImage apply(RgbImage image) {
      Mask mask = region.mask(image.width(), image.height());
      if (mask.isEmpty()) {
        return image;
      }
      Canvas canvas = new Canvas(image);
      canvas.mix(Gaussian.blur(image, sigma), (x, y) -> mask.has(x, y) ? 1 : 0);
      return canvas.image();
    }
  }

  /// Blurs all but a region.
  ///
  /// @param sigma standard deviation of the Gaussian in pixels
  record BlurOutside(Region region, double sigma) implements Simple {
    @Override
    public RgbImage apply(RgbImage image) {
      return outside(image, region, Gaussian.blur(image, sigma));
    }
  }

  /// Takes the colours away from all but a region.
  record GreyOutside(Region region) implements Simple {
    @Override
    public RgbImage apply(RgbImage image) {
      return outside(image, region, Colours.to(image, Colours.Space.GREY));
    }
  }

  /// Darkens all but a region.
  ///
  /// @param factor that samples are multiplied with, 0 to 1
  record DimOutside(Region region, double factor) implements Simple {
    public DimOutside {
      seen(factor);
    }

    @Override
    public RgbImage apply(RgbImage image) {
      byte[] samples = image.toBytes();
      for (int at = 0; at < samples.length; at++) {
        samples[at] = Canvas.sample((samples[at] & 0xff) * factor);
      }
      return outside(image, region, RgbImage.of(image.width(), image.height(), samples));
    }
  }

  /// Gives it in another colour space.
  record Convert(Colours.Space space) implements Simple {
    @Override
    public RgbImage apply(RgbImage image) {
      return Colours.to(image, space);
    }
  }

  /// Makes pixels white whose mean sample reaches a level, and the others black.
  ///
  /// @param level 0 to 255
  record Threshold(double level) implements Simple {
    @Override
    public RgbImage apply(RgbImage image) {
      Mask bright = Mask.above(image, level);
      Canvas canvas = new Canvas(image);
      canvas.paint((x, y) -> 1, Rgb.BLACK);
      canvas.paint((x, y) -> bright.has(x, y) ? 1 : 0, Rgb.WHITE);
      return canvas.image();
    }
  }

  /// A region without pixels marks nothing, so that nothing is outside of it.
  private static RgbImage outside(RgbImage image, Region region, RgbImage other) {
    Mask mask = region.mask(image.width(), image.height());
    if (mask.isEmpty()) {
      return image;
    }
    Canvas canvas = new Canvas(image);
    canvas.mix(other, (x, y) -> mask.has(x, y) ? 0 : 1);
    return canvas.image();
  }

  private static void stroked(double stroke) {
    requires(stroke > 0 && stroke < 1e5, "lines of " + stroke + " pixels", "Use more than 0.");
  }

  private static void seen(double alpha) {
    requires(alpha >= 0 && alpha <= 1, "an alpha or factor of " + alpha, "Use 0 to 1.");
  }

  private static void requires(boolean right, String wrong, String next) {
    if (!right) {
      throw new LynceusException(ErrorCode.BAD_REQUEST, wrong, next);
    }
  }

  /// Several regions as one.
  static Mask all(List<Region> regions, int width, int height) {
    return regions.stream()
        .map(region -> region.mask(width, height))
        .reduce(Mask::or)
        .orElseGet(() -> Mask.where(width, height, (x, y) -> false));
  }
}
