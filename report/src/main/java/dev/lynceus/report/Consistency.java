package dev.lynceus.report;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Explanation;
import java.util.List;

/// Refuses explanations whose parts do not fit together, before anything wrong is drawn.
final class Consistency {
  private Consistency() {}

  /// @throws LynceusException naming the part that does not fit
  static void check(Explanation explanation, List<PagePicture> pictures) {
    int images = explanation.images().size();
    require(
        pictures.size() == images,
        "The explanation has "
            + images
            + " images, but "
            + pictures.size()
            + " pictures came with it");
    int positions = explanation.prompt().tokens().size();
    for (Explanation.WordExplanation word : explanation.words()) {
      String of = " of the word '" + word.target().text() + "'";
      for (Explanation.PatchMap map : word.maps()) {
        require(
            map.image() >= 0 && map.image() < images,
            "Map '" + map.id() + "'" + of + " names no image");
        Explanation.ImageView view = explanation.images().get(map.image());
        require(
            map.values().length == view.rows() * view.columns(),
            "Map '"
                + map.id()
                + "'"
                + of
                + " has "
                + map.values().length
                + " values for "
                + view.rows()
                + " x "
                + view.columns()
                + " patches");
      }
      for (Explanation.HeadExplanation head : word.topHeads()) {
        require(
            covers(head.positionIncrease(), word.row(), positions)
                && covers(head.attention(), word.row(), positions),
            "Head "
                + head.layer()
                + "."
                + head.head()
                + of
                + " does not cover its "
                + (word.row() + 1)
                + " positions");
      }
      require(
          word.attention().length == word.feedForward().length,
          "Layer increases" + of + " differ in length between attention and feed-forward");
    }
    for (int i = 0; i < images; i++) {
      require(
          explanation.images().get(i).crop().length == 4,
          "Image " + i + " has no crop of 4 numbers");
    }
  }

  /// A row attends to itself and what is before it; values for later positions may be there or not.
  private static boolean covers(double[] values, int row, int positions) {
    return values.length > row && values.length <= positions;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new LynceusException(
          ErrorCode.INTERNAL, otherwise + ".", "This is a defect of Lynceus: please report it.");
    }
  }
}
