package dev.lynceus.lab.think;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ResampleFilter;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.picture.Chain;
import dev.lynceus.lab.picture.Colours;
import dev.lynceus.lab.picture.Operation;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.picture.Rgb;
import dev.lynceus.lab.picture.Scaffold;
import dev.lynceus.lab.picture.Segments;
import dev.lynceus.lab.picture.SetOfMark;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a step does with the picture, as data. The same picture gives the same bytes everywhere. A
/// box that is null is where a map of the model is strongest; [#at] puts it in.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Tool.Crop.class, name = "crop"),
  @JsonSubTypes.Type(value = Tool.Zoom.class, name = "zoom"),
  @JsonSubTypes.Type(value = Tool.Segment.class, name = "segment"),
  @JsonSubTypes.Type(value = Tool.Count.class, name = "count"),
  @JsonSubTypes.Type(value = Tool.Ruler.class, name = "ruler"),
  @JsonSubTypes.Type(value = Tool.Measure.class, name = "measure"),
  @JsonSubTypes.Type(value = Tool.Convert.class, name = "colours"),
  @JsonSubTypes.Type(value = Tool.Highlight.class, name = "highlight"),
  @JsonSubTypes.Type(value = Tool.Compare.class, name = "compare"),
  @JsonSubTypes.Type(value = Tool.Turn.class, name = "turn"),
  @JsonSubTypes.Type(value = Tool.Keep.class, name = "keep")
})
public sealed interface Tool {
  /// The names of all of them.
  List<String> NAMES =
      List.of(
          "crop",
          "zoom",
          "segment",
          "count",
          "ruler",
          "measure",
          "colours",
          "highlight",
          "compare",
          "turn",
          "keep");

  /// What came of it.
  ///
  /// @param image the new picture
  /// @param says what the tool itself knows, for example how many pieces; may be empty
  record Made(RgbImage image, String says) {}

  /// Does it.
  ///
  /// @throws LynceusException BAD_REQUEST for what the picture has no room for
  Made apply(RgbImage image);

  /// Whether it waits for a box.
  default boolean waits() {
    return false;
  }

  /// With a box in its place.
  default Tool at(Region.Box box) {
    return this;
  }

  /// The box that it looks at; null where it looks at all.
  default Region.@Nullable Box looks() {
    return null;
  }

  /// Cuts a box out and makes it as large as the picture's shorter side allows.
  ///
  /// @param box null for where the map is strongest
  /// @param margin by what part of its size it is larger first
  record Crop(Region.@Nullable Box box, double margin) implements Tool {
    public Crop {
      requires(margin >= 0 && margin <= 10, "a margin of " + margin, "Use 0 to 10.");
    }

    @Override
    public Made apply(RgbImage image) {
      RgbImage cut = new Operation.Crop(known(box), margin).apply(image);
      return new Made(enlarged(cut, image), "");
    }

    @Override
    public boolean waits() {
      return box == null;
    }

    @Override
    public Tool at(Region.Box other) {
      return new Crop(other, margin);
    }

    @Override
    public Region.@Nullable Box looks() {
      return box;
    }
  }

  /// Cuts out what is around a point.
  ///
  /// @param x column in pixels; null for the middle of where the map is strongest
  /// @param y row in pixels
  /// @param factor how many times larger things become
  record Zoom(@Nullable Double x, @Nullable Double y, double factor) implements Tool {
    public Zoom {
      requires(factor >= 1 && factor <= 32, "a zoom by " + factor, "Use 1 to 32.");
      requires((x == null) == (y == null), "half a point", "Give x and y.");
    }

    @Override
    public Made apply(RgbImage image) {
      if (x == null || y == null) {
        throw unplaced();
      }
      double wide = image.width() / factor;
      double high = image.height() / factor;
      double left = Math.clamp(x - wide / 2, 0, image.width() - wide);
      double top = Math.clamp(y - high / 2, 0, image.height() - high);
      return new Made(
          enlarged(
              new Operation.Crop(new Region.Box(left, top, left + wide, top + high), 0)
                  .apply(image),
              image),
          "");
    }

    @Override
    public boolean waits() {
      return x == null;
    }

