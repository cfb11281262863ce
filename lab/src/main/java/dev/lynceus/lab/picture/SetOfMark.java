package dev.lynceus.lab.picture;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// Set-of-Mark (Yang and others, arXiv 2310.11441): every region is tinted and gets a number at the
/// pixel that lies deepest in it. Regions are numbered by area, the largest first.
///
/// @param regions what is marked
/// @param layers what is drawn of a mark
/// @param names how marks are called
/// @param room whether a region gives way to smaller ones
/// @param alpha of the tint
/// @param height of the numbers in pixels; 0 = a twenty-fourth of the longer side, at least 8
/// @param side where the number stands: in the region, or at a side of the box around it
public record SetOfMark(
    List<Region> regions,
    Set<Layer> layers,
    Names names,
    Room room,
    double alpha,
    double height,
    Side side)
    implements Operation {

  /// What is drawn.
  public enum Layer {
    /// The tint.
    MASK,
    /// The box around it.
    BOX,
    /// The number.
    MARK
  }

  /// How marks are called.
  public enum Names {
    /// 1, 2, 3 …
    NUMBERS,
    /// a, b, … z, aa …
    LETTERS
  }

  /// Whether a region gives way.
  public enum Room {
    /// Numbers stand where they would alone, as in the published program.
    OWN,
    /// What smaller regions have taken is no place for the number of a larger one, as in the paper.
    SHARED
  }

  /// Where the number stands with respect to the pixel, in pixels: to the right, and down.
  private static final int[] OFFSET = {2, -6};

  private static final Rgb[] TINTS = Rgb.palette().values().stream().limit(7).toArray(Rgb[]::new);

  public SetOfMark {
    regions = List.copyOf(regions);
    layers = Set.copyOf(layers);
    if (!(alpha >= 0 && alpha <= 1) || !(height >= 0 && height < 1e5)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "marks with a tint of %s and numbers of %s pixels".formatted(alpha, height),
          "Use an alpha of 0 to 1, and a height of 0 or more.");
    }
  }

  /// As it is published: tints of 0.1 and numbers.
  public static SetOfMark of(List<Region> regions) {
    return new SetOfMark(
        regions, Set.of(Layer.MASK, Layer.MARK), Names.NUMBERS, Room.OWN, .1, 0, Side.CENTRE);
  }

  /// A mark.
  ///
  /// @param region its number among the regions
  /// @param name that is drawn
  /// @param mask its pixels
  /// @param x column of the pixel that it stands at
  /// @param y row of it
  public record Placed(int region, String name, Mask mask, int x, int y) {}

  /// All marks on a picture of that size, in the order of their names; regions without pixels get
  /// none.
  public List<Placed> placed(int width, int height) {
    List<Mask> masks = regions.stream().map(region -> region.mask(width, height)).toList();
    Integer[] order = new Integer[masks.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparing((Integer i) -> -masks.get(i).area()));
    List<Placed> marks = new ArrayList<>();
    for (int i = 0; i < order.length; i++) {
      Mask mask = masks.get(order[i]);
      if (!mask.isEmpty()) {
        Mask free = mask;
        for (int smaller = i + 1; room == Room.SHARED && smaller < order.length; smaller++) {
          Mask left = free.and(masks.get(order[smaller]).not());
          free = left.isEmpty() ? free : left;
        }
        int[] at = Distances.of(free).deepest();
        marks.add(new Placed(order[i], name(marks.size()), mask, at[0], at[1]));
      }
    }
    return marks;
  }

  private String name(int number) {
    if (names == Names.NUMBERS) {
      return Integer.toString(number + 1);
    }
    StringBuilder letters = new StringBuilder();
    for (int left = number + 1; left > 0; left = (left - 1) / 26) {
      letters.insert(0, (char) ('a' + (left - 1) % 26));
    }
    return letters.toString();
  }

  @Override
  public RgbImage apply(RgbImage image) {
    Canvas canvas = new Canvas(image);
    List<Placed> marks = placed(image.width(), image.height());
    double longer = Math.max(image.width(), image.height());
    for (int i = 0; i < marks.size() && layers.contains(Layer.MASK); i++) {
      Mask mask = marks.get(i).mask();
      canvas.paint((x, y) -> mask.has(x, y) ? alpha : 0, TINTS[i % TINTS.length]);
    }
    for (int i = 0; i < marks.size() && layers.contains(Layer.BOX); i++) {
      Outlines.draw(
          canvas,
          new Operation.Outline(
              Operation.Shape.BOX,
              Region.Painted.of(marks.get(i).mask()),
              TINTS[i % TINTS.length],
              Math.max(1, longer / 250),
              1,
              0,
              Side.CENTRE,
              0));
    }
    double size = height > 0 ? height : Math.max(8, longer / 24);
    for (int i = 0; i < marks.size() && layers.contains(Layer.MARK); i++) {
      number(canvas, marks.get(i), size);
    }
    return canvas.image();
  }

  private void number(Canvas canvas, Placed mark, double size) {
    Region.Box box = mark.mask().bounds().orElseThrow();
    double x =
        side.across() == 0
            ? (side == Side.CENTRE ? mark.x() : (box.x0() + box.x1()) / 2)
            : side.across() < 0 ? box.x0() : box.x1();
    double y =
        side.down() == 0
            ? (side == Side.CENTRE ? mark.y() : (box.y0() + box.y1()) / 2)
            : side.down() < 0 ? box.y0() : box.y1();
    double wide = Glyphs.width(mark.name(), size);
    double edge = Math.max(1, size / 7);
    // A number that the picture cuts off is no number.
    double left = Math.clamp(x + OFFSET[0], edge, Math.max(edge, canvas.width() - wide - edge));
    double top = Math.clamp(y + OFFSET[1], edge, Math.max(edge, canvas.height() - size - edge));
    Region.Box ground = new Region.Box(left, top, left + wide, top + size).grown(edge, edge);
    canvas.paint((px, py) -> true, whole(ground), Rgb.BLACK, 1);
    Glyphs.write(canvas, mark.name(), left, top, size, Rgb.WHITE, 1);
  }

  /// A box of whole pixels.
  private static Region.Box whole(Region.Box box) {
    return new Region.Box(
        Math.floor(box.x0()), Math.floor(box.y0()), Math.ceil(box.x1()), Math.ceil(box.y1()));
  }
}
