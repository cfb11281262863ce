package dev.lynceus.lab.mark;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.picture.AttentionMask;
import dev.lynceus.lab.picture.Chain;
import dev.lynceus.lab.picture.Operation;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.picture.Rgb;
import dev.lynceus.lab.picture.Scaffold;
import dev.lynceus.lab.picture.SetOfMark;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Applies operators to a picture and its question.
///
/// @param image the picture
/// @param seen what the model sees of it, in its pixels: more than the picture where a model pads
/// @param question about it
/// @param wording how questions speak of marks
/// @param style of marks
/// @param alpha of [MarkOperator#CRG]
public record Markers(
    RgbImage image, Region.Box seen, String question, Wording wording, Style style, double alpha) {
  private static final double MARGIN = .2;
  private static final double CIRCLE = .1;
  private static final double BLUR = .1;
  private static final double DIM = .3;

  /// The same in another style.
  public Markers styled(Style other) {
    return new Markers(image, seen, question, wording, other, alpha);
  }

  /// The same about another question.
  public Markers asking(String other) {
    return new Markers(image, seen, other, wording, style, alpha);
  }

  /// Applies an operator.
  ///
  /// @param regions the first is spoken of; Set-of-Mark numbers all of them
  /// @param mask of [MarkOperator#API], which is not used by others
  public Marked apply(MarkOperator operator, List<Region> regions, Optional<AttentionMask> mask) {
    Region region = regions.getFirst();
    Region.Box box =
        region.mask(image.width(), image.height()).bounds().orElse(new Region.Box(0, 0, 0, 0));
    boolean empty = box.x1() == box.x0();
    int longer = Math.max(image.width(), image.height());
    Operation.Outline circle = outline(Operation.Shape.ELLIPSE, region, CIRCLE);
    Region.Box around = box.grown(CIRCLE);
    Region outside = empty ? region : around;
    Chain chain =
        switch (operator) {
          case BOX -> Chain.of(outline(Operation.Shape.BOX, region, 0));
          case CIRCLE -> Chain.of(circle);
          case CIRCLE_GREY -> Chain.of(new Operation.GreyOutside(outside), circle);
          case CIRCLE_BLUR -> Chain.of(new Operation.BlurOutside(outside, BLUR * longer), circle);
          case CONTOUR -> Chain.of(outline(Operation.Shape.CONTOUR, region, 0));
          case ARROW -> Chain.of(outline(Operation.Shape.ARROW, region, 0));
          case SCRIBBLE -> Chain.of(outline(Operation.Shape.SCRIBBLE, region, 0));
          case POINT -> Chain.of(outline(Operation.Shape.POINT, region, 0));
          case TRIANGLE -> Chain.of(outline(Operation.Shape.TRIANGLE, region, CIRCLE));
          case SOM -> Chain.of(marks(regions));
          case CROP, ZOOM -> empty ? Chain.NONE : Chain.of(new Operation.Crop(box, MARGIN));
          case BLACKOUT, CRG -> Chain.of(new Operation.Fill(region, Rgb.BLACK, 1));
          case BLUR -> Chain.of(new Operation.BlurOutside(region, BLUR * longer));
          case GREY -> Chain.of(new Operation.GreyOutside(region));
          case DIM -> Chain.of(new Operation.DimOutside(region, DIM));
          case SCAFFOLD, SCAFFOLD_PAIR -> Chain.of(Scaffold.of());
          case TEXT_BOX -> Chain.NONE;
          case API -> mask.map(one -> Chain.of(one)).orElse(Chain.NONE);
        };
    List<Chain> chains =
        switch (operator) {
          case ZOOM, SCAFFOLD_PAIR -> List.of(Chain.NONE, chain);
          case CRG -> List.of(Chain.NONE);
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
              BLACKOUT,
              BLUR,
              GREY,
              DIM,
              SCAFFOLD,
              TEXT_BOX,
              API ->
              List.of(chain);
        };
    boolean contrasts = operator == MarkOperator.CRG;
    return new Marked(
        operator,
        chains,
        chains.stream().map(one -> one.apply(image)).toList(),
        wording.question(operator, question, box, seen, style.colour(), number(operator, regions)),
        contrasts ? Optional.of(chain.apply(image)) : Optional.empty(),
        contrasts ? OptionalDouble.of(alpha) : OptionalDouble.empty());
  }

  private Operation.Outline outline(Operation.Shape shape, Region region, double grow) {
    return new Operation.Outline(
        shape,
        region,
        style.colour(),
        style.stroke(image.width(), image.height()),
        style.alpha(),
        grow,
        style.side(),
        0);
  }

  private SetOfMark marks(List<Region> regions) {
    SetOfMark usual = SetOfMark.of(regions);
    return new SetOfMark(
        regions,
        style.alpha() == 0 ? java.util.Set.of() : usual.layers(),
        usual.names(),
        usual.room(),
        usual.alpha(),
        style.size() == 1
            ? 0
            : style.size() * Math.max(8, Math.max(image.width(), image.height()) / 24.0),
        style.side());
  }

  /// The number that Set-of-Mark gives the first region.
  private int number(MarkOperator operator, List<Region> regions) {
    if (operator != MarkOperator.SOM) {
      return 1;
    }
    List<SetOfMark.Placed> placed = marks(regions).placed(image.width(), image.height());
    for (int i = 0; i < placed.size(); i++) {
      if (placed.get(i).region() == 0) {
        return i + 1;
      }
    }
    return 1;
  }
}
