package dev.lynceus.lab.mark;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What can be done with a picture, its question or the decoding to speak of a region. Defaults and
/// formulas: Wu and others, arXiv 2409.15310, and what each operator names.
public enum MarkOperator {
  // spotless:off: a table, one line an operator
  BOX(Acts.PICTURE, "a rectangle around the region"),
  CIRCLE(Acts.PICTURE, "an ellipse in the box around the region, a tenth larger (Shtedritski and others, arXiv 2304.06712)"),
  CIRCLE_GREY(Acts.PICTURE, "the same, and no colours outside of it"),
  CIRCLE_BLUR(Acts.PICTURE, "the same, and a blur outside of it"),
  CONTOUR(Acts.PICTURE, "a line along the edge of the region"),
  ARROW(Acts.PICTURE, "an arrow that ends at the region (ViP-LLaVA, arXiv 2312.00784)"),
  SCRIBBLE(Acts.PICTURE, "a line to and fro over the region (ViP-LLaVA)"),
  POINT(Acts.PICTURE, "a dot in the region (ViP-LLaVA)"),
  TRIANGLE(Acts.PICTURE, "a triangle around the region (ViP-LLaVA)"),
  SOM(Acts.PICTURE, "a tint and a number in every region (Set-of-Mark, arXiv 2310.11441)"),
  CROP(Acts.CUT, "the region alone, with a fifth around it"),
  ZOOM(Acts.CUT, "the picture, and beside it the region alone"),
  BLACKOUT(Acts.PICTURE, "the region painted black: what answers rest on falls"),
  BLUR(Acts.PICTURE, "a blur outside of the region (FGVP, arXiv 2306.04356)"),
  GREY(Acts.PICTURE, "no colours outside of the region"),
  DIM(Acts.PICTURE, "three tenths of the light outside of the region"),
  SCAFFOLD(Acts.WHOLE, "a matrix of dots with coordinates, and a text that says how to use it (arXiv 2402.12058)"),
  SCAFFOLD_PAIR(Acts.WHOLE, "the same beside the picture without it"),
  TEXT_BOX(Acts.QUESTION, "the coordinates of the region behind the question"),
  CRG(Acts.DECODING, "tokens chosen by what the region adds to the logits (Contrastive Region Guidance, arXiv 2403.02325)"),
  API(Acts.MAP, "the picture where a map of patches is high, grey elsewhere (attention prompting, arXiv 2409.17143)");
  // spotless:on

  /// What an operator changes.
  public enum Acts {
    /// The pixels of a region, or all but it; every pixel stays in its place.
    PICTURE,
    /// What part of the picture is shown.
    CUT,
    /// The whole picture, whatever the region.
    WHOLE,
    /// The question alone.
    QUESTION,
    /// How tokens are chosen.
    DECODING,
    /// The pixels, by a map instead of a region.
    MAP
  }

  private final Acts acts;
  private final String what;

  MarkOperator(Acts acts, String what) {
    this.acts = acts;
    this.what = what;
  }

  /// What it changes.
  public Acts acts() {
    return acts;
  }

  /// What it is, in a few words.
  public String what() {
    return what;
  }

  /// Its name on the command line, for example `circle-grey`.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Whether colour, size and side of a mark make a difference.
  public boolean styled() {
    return switch (this) {
      case BOX, CIRCLE, CIRCLE_GREY, CIRCLE_BLUR, CONTOUR, ARROW, SCRIBBLE, POINT, TRIANGLE, SOM ->
          true;
      case CROP, ZOOM, BLACKOUT, BLUR, GREY, DIM, SCAFFOLD, SCAFFOLD_PAIR, TEXT_BOX, CRG, API ->
          false;
    };
  }

  /// Operators by their names.
  ///
  /// @param names separated by commas, or `all`
  /// @throws LynceusException BAD_REQUEST if there is no such operator
  public static List<MarkOperator> named(String names) {
    if (names.equals("all")) {
      return List.of(values());
    }
    return Stream.of(names.split(",", -1))
        .map(String::strip)
        .map(name ->
            Arrays.stream(values())
                .filter(one -> one.label().equals(name))
                .findFirst()
                .orElseThrow(() ->
                    new LynceusException(
                        ErrorCode.BAD_REQUEST,
                        "there is no operator '" + name + "' that marks a region",
                        "Use all, "
                            + Arrays.stream(values())
                                .map(MarkOperator::label)
                                .collect(Collectors.joining(", "))
                            + ".")))
        .distinct()
        .toList();
  }
}
