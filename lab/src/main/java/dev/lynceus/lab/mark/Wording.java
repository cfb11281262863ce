package dev.lynceus.lab.mark;

import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.picture.Rgb;
import java.util.Locale;
import java.util.Optional;

/// How a question speaks of a mark. In a text `{question}` stands for the question, `{box}` for the
/// region as `[x0,y0,x1,y1]` in shares of what the model sees, `{colour}` for the colour of the
/// mark, `{mark}` for the number of the region, and `{rows}` and `{columns}` for those of a
/// scaffold.
///
/// @param own said with every operator in place of what each says by itself; empty for that
public record Wording(Optional<String> own) {
  /// What each operator says by itself.
  public static final Wording USUAL = new Wording(Optional.empty());

  private static final String COORDINATES = "{question} {box}";

  private static final String SCAFFOLD =
      "The picture carries a grid of {rows} x {columns} dots. Each dot has a coordinate (row,"
          + " column): rows count downwards, columns to the right. When you name a thing, give the"
          + " coordinate nearest to it; tell places apart by coordinates; go through the picture part"
          + " by part before you answer. {question}";

  /// The question as it is asked with an operator.
  ///
  /// @param seen what the model sees of the picture, in pixels of it
  /// @param mark the number of the region
  String question(
      MarkOperator operator,
      String question,
      Region.Box region,
      Region.Box seen,
      Rgb colour,
      int mark) {
    String text =
        own.orElseGet(() ->
            switch (operator) {
              case TEXT_BOX -> COORDINATES;
              case SCAFFOLD, SCAFFOLD_PAIR -> SCAFFOLD;
              case BOX,
                  CIRCLE,
                  CIRCLE_GREY,
                  CIRCLE_BLUR,
                  CONTOUR,
                  ARROW,
                  SCRIBBLE,
                  POINT,
                  TRIANGLE,
                  SOM,
                  CROP,
                  ZOOM,
                  BLACKOUT,
                  BLUR,
                  GREY,
                  DIM,
                  CRG,
                  API ->
                  "{question}";
            });
    return text.replace("{box}", coordinates(region, seen))
        .replace("{colour}", colour.text())
        .replace("{mark}", Integer.toString(mark))
        .replace("{rows}", "6")
        .replace("{columns}", "6")
        .replace("{question}", question);
  }

  /// The region in shares of what is seen, three decimals.
  static String coordinates(Region.Box region, Region.Box seen) {
    double wide = seen.x1() - seen.x0();
    double high = seen.y1() - seen.y0();
    return String.format(
        Locale.ROOT,
        "[%.3f,%.3f,%.3f,%.3f]",
        Math.clamp((region.x0() - seen.x0()) / wide, 0, 1),
        Math.clamp((region.y0() - seen.y0()) / high, 0, 1),
        Math.clamp((region.x1() - seen.x0()) / wide, 0, 1),
        Math.clamp((region.y1() - seen.y0()) / high, 0, 1));
  }
}
