package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/// The logit lens: what the unembedding reads at every depth of chosen positions.
///
/// @param normalization how a state is scaled before the unembedding
public record LogitLens(Normalization normalization) {

  /// How a state is scaled before the unembedding.
  public enum Normalization {
    /// By its own root mean square, as the last norm would: the usual logit lens.
    OWN,
    /// By the root mean square of the last layer's output at the same position: linear, parts add
    /// up.
    FROZEN,
    /// Not at all: the unembedding applied to the bare state.
    NONE;

    /// Reads `own`, `frozen` or `none`.
    public static Normalization parse(String name) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "own" -> OWN;
        case "frozen" -> FROZEN;
        case "none" -> NONE;
        default ->
            throw new LynceusException(
                ErrorCode.BAD_REQUEST,
                "'" + name + "' is not a kind of lens",
                "Use own, frozen or none.");
      };
    }
  }

  /// What was read at one position and depth.
  ///
  /// @param layer 0 = input of the first layer, l = output of layer l - 1
  /// @param words most probable words; score = probability
  public record Cell(int position, int layer, List<Word> words) {}

  /// What a run must keep.
  public static Capture capture(TextConfig config, Positions positions) {
    return Capture.of(
        Capture.request(Point.RESID_PRE).at(positions),
        Capture.request(Point.RESID_POST).layers(config.layers() - 1).at(positions));
  }

  /// Words at every depth of the captured positions, position by position.
  public List<Cell> grid(Run run, int[] positions, int count) {
    return grid(run, positions, count, states -> states);
  }

  /// The same where the states of a position go through a map first.
  ///
  /// @param map takes the states of all depths, `[layers + 1, width]`, and gives as many
  public List<Cell> grid(Run run, int[] positions, int count, UnaryOperator<Tensor> map) {
    TextStack decoder = run.model().model().decoder();
    Words words = new Words(run.model().tokenizer());
    List<Cell> cells = new ArrayList<>();
    for (int position : positions) {
      try (Scope scope = Scope.open()) {
        List<List<Word>> rows =
            words.top(Torch.softmax(logits(decoder, map.apply(states(run, position))), 1), count);
        for (int layer = 0; layer < rows.size(); layer++) {
          cells.add(new Cell(position, layer, rows.get(layer)));
        }
      }
    }
    return cells;
  }

  /// Logits of states: `[rows, width]` to `[rows, vocabulary]`. For the frozen kind the last row
  /// must be the last layer's output.
  public Tensor logits(TextStack decoder, Tensor states) {
    return switch (normalization) {
      case OWN -> decoder.weights().head().apply(decoder.finished(states));
      case FROZEN -> FrozenLens.of(decoder, states.select(0, states.size(0) - 1)).states(states);
      case NONE -> decoder.weights().head().apply(states);
    };
  }

  /// The residual stream at a captured position for every depth, `[layers + 1, width]`.
  public static Tensor states(Run run, int position) {
    int layers = run.model().model().decoder().config().layers();
    List<Tensor> rows = new ArrayList<>();
    for (int l = 0; l <= layers; l++) {
      Point point = l < layers ? Point.RESID_PRE : Point.RESID_POST;
      int at = Math.min(l, layers - 1);
      int[] kept = run.captured().positions(point, at);
      int index = java.util.Arrays.binarySearch(kept, position);
      if (index < 0) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "position " + position + " was not captured",
            "Capture it, or choose one of " + kept.length + " captured positions.");
      }
      rows.add(RowTrace.wide(run.get(point, at).select(0, 0).select(0, index)));
    }
    return Torch.stack(rows, 0);
  }
}