    @Override
    public Tool at(Region.Box box) {
      return new Zoom((box.x0() + box.x1()) / 2, (box.y0() + box.y1()) / 2, factor);
    }
  }

  /// Numbers pieces of about one colour.
  ///
  /// @param pieces about how many
  record Segment(int pieces) implements Tool {
    public Segment {
      requires(pieces >= 1 && pieces <= 64, pieces + " pieces", "Use 1 to 64.");
    }

    @Override
    public Made apply(RgbImage image) {
      List<Region> regions = Segments.superpixels(image, pieces);
      List<String> areas = new ArrayList<>();
      for (int i = 0; i < regions.size(); i++) {
        double share =
            regions.get(i).mask(image.width(), image.height()).area()
                / (double) (image.width() * image.height());
        areas.add("%d: %d %%".formatted(i + 1, Math.round(100 * share)));
      }
      return new Made(SetOfMark.of(regions).apply(image), String.join(", ", areas));
    }
  }

  /// Counts things of one flat colour that hang together, and numbers them.
  ///
  /// @param least pixels that a thing has at least, as a share of the picture
  /// @param most of the picture's longer side that a thing may have
  record Count(double least, double most) implements Tool {
    public Count {
      requires(
          least > 0 && least < 1 && most > 0 && most <= 1,
          "things of %s to %s of a picture".formatted(least, most),
          "Use shares between 0 and 1.");
    }

    @Override
    public Made apply(RgbImage image) {
      List<Region> things = FlatPieces.of(image, least, most);
      return new Made(
          things.isEmpty() ? image : SetOfMark.of(things).apply(image),
          things.size() == 1 ? "1 thing" : things.size() + " things");
    }
  }

  /// Puts dots with coordinates over the picture.
  ///
  /// @param steps dots across and down
  record Ruler(int steps) implements Tool {
    public Ruler {
      requires(steps >= 2 && steps <= 16, steps + " steps", "Use 2 to 16.");
    }

    @Override
    public Made apply(RgbImage image) {
      return new Made(
          new Scaffold(steps, steps, 0, 0).apply(image),
          "Dots are named (row,column), 1 to %d from the upper left".formatted(steps));
    }
  }

  /// Measures from one point to another, and draws the line.
  ///
  /// @param x0 column of the first point
  /// @param y0 row of the first point
  /// @param x1 column of the second point
  /// @param y1 row of the second point
  record Measure(double x0, double y0, double x1, double y1) implements Tool {
    @Override
    public Made apply(RgbImage image) {
      double stroke = Math.max(1, Math.max(image.width(), image.height()) / 100.0);
      List<Double> corners = line(stroke);
      RgbImage drawn = new Operation.Fill(new Region.Polygon(corners), Rgb.RED, 1).apply(image);
      return new Made(
          drawn, "%d pixels, %s".formatted(Math.round(Math.hypot(x1 - x0, y1 - y0)), direction()));
    }

    private List<Double> line(double stroke) {
      double length = Math.max(1e-9, Math.hypot(x1 - x0, y1 - y0));
      double dx = -(y1 - y0) / length * stroke / 2;
      double dy = (x1 - x0) / length * stroke / 2;
      return List.of(x0 + dx, y0 + dy, x1 + dx, y1 + dy, x1 - dx, y1 - dy, x0 - dx, y0 - dy);
    }

    /// Where the second point lies, seen from the first.
    public String direction() {
      double right = x1 - x0;
      double down = y1 - y0;
      List<String> words = new ArrayList<>();
      // Less than a third of the other way is not told.
      if (3 * Math.abs(down) >= Math.abs(right) && down != 0) {
        words.add(down > 0 ? "below" : "above");
      }
      if (3 * Math.abs(right) >= Math.abs(down) && right != 0) {
        words.add(right > 0 ? "to the right" : "to the left");
      }
      return words.isEmpty() ? "the same point" : String.join(" and ", words);
    }
  }

  /// Gives the picture in another colour space.
  ///
  /// @param space hsv, lab, grey, threshold or edges
  record Convert(Space space) implements Tool {
    /// A colour space, or what is left of a picture.
    public enum Space {
      /// Hue, saturation, value.
      HSV,
      /// CIELAB.
      LAB,
      /// Luma.
      GREY,
      /// White where bright, else black.
      THRESHOLD,
      /// Where neighbours differ.
      EDGES
    }

