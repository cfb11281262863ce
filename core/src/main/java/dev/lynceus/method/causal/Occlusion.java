package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.PatchViews;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Occlusion: parts of the picture are hidden in turn, and the answer is measured without them
/// (Zeiler and Fergus 2014).
///
/// In the space of the embeddings a visual token is replaced before the first layer of the decoder;
/// what the tower has spread to other tokens stays. In the space of pixels the picture itself is
/// covered and encoded again.
///
/// @param space what is hidden
/// @param fill what stands in its place
/// @param group patches of a hidden square along each side; squares do not overlap
public record Occlusion(Space space, Fill fill, int group) {

  /// Changed pictures that are in memory at once.
  static final int CHUNK = 16;

  /// What is hidden.
  public enum Space {
    EMBEDDING,
    PIXELS;

    String text() {
      return switch (this) {
        case EMBEDDING -> "visual tokens";
        case PIXELS -> "pixels";
      };
    }
  }

  /// What stands in the place of what is hidden.
  public enum Fill {
    /// The mean visual token of the prompt, or the mean colour of the picture.
    MEAN,
    /// Zeros; for pixels the colour that the processor normalises to zero.
    ZERO,
    /// The picture itself, blurred; pixels only.
    BLUR,
    /// What lies around it, carried inwards by means of neighbours; pixels only.
    INPAINT;

    String text() {
      return switch (this) {
        case MEAN -> "their mean";
        case ZERO -> "zeros";
        case BLUR -> "a blur";
        case INPAINT -> "what lies around";
      };
    }
  }

  /// A square of patches.
  private record Square(TokenMap.View view, int row, int column) {}

  public Occlusion {
    if (group < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "squares of " + group + " patches", "Use 1 or more.");
    }
    fits(space, fill);
  }

  /// @throws LynceusException BAD_REQUEST for what only pixels have
  static void fits(Space space, Fill fill) {
    if (space == Space.EMBEDDING && (fill == Fill.BLUR || fill == Fill.INPAINT)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          fill == Fill.BLUR ? "visual tokens are not blurred" : "visual tokens are not inpainted",
          "Use the mean or zeros, or hide pixels.");
    }
  }

  /// What the run must keep.
  public Capture capture(LoadedModel model) {
    return Sweep.base(model);
  }

  /// Hides every square.
  ///
  /// @return one map for each view of a picture (see [TokenMap#views()])
  /// @throws LynceusException BAD_REQUEST without a picture, or if pixels of a model that sees
  ///   tiles shall be hidden
  public List<CausalMap> explain(Run run, Readout readout, Job job) {
    List<TokenMap.View> views = PatchViews.of(run, "to hide parts of");
    List<Square> squares = new ArrayList<>();
    for (TokenMap.View view : views) {
      for (int row = 0; row < squares(view.tile().rows()); row++) {
        for (int column = 0; column < squares(view.tile().columns()); column++) {
          squares.add(new Square(view, row, column));
        }
      }
    }
    List<Measures> cells =
        switch (space) {
          case EMBEDDING ->
              job.run(
                  "occlusion",
                  run,
                  squares.stream().map(square -> hidden(run, square)).toList(),
                  readout);
          case PIXELS -> pixels(run, squares, readout, job);
        };
    List<CausalMap> maps = new ArrayList<>();
    int next = 0;
    for (TokenMap.View view : views) {
      int rows = squares(view.tile().rows());
      int columns = squares(view.tile().columns());
      maps.add(
          new CausalMap(
              "occlude",
              "%s of %s hidden by %s, squares of %d"
                  .formatted(space.text(), view.label(), fill.text(), group),
              readout.of(run),
              Optional.empty(),
              "row",
              Places.numbers(rows),
              "column",
              Places.numbers(columns),
              CausalMap.grid(cells.subList(next, next + rows * columns), columns),
              Optional.empty(),
              1,
              Optional.empty(),
              List.of()));
      next += rows * columns;
    }
    return maps;
  }

  private int squares(int patches) {
    return (patches + group - 1) / group;
  }

  private List<Intervention> hidden(Run run, Square square) {
    TokenMap.Tile tile = square.view.tile();
    int[] positions =
        IntStream.range(square.row * group, Math.min(tile.rows(), (square.row + 1) * group))
            .flatMap(row ->
                IntStream.range(
                        square.column * group,
                        Math.min(tile.columns(), (square.column + 1) * group))
                    .map(column -> square.view.positions()[row * tile.columns() + column]))
            .toArray();
    Op op = fill == Fill.ZERO ? new Op.Zero() : new Op.Mean(Positions.parse("image"));
    return Inputs.at(run, Positions.of(positions), op);
  }

  /// A few pictures at a time: each is as large as the tower's input.
  private List<Measures> pixels(Run run, List<Square> squares, Readout readout, Job job) {
    CoveredPixels pixels = new CoveredPixels(run, fill);
    return job.run(
        "occlusion",
        run,
        squares.size(),
        CHUNK,
        number -> {
          Square square = squares.get(number);
          TokenMap.Tile tile = square.view.tile();
          return List.of(
              Intervention.at(
                  Point.vision(Site.PIXELS),
                  0,
                  new Op.Patch(
                      pixels.covered(
                          square.view.image(),
                          (double) square.row * group / tile.rows(),
                          (double) square.column * group / tile.columns(),
                          (double) group / tile.rows(),
                          (double) group / tile.columns()))));
        },
        readout);
  }
}
