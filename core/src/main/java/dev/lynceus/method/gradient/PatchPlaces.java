package dev.lynceus.method.gradient;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.vit.VitConfig;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.List;

/// Where the patches of a view lie in the tower's input: found by the rectangles of the picture
/// that both stand for, so that it holds for one tile as for many, and where several patches of the
/// tower, or parts of them, are one of the view.
///
/// @param boxes for each patch of the view, what it covers of the tower's inputs
/// @param side rows and columns of patches of an input
/// @param pixels rows and columns of pixels of a patch
public record PatchPlaces(List<List<Box>> boxes, int side, int pixels) {
  /// Less of a patch than this is the rounding of rectangles.
  private static final double SLIVER = 1e-6;

  /// A rectangle of one of the tower's inputs, in patches from its upper left corner.
  ///
  /// @param view number of the input
  public record Box(int view, double left, double top, double right, double bottom) {}

  /// How much of a patch of the tower belongs to a patch of the view.
  ///
  /// @param view number of the tower's input
  /// @param patch number of the patch in it, row by row
  /// @param share of its area, up to 1
  public record Part(int view, int patch, double share) {}

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
    VitConfig tower = eyes.vision().orElseThrow().config();
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
        double across = tower.grid() / region.width();
        double down = tower.grid() / region.height();
        Box cut =
            new Box(
                before + input,
                Math.max((box[0] - region.left()) * across, 0),
                Math.max((box[1] - region.top()) * down, 0),
                Math.min((box[0] + box[2] - region.left()) * across, tower.grid()),
                Math.min((box[1] + box[3] - region.top()) * down, tower.grid()));
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
    return new PatchPlaces(boxes, tower.grid(), tower.patchSize());
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
          parts.add(new Part(box.view, row * side + column, share > 1 - 2 * SLIVER ? 1 : share));
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
        picked[p] += part.share * values[part.view][offset + part.patch];
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
        into[part.view][offset + part.patch] += values[p] * part.share / area;
      }
    }
  }

  /// Sums over the pixels of each patch of the view: those whose centres lie in it.
  ///
  /// @param values `[inputs, channels, height, width]`, row by row
  /// @param channels of them
  public double[] sums(double[] values, int channels) {
    int width = side * pixels;
    double[] sums = new double[count()];
    for (int p = 0; p < sums.length; p++) {
      for (Box box : boxes.get(p)) {
        for (int c = 0; c < channels; c++) {
          int plane = (box.view * channels + c) * width * width;
          for (int y = first(box.top); y < first(box.bottom); y++) {
            for (int x = first(box.left); x < first(box.right); x++) {
              sums[p] += values[plane + y * width + x];
            }
          }
        }
      }
    }
    return sums;
  }

  /// The first pixel whose centre lies at or after an edge.
  private int first(double edge) {
    return (int) Math.ceil(edge * pixels - 0.5 - SLIVER);
  }
}