    @Override
    public Made apply(RgbImage image) {
      return switch (space) {
        case HSV ->
            new Made(Colours.to(image, Colours.Space.HSV), "Hue, saturation and value as colours");
        case LAB -> new Made(Colours.to(image, Colours.Space.LAB), "");
        case GREY -> new Made(Colours.to(image, Colours.Space.GREY), "");
        case THRESHOLD -> new Made(new Operation.Threshold(128).apply(image), "");
        case EDGES -> new Made(Edges.of(image), "");
      };
    }
  }

  /// Darkens all but a box.
  ///
  /// @param box null for where the map is strongest
  record Highlight(Region.@Nullable Box box) implements Tool {
    @Override
    public Made apply(RgbImage image) {
      return new Made(new Operation.DimOutside(known(box), .25).apply(image), "");
    }

    @Override
    public boolean waits() {
      return box == null;
    }

    @Override
    public Tool at(Region.Box other) {
      return new Highlight(other);
    }

    @Override
    public Region.@Nullable Box looks() {
      return box;
    }
  }

  /// Puts two boxes side by side.
  record Compare(Region.Box first, Region.Box second) implements Tool {
    @Override
    public Made apply(RgbImage image) {
      RgbImage left = enlarged(new Operation.Crop(first, 0).apply(image), image);
      RgbImage right = enlarged(new Operation.Crop(second, 0).apply(image), image);
      return new Made(Sheets.beside(List.of(left, right)), "");
    }
  }

  /// Turns or mirrors the picture.
  ///
  /// @param quarters quarter turns clockwise, 0 to 3
  /// @param mirrored whether left and right are exchanged first
  record Turn(int quarters, boolean mirrored) implements Tool {
    public Turn {
      requires(quarters >= 0 && quarters <= 3, quarters + " quarter turns", "Use 0 to 3.");
    }

    @Override
    public Made apply(RgbImage image) {
      RgbImage now = mirrored ? Turned.mirrored(image) : image;
      for (int i = 0; i < quarters; i++) {
        now = Turned.quarter(now);
      }
      return new Made(now, "");
    }
  }

  /// Does nothing: a control.
  record Keep() implements Tool {
    @Override
    public Made apply(RgbImage image) {
      return new Made(image, "");
    }
  }

  /// What people call it.
  default String text() {
    return switch (this) {
      case Crop crop -> "crop " + (crop.box == null ? "at the map" : crop.box.text());
      case Zoom zoom -> "zoom %s times".formatted(plain(zoom.factor));
      case Segment segment -> "segment into %d".formatted(segment.pieces);
      case Count count -> "count";
      case Ruler ruler -> "ruler of %d steps".formatted(ruler.steps);
      case Measure measure -> "measure";
      case Convert convert -> "colours as " + convert.space.name().toLowerCase(Locale.ROOT);
      case Highlight light -> "highlight " + (light.box == null ? "the map" : light.box.text());
      case Compare compare -> "compare";
      case Turn turn -> "turn";
      case Keep keep -> "keep";
    };
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  private static Region.Box known(Region.@Nullable Box box) {
    if (box == null) {
      throw unplaced();
    }
    return box;
  }

  private static LynceusException unplaced() {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        "a step has no place, and this model has no map to find one",
        "Write a box into the plan, [left, upper, right, lower] in pixels.");
  }

  /// A cut that is enlarged, without changing its shape, until it is as large as the picture.
  private static RgbImage enlarged(RgbImage cut, RgbImage whole) {
    double factor =
        Math.min(whole.width() / (double) cut.width(), whole.height() / (double) cut.height());
    int width = (int) Math.max(1, Math.round(cut.width() * factor));
    int height = (int) Math.max(1, Math.round(cut.height() * factor));
    return Chain.of(new Operation.Resize(width, height, ResampleFilter.BICUBIC)).apply(cut);
  }

  private static void requires(boolean right, String wrong, String next) {
    if (!right) {
      throw new LynceusException(ErrorCode.BAD_REQUEST, wrong, next);
    }
  }
}
