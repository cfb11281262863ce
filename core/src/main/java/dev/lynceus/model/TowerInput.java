package dev.lynceus.model;

import dev.lynceus.image.ProcessedImage;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import java.util.List;

/// What a tower takes of some pictures, and how large that makes what it holds. Towers that see
/// squares take each view by itself; those that see pictures of any size take the patches of all of
/// them as one.
public interface TowerInput {

  /// Where a patch lies in the tower.
  ///
  /// @param input its batch entry
  /// @param patch its number among the patches of that entry, without a class token
  record Seat(int input, int patch) {}

  /// Batch entries of the tower.
  int inputs();

  /// Positions of an entry.
  int positions();

  /// Patches of an entry, without a class token.
  int patches();

  /// Positions of an entry that the projector reads.
  int features();

  /// Visual tokens that the projector makes of an entry.
  int projected();

  /// Shape of the pixels as the tower takes them.
  long[] pixels();

  /// Views of the pictures, in order.
  int views();

  /// Pixels to a side of a patch.
  int side();

  /// Rows of patches of a view.
  int rows(int view);

  /// Columns of patches of a view.
  int columns(int view);

  /// Where a patch of a view lies.
  Seat seat(int view, int row, int column);

  /// The pixels of all views as the tower takes them, in the shape of [#pixels()].
  ///
  /// @param views `[channels, height, width]` each, row by row
  float[] numbers(List<float[]> views);

  /// Numbers of the tower's pixels as those of the views, one view after the other; added up where
  /// the tower takes a pixel more than once.
  double[] pictures(double[] numbers);

  /// Where the numbers of a view begin in what [#pictures] gives.
  ///
  /// @param view the number of views for the end of the last
  default int start(int view) {
    int start = 0;
    for (int v = 0; v < view; v++) {
      start += 3 * rows(v) * columns(v) * side() * side();
    }
    return start;
  }

  /// Pixels of the views of some pictures.
  static List<float[]> views(List<Picture> pictures) {
    return pictures.stream()
        .flatMap(picture -> picture.views().stream())
        .map(ProcessedImage::pixels)
        .toList();
  }

  /// Positions of a place of an entry that comes before what all pictures are put together into.
  default long positions(Point point) {
    return switch (point.stack()) {
      case PROJECTOR -> projected();
      case VISION, QFORMER, ENCODER, PIXELS, DECODER ->
          point.site() == Site.FEATURES
              ? features()
              : point.site() == Site.PATCH_EMBED ? patches() : positions();
    };
  }
}
