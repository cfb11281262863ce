package dev.lynceus.method.gradient;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.model.Picture;
import dev.lynceus.model.TowerInput;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.List;

/// Where the patches of a view lie in the tower's input: found by the rectangles of the picture
/// that both stand for, so that it holds for one tile as for many, and where several patches of the
/// tower, or parts of them, are one of the view.
///
/// @param boxes for each patch of the view, what it covers of the views that the tower takes
/// @param input where the patches of those lie in the tower
public record PatchPlaces(List<List<Box>> boxes, TowerInput input) {
  /// Less of a patch than this is the rounding of rectangles.
  private static final double SLIVER = 1e-6;

  /// Channels that the starts of views are counted in.
  private static final int COLOURS = 3;

  /// A rectangle of one of the views that the tower takes, in patches from its upper left corner.
  ///
  /// @param view number of the view
  public record Box(int view, double left, double top, double right, double bottom) {}

  /// How much of a patch of the tower belongs to a patch of the view.
  ///
  /// @param input number of the tower's batch entry
  /// @param patch number of the patch in it
  /// @param share of its area, up to 1
  public record Part(int input, int patch, double share) {}

  /// Copies the lists.
  public PatchPlaces {
    boxes = boxes.stream().map(List::copyOf).toList();
  }

  /// The places of a view.
  ///
  /// @throws LynceusException BAD_REQUEST if the run has no pictures
  public static PatchPlaces of(Run run, TokenMap.View view) {
    List<Picture> pictures = run.batch().pictures();
    if (pictures.isEmpty()) {
      throw Backward.blind();
    }
    if (!(run.model().model() instanceof VisionLanguageModel eyes)) {
      throw Backward.blind();
    }
    TowerInput tower = eyes.input(pictures);
    int before = pictures.subList(0, view.image()).stream().mapToInt(p -> p.views().size()).sum();
    Picture picture = pictures.get(view.image());
    List<ProcessedImage> inputs = picture.views();
    List<TokenMap.Tile> tiles =
        run.tokens().grids().get(view.image()).tiles().stream()
            .filter(tile -> tile.patches() > 0)
            .toList();
    int[] range = eyes.viewsOf(picture, tiles.indexOf(view.tile()));
    List<List<Box>> boxes = new ArrayList<>();
    for (int p = 0; p < view.positions().length; p++) {
      double[] box = view.tile().pixels(p / view.tile().columns(), p % view.tile().columns());
      List<Box> own = new ArrayList<>();
      for (int input = range[0]; input < range[1]; input++) {
        ImageRegion region = inputs.get(input).region();
        int rows = tower.rows(before + input);
        int columns = tower.columns(before + input);
        double across = columns / region.width();
        double down = rows / region.height();
        Box cut =
            new Box(
                before + input,
                Math.max((box[0] - region.left()) * across, 0),
                Math.max((box[1] - region.top()) * down, 0),
                Math.min((box[0] + box[2] - region.left()) * across, columns),
                Math.min((box[1] + box[3] - region.top()) * down, rows));
        if (cut.right - cut.left > SLIVER && cut.bottom - cut.top > SLIVER) {
          own.add(cut);
        }
      }
      if (own.isEmpty()) {
        throw new LynceusException(
            ErrorCode.INTERNAL,
            "no input of the tower shows the pixel %.1f, %.1f".formatted(box[0], box[1]),
            "Please report this.");
      }
      boxes.add(own);
    }
    return new PatchPlaces(boxes, tower);
  }

  /// Number of patches.
  public int count() {
    return boxes.size();
  }

  /// The patches of the tower that a patch of the view covers, row by row.
  public List<Part> parts(int p) {
    List<Part> parts = new ArrayList<>();
    for (Box box : boxes.get(p)) {
      for (int row = (int) (box.top + SLIVER); row < box.bottom - SLIVER; row++) {
        for (int column = (int) (box.left + SLIVER); column < box.right - SLIVER; column++) {
          double high = Math.min(box.bottom, row + 1) - Math.max(box.top, row);
          double wide = Math.min(box.right, column + 1) - Math.max(box.left, column);
          double share = high * wide;
          TowerInput.Seat seat = input.seat(box.view, row, column);
          parts.add(new Part(seat.input(), seat.patch(), share > 1 - 2 * SLIVER ? 1 : share));
        }
      }
    }
    return parts;
  }

  /// Numbers of the tower's positions, one for each patch of the view: their sum, where several
  /// patches of the tower are one of the view, and of a patch that is shared as much as its share.
  ///
  /// @param values `[inputs, positions]`
  /// @param offset positions before the first patch, for example 1 for a class token
  public double[] pick(double[][] values, int offset) {
    double[] picked = new double[count()];
    for (int p = 0; p < picked.length; p++) {
      for (Part part : parts(p)) {
        picked[p] += part.share * values[part.input][offset + part.patch];
      }
    }
    return picked;
  }

  /// Spreads numbers of the patches of the view over the tower's positions, evenly by area.
  ///
  /// @param values one for each patch of the view
  /// @param into `[inputs, positions]`, to which they are added
  /// @param offset as in [#pick]
  public void spread(double[] values, double[][] into, int offset) {
    for (int p = 0; p < values.length; p++) {
      List<Part> parts = parts(p);
      double area = parts.stream().mapToDouble(Part::share).sum();
      for (Part part : parts) {
        into[part.input][offset + part.patch] += values[p] * part.share / area;
      }
    }
  }

  /// Sums over the pixels of each patch of the view: those whose centres lie in it.
  ///
  /// @param values of the pixels of all views, `[channels, height, width]` each, one view after the
  ///   other
  /// @param channels of them
  public double[] sums(double[] values, int channels) {
    double[] sums = new double[count()];
    for (int p = 0; p < sums.length; p++) {
      for (Box box : boxes.get(p)) {
        int start = input.start(box.view) / COLOURS * channels;
        int width = input.columns(box.view) * input.side();
        int plane = (input.start(box.view + 1) - input.start(box.view)) / COLOURS;
        if (input.rows(box.view) == input.columns(box.view)) {
          // A square view may have pixels beyond its last patch.
          width = (int) Math.round(Math.sqrt(plane));
        }
        for (int c = 0; c < channels; c++) {
          for (int y = first(box.top); y < first(box.bottom); y++) {
            for (int x = first(box.left); x < first(box.right); x++) {
              sums[p] += values[start + c * plane + y * width + x];
            }
          }
        }
      }
    }
    return sums;
  }

  /// The first pixel whose centre lies at or after an edge.
  private int first(double edge) {
    return (int) Math.ceil(edge * input.side() - 0.5 - SLIVER);
  }
}
