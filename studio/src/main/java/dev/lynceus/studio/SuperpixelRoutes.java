package dev.lynceus.studio;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.Resample;
import dev.lynceus.image.ResampleFilter;
import dev.lynceus.image.RgbImage;
import dev.lynceus.image.Superpixels;
import dev.lynceus.studio.Route.Body;
import java.util.ArrayList;
import java.util.List;

/// Pieces of a picture that have about one colour, so that a region is marked by a press on it.
record SuperpixelRoutes(PictureShelf shelf) {
  private static final int USUAL = 60;
  private static final int MOST = 2000;

  /// Longest side of what is cut: pieces are for pointing, and a large picture would take minutes.
  private static final int SIDE = 320;

  /// The pieces of a picture, on a grid of its shape.
  ///
  /// @param width columns of the grid
  /// @param height rows of it
  /// @param count how many pieces there are
  /// @param runs pieces row by row, as a piece and how many cells in a row are of it, in turn
  record SuperpixelMap(int width, int height, int count, List<Integer> runs) {}

  Route route() {
    return Route.get(
            "/api/pictures/{sha256}/superpixels",
            "Pieces of a picture that lie together and have about one colour.",
            Body.json("SuperpixelMap"),
            this::cut)
        .query("count", "about how many; 60");
  }

  private Reply cut(Call call) {
    int wanted = call.query("count").map(SuperpixelRoutes::count).orElse(USUAL);
    SuperpixelMap map =
        shelf.changed(
            shelf.info(call.picture()),
            image -> {
              RgbImage small = small(image);
              Superpixels pieces = Superpixels.of(small, wanted);
              return new SuperpixelMap(
                  small.width(), small.height(), pieces.count(), runs(pieces.labels()));
            });
    return Reply.json(map).with("Cache-Control", "max-age=3600");
  }

  private static int count(String given) {
    try {
      int wanted = Integer.parseInt(given);
      if (wanted >= 1 && wanted <= MOST) {
        return wanted;
      }
    } catch (NumberFormatException e) {
      // Refused below.
    }
    throw new LynceusException(
        ErrorCode.BAD_REQUEST,
        "count is not between 1 and " + MOST,
        "Ask for about as many pieces as the picture has parts, for example 60.");
  }

  private static RgbImage small(RgbImage image) {
    double scale = Math.min(1, (double) SIDE / Math.max(image.width(), image.height()));
    int width = (int) Math.max(1, Math.round(scale * image.width()));
    int height = (int) Math.max(1, Math.round(scale * image.height()));
    return Resample.resize(image, width, height, ResampleFilter.BICUBIC);
  }

  static List<Integer> runs(int[] labels) {
    List<Integer> runs = new ArrayList<>();
    int start = 0;
    for (int at = 1; at <= labels.length; at++) {
      if (at == labels.length || labels[at] != labels[start]) {
        runs.add(labels[start]);
        runs.add(at - start);
        start = at;
      }
    }
    return runs;
  }
}
