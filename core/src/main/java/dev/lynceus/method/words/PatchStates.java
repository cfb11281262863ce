package dev.lynceus.method.words;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.RowTrace;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.Tensor;
import java.util.Arrays;

/// States of visual tokens at every depth of a decoder, and of the token before each.
///
/// @param run kept what [#capture] says; stays open as long as this is used
/// @param positions of the visual tokens in the prompt
// Plain numbers; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record PatchStates(Run run, int[] positions) {

  /// What a run must keep.
  public static Capture capture(TextConfig config) {
    return Capture.of(
        Capture.request(Point.RESID_PRE),
        Capture.request(Point.RESID_POST).layers(config.layers() - 1));
  }

  /// The decoder that they are in.
  public TextStack decoder() {
    return run.model().model().decoder();
  }

  /// How many depths there are: the input of each layer and the output of the last.
  public int depths() {
    return decoder().config().layers() + 1;
  }

  /// The states at one depth, `[patches, width]`, in float32 at least; in the scope that is open.
  ///
  /// @param depth 0 = what enters the first layer, l = what leaves layer l - 1
  /// @throws LynceusException BAD_REQUEST for a depth that there is not
  public Tensor at(int depth) {
    return at(depth, positions);
  }

  /// The states from which the decoder predicts the visual tokens: those of the last layer's output
  /// at the position before each, `[patches, width]`.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL where nothing is predicted there
  public Tensor before() {
    int[] earlier = Arrays.stream(positions).map(position -> position - 1).toArray();
    for (int position : earlier) {
      if (position < 0 || run.seesLater(position)) {
        throw new LynceusException(
            ErrorCode.UNSUPPORTED_MODEL,
            position < 0
                ? "nothing stands before the picture in this prompt, so that nothing predicts its first patch"
                : "patches of this model see those after them, so that no position predicts the next patch",
            "Use the views embedding, lens or context.");
      }
    }
    return at(depths() - 1, earlier);
  }

  private Tensor at(int depth, int[] rows) {
    int layers = depths() - 1;
    if (depth < 0 || depth > layers) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no depth %d in a decoder of %d layers".formatted(depth, layers),
          "Use 0, what enters the first layer, to %d, what leaves the last.".formatted(layers));
    }
    Tensor kept =
        depth < layers ? run.get(Point.RESID_PRE, depth) : run.get(Point.RESID_POST, layers - 1);
    return RowTrace.wide(kept.select(0, 0).indexSelect(0, Tensor.indices(rows)));
  }
}
