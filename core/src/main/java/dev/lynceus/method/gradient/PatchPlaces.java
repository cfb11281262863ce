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
import java.util.List;
import java.util.stream.IntStream;

/// Where the patches of a view lie in the tower's input: found by the rectangles of the picture
/// that both stand for, so that it holds for one tile as for many.
///
/// @param views for each patch of the view, which of the tower's inputs holds it
/// @param patches for each patch of the view, which patch of that input it is, row by row; the
///   upper left one, where several patches of the tower are one visual token
/// @param block so many patches of the tower to a side are one of the view
/// @param side rows and columns of patches of an input
/// @param pixels rows and columns of pixels of a patch
// Arrays of numbers for arithmetic; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record PatchPlaces(int[] views, int[] patches, int block, int side, int pixels) {

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
    int block = eyes.patchesToToken();
    int cells = tower.grid() / block;
    int count = view.positions().length;
    int[] views = new int[count];
    int[] patches = new int[count];
    for (int p = 0; p < count; p++) {
      double[] box = view.tile().pixels(p / view.tile().columns(), p % view.tile().columns());
      double x = box[0] + box[2] / 2;
      double y = box[1] + box[3] / 2;
      int input =
          IntStream.range(range[0], range[1])
              .filter(i -> holds(inputs.get(i).region(), x, y))
              .findFirst()
              .orElseThrow(() ->
                  new LynceusException(
                      ErrorCode.INTERNAL,
                      "no input of the tower shows the pixel %.1f, %.1f".formatted(x, y),
                      "Please report this."));
      ImageRegion region = inputs.get(input).region();
      int row = (int) ((y - region.top()) / region.height() * cells) * block;
      int column = (int) ((x - region.left()) / region.width() * cells) * block;
      views[p] = before + input;
      patches[p] = row * tower.grid() + column;
    }
    return new PatchPlaces(views, patches, block, tower.grid(), tower.patchSize());
  }

  private static boolean holds(ImageRegion region, double x, double y) {
    return x >= region.left()
        && x < region.left() + region.width()
        && y >= region.top()
        && y < region.top() + region.height();
  }

  /// Number of patches.
  public int count() {
    return patches.length;
  }

  /// Numbers of the tower's positions, one for each patch of the view: their sum, where several
  /// patches of the tower are one of the view.
  ///
  /// @param values `[inputs, positions]`
  /// @param offset positions before the first patch, for example 1 for a class token
  public double[] pick(double[][] values, int offset) {
    double[] picked = new double[count()];
    for (int p = 0; p < picked.length; p++) {
      for (int patch : patchesOf(p)) {
        picked[p] += values[views[p]][offset + patch];
      }
    }
    return picked;
  }

  /// Spreads numbers of the patches of the view evenly over the tower's positions.
  ///
  /// @param values one for each patch of the view
  /// @param into `[inputs, positions]`, where they are written
  /// @param offset as in [#pick]
  public void spread(double[] values, double[][] into, int offset) {
    for (int p = 0; p < values.length; p++) {
      for (int patch : patchesOf(p)) {
        into[views[p]][offset + patch] = values[p] / (block * block);
      }
    }
  }

  private int[] patchesOf(int p) {
    int[] all = new int[block * block];
    for (int i = 0; i < all.length; i++) {
      all[i] = patches[p] + i / block * side + i % block;
    }
    return all;
  }

  /// Sums over the pixels of each patch of the view.
  ///
  /// @param values `[inputs, channels, height, width]`, row by row
  /// @param channels of them
  public double[] sums(double[] values, int channels) {
    int width = side * pixels;
    double[] sums = new double[count()];
    for (int p = 0; p < sums.length; p++) {
      int top = patches[p] / side * pixels;
      int left = patches[p] % side * pixels;
      for (int c = 0; c < channels; c++) {
        int plane = (views[p] * channels + c) * width * width;
        for (int y = top; y < top + block * pixels; y++) {
          for (int x = left; x < left + block * pixels; x++) {
            sums[p] += values[plane + y * width + x];
          }
        }
      }
    }
    return sums;
  }
}
