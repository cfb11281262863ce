package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The processor of GOT-OCR2 and InternVL: of all grids of tiles that the settings allow, the one
/// whose aspect ratio is nearest to the picture's; the picture is resized to fill it and cut, and
/// the whole picture, squeezed into one tile, comes last. A picture of one tile is not cut. Source:
/// GotOcr2ImageProcessor of transformers 5.18.
public final class BestGridImageProcessor implements ImageProcessor {
  private final ImageProcessorSettings settings;
  private final Cutting.BestGrid cutting;
  private final Finish finish;
  private final List<Grid> grids;
  private final Extent tile;

  private record Grid(int columns, int rows) {
    int tiles() {
      return columns * rows;
    }
  }

  BestGridImageProcessor(ImageProcessorSettings settings, Cutting.BestGrid cutting) {
    this.settings = settings;
    this.cutting = cutting;
    this.finish = Finish.of(settings);
    this.grids = cuts() ? grids(cutting.least(), cutting.most()) : List.of();
    this.tile = cuts() ? tile(settings) : new Extent(1, 1);
  }

  private boolean cuts() {
    return cutting.on() && cutting.most() > 1;
  }

  private static Extent tile(ImageProcessorSettings settings) {
    if (settings.resizing().size() instanceof SizeRule.Exact exact) {
      return new Extent(exact.height(), exact.width());
    }
    throw new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        "%s with crop_to_patches and size %s is not known"
            .formatted(settings.type().referenceName(), settings.resizing().size()),
        "Give size as height and width.");
  }

  /// All grids of `least` to `most` tiles, the smaller first; among equals the narrower.
  private static List<Grid> grids(int least, int most) {
    List<Grid> all = new ArrayList<>();
    for (int columns = 1; columns <= most; columns++) {
      for (int rows = 1; rows <= most / columns; rows++) {
        if (columns * rows >= least) {
          all.add(new Grid(columns, rows));
        }
      }
    }
    all.sort(Comparator.comparingInt(Grid::tiles));
    return all;
  }

  @Override
  public ImageProcessorSettings settings() {
    return settings;
  }

  @Override
  public ViewLayout layout(Extent picture, InPrompt place) {
    Grid grid = cuts() ? best(picture) : new Grid(1, 1);
    return grid.tiles() == 1
        ? new ViewLayout.Whole()
        : new ViewLayout.Tiles(grid.rows(), grid.columns(), ViewLayout.Tiles.Side.LAST);
  }

  /// The grid whose shape is nearest. Of two that are equally near the later, which has more tiles,
  /// unless it has more than twice the picture's pixels.
  private Grid best(Extent picture) {
    double ratio = (double) picture.width() / picture.height();
    double area = (double) picture.width() * picture.height();
    double nearest = Double.POSITIVE_INFINITY;
    Grid best = new Grid(1, 1);
    for (Grid grid : grids) {
      double distance = Math.abs(ratio - (double) grid.columns() / grid.rows());
      if (distance < nearest) {
        nearest = distance;
        best = grid;
      } else if (distance == nearest
          && area > 0.5 * tile.height() * tile.width() * grid.columns() * grid.rows()) {
        best = grid;
      }
    }
    return best;
  }

  @Override
  public ProcessedPicture process(RgbImage image, InPrompt place) {
    Frame original = Frame.whole(image);
    ResampleFilter filter = settings.resizing().filter();
    return switch (layout(new Extent(image.height(), image.width()), place)) {
      case ViewLayout.Tiles tiles -> {
        Extent canvas = new Extent(tile.height() * tiles.rows(), tile.width() * tiles.columns());
        List<ProcessedImage> views = new ArrayList<>();
        for (Frame cut : original.resized(canvas, filter).tiles(tiles.rows(), tiles.columns())) {
          views.add(finish.unchanged(cut));
        }
        views.add(finish.unchanged(original.resized(tile, filter)));
        yield new ProcessedPicture(views, tiles);
      }
      case ViewLayout.Whole whole -> {
        ProcessedImage view =
            cuts() ? finish.unchanged(original.resized(tile, filter)) : finish.of(original);
        yield new ProcessedPicture(List.of(view), whole);
      }
      case ViewLayout.Crops _, ViewLayout.Frames _, ViewLayout.Patched _ ->
          throw new IllegalStateException("no tiles");
    };
  }
}
