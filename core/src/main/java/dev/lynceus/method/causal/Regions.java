package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.RgbImage;
import dev.lynceus.image.Superpixels;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.PatchViews;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Parts of a picture that are hidden one by one, as a grid of rows and columns.
///
/// @param what what they are, in a few words
/// @param regions `[row][column]`
public record Regions(
    String what,
    String rowAxis,
    List<String> rows,
    String columnAxis,
    List<String> columns,
    List<List<Region>> regions) {

  /// A part of a picture.
  ///
  /// @param image number of the picture
  /// @param positions of the visual tokens whose patches it touches
  /// @param pixels which pixels of the tower's input it has, row by row; empty where the picture is
  ///   seen in several views
  // Plain numbers; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Region(int image, int[] positions, boolean[] pixels) {}

  /// Samples from which on a pixel of a mask belongs to it.
  private static final int WHITE = 128;

  /// Objects by masks, each also with rings of patches around it (Neo et al., arXiv 2410.07149),
  /// and for comparison all but the object.
  ///
  /// @param image number of the picture
  /// @param names of the masks
  /// @param masks bright where the object is; stretched over the whole original picture
  /// @param rings how many rings of patches, by their eight neighbours
  /// @throws LynceusException BAD_REQUEST for a mask that shows nothing
  public static Regions masks(
      Run run, int image, List<String> names, List<RgbImage> masks, int rings) {
    TokenMap.ImageGrid grid = grid(run, image);
    if (rings < 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, rings + " rings around a mask", "Use 0 or more.");
    }
    List<List<Region>> all = new ArrayList<>();
    for (int m = 0; m < masks.size(); m++) {
      RgbImage mask = masks.get(m);
      List<Region> row = new ArrayList<>();
      for (int ring = 0; ring <= rings; ring++) {
        row.add(region(run, image, grid, mask, ring));
      }
      if (row.getFirst().positions.length == 0) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            names.get(m) + " marks no patch of the picture",
            "Paint what shall be hidden white, and the rest black.");
      }
      row.add(rest(run, image, row.getFirst()));
      all.add(row);
    }
    List<String> columns = new ArrayList<>();
    for (int ring = 0; ring <= rings; ring++) {
      columns.add(ring == 0 ? "object" : ring == 1 ? "+ 1 ring" : "+ " + ring + " rings");
    }
    columns.add("all but it");
    return new Regions("the object of a mask", "mask", names, "hidden", columns, all);
  }

  /// Pieces of about one colour.
  ///
  /// @param count about how many
  /// @throws LynceusException BAD_REQUEST where the picture is seen in several views
  public static Regions superpixels(Run run, int image, int count) {
    grid(run, image);
    List<ProcessedImage> views = run.batch().pictures().get(image).views();
    if (count < 1 || views.size() != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          count < 1
              ? count + " superpixels"
              : "the model sees %s in %d views, which are not cut into superpixels"
                  .formatted(run.batch().pictures().get(image).name(), views.size()),
          count < 1 ? "Use 1 or more." : "Hide squares of patches, or use a mask.");
    }
    RgbImage seen = views.getFirst().seen();
    Superpixels pieces = Superpixels.of(seen, count);
    TokenMap.View view = view(run, image);
    List<Region> regions = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int piece = 0; piece < pieces.count(); piece++) {
      boolean[] pixels = new boolean[pieces.labels().length];
      double x = 0;
      double y = 0;
      int size = 0;
      for (int at = 0; at < pixels.length; at++) {
        if (pieces.labels()[at] == piece) {
          pixels[at] = true;
          x += at % seen.width();
          int line = at / seen.width();
          y += line;
          size++;
        }
      }
      regions.add(new Region(image, positions(view, pixels, seen), pixels));
      names.add(String.format(Locale.ROOT, "%d at %.0f, %.0f", piece, x / size, y / size));
    }
    return new Regions(
        "a piece of about one colour", "", List.of("piece"), "piece", names, List.of(regions));
  }

  /// Patches of which a piece has half, or of small pieces the one that has most of it.
  private static int[] positions(TokenMap.View view, boolean[] pixels, RgbImage seen) {
    int rows = view.tile().rows();
    int columns = view.tile().columns();
    int[] counts = new int[rows * columns];
    int[] sizes = new int[rows * columns];
    for (int at = 0; at < pixels.length; at++) {
      int row = at / seen.width() * rows / seen.height();
      int patch = row * columns + at % seen.width() * columns / seen.width();
      sizes[patch]++;
      counts[patch] += pixels[at] ? 1 : 0;
    }
    int most = IntStream.of(counts).max().orElse(0);
    int[] half = IntStream.range(0, counts.length).filter(p -> 2 * counts[p] >= sizes[p]).toArray();
    int[] patches =
        half.length > 0
            ? half
            : IntStream.range(0, counts.length).filter(p -> counts[p] == most).limit(1).toArray();
    return IntStream.of(patches).map(p -> view.positions()[p]).toArray();
  }

  /// @throws LynceusException BAD_REQUEST for a picture that there is not
  static TokenMap.ImageGrid grid(Run run, int image) {
    TokenMap seen = Inputs.seen(run);
    int pictures = seen.grids().size();
    if (pictures == 0) {
      throw PatchViews.noPicture(run.model().model(), "to hide parts of");
    }
    if (image < 0 || image >= pictures) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the masks are of picture %d, and the question has %d".formatted(image, pictures),
          "Count from 0: the first picture is 0, the last %d.".formatted(pictures - 1));
    }
    return seen.grids().get(image);
  }

  private static TokenMap.View view(Run run, int image) {
    return Inputs.seen(run).views().stream()
        .filter(view -> view.image() == image)
        .findFirst()
        .orElseThrow();
  }

  private static Region region(
      Run run, int image, TokenMap.ImageGrid grid, RgbImage mask, int rings) {
    List<Integer> positions = new ArrayList<>();
    boolean[] pixels = new boolean[0];
    List<ProcessedImage> seen = run.batch().pictures().get(image).views();
    for (TokenMap.View view : Inputs.seen(run).views()) {
      if (view.image() != image) {
        continue;
      }
      TokenMap.Tile tile = view.tile();
      boolean[] patches = new boolean[tile.patches()];
      for (int p = 0; p < patches.length; p++) {
        double[] box = tile.pixels(p / tile.columns(), p % tile.columns());
        patches[p] = touched(mask, grid, box[0], box[1], box[0] + box[2], box[1] + box[3]);
      }
      for (int ring = 0; ring < rings; ring++) {
        patches = grown(patches, tile.rows(), tile.columns());
      }
      for (int p = 0; p < patches.length; p++) {
        if (patches[p]) {
          positions.add(view.positions()[p]);
        }
      }
      if (seen.size() == 1) {
        pixels =
            rings == 0
                ? exact(mask, grid, seen.getFirst())
                : painted(patches, tile, seen.getFirst());
      }
    }
    return new Region(
        image, positions.stream().mapToInt(Integer::intValue).sorted().toArray(), pixels);
  }

  private static Region rest(Run run, int image, Region object) {
    int[] others =
        IntStream.of(Inputs.seen(run).image(image))
            .filter(p -> Arrays.binarySearch(object.positions, p) < 0)
            .toArray();
    boolean[] pixels = object.pixels.clone();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = !pixels[i];
    }
    return new Region(image, others, pixels);
  }

  /// Whether a rectangle of the original picture touches a mask.
  static boolean touched(
      RgbImage mask,
      TokenMap.ImageGrid grid,
      double left,
      double top,
      double right,
      double bottom) {
    double across = (double) mask.width() / grid.width();
    double down = (double) mask.height() / grid.height();
    int toX = (int) Math.min(mask.width(), Math.ceil(right * across));
    int toY = (int) Math.min(mask.height(), Math.ceil(bottom * down));
    for (int y = (int) Math.max(0, Math.floor(top * down)); y < toY; y++) {
      for (int x = (int) Math.max(0, Math.floor(left * across)); x < toX; x++) {
        if (white(mask, x, y)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean white(RgbImage mask, int x, int y) {
    return mask.sample(x, y, 0) + mask.sample(x, y, 1) + mask.sample(x, y, 2) >= 3 * WHITE;
  }

  private static boolean[] grown(boolean[] patches, int rows, int columns) {
    boolean[] grown = new boolean[patches.length];
    for (int p = 0; p < patches.length; p++) {
      for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
          int row = p / columns + dy;
          int column = p % columns + dx;
          if (row >= 0 && row < rows && column >= 0 && column < columns) {
            grown[p] |= patches[row * columns + column];
          }
        }
      }
    }
    return grown;
  }

  /// The mask itself at the pixels of the tower's input.
  private static boolean[] exact(RgbImage mask, TokenMap.ImageGrid grid, ProcessedImage view) {
    boolean[] pixels = new boolean[view.width() * view.height()];
    ImageRegion region = view.region();
    for (int at = 0; at < pixels.length; at++) {
      double x = region.left() + (at % view.width() + 0.5) * region.width() / view.width();
      int line = at / view.width();
      double y = region.top() + (line + 0.5) * region.height() / view.height();
      int mx = (int) Math.floor(x * mask.width() / grid.width());
      int my = (int) Math.floor(y * mask.height() / grid.height());
      pixels[at] =
          mx >= 0 && mx < mask.width() && my >= 0 && my < mask.height() && white(mask, mx, my);
    }
    return pixels;
  }

  /// Patches at the pixels of the tower's input.
  static boolean[] painted(boolean[] patches, TokenMap.Tile tile, ProcessedImage view) {
    boolean[] pixels = new boolean[view.width() * view.height()];
    for (int at = 0; at < pixels.length; at++) {
      int row = at / view.width() * tile.rows() / view.height();
      int column = at % view.width() * tile.columns() / view.width();
      pixels[at] = patches[row * tile.columns() + column];
    }
    return pixels;
  }
}
