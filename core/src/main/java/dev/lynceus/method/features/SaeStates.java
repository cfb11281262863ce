package dev.lynceus.method.features;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Model;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Which states an autoencoder is about: what leaves a layer of the decoder, at patches or at all
/// positions but the first, which in most models is a sink many times as long as all others.
///
/// @param layer that they leave
public record SaeStates(int layer, Where where) {
  /// Bytes of states that are kept for fitting; later texts are left out.
  private static final long BYTES = 1L << 30;

  /// Where they stand.
  public enum Where {
    /// Visual tokens.
    PATCHES,
    /// All positions but the first.
    ALL
  }

  /// Requires that there are such states.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL where patches are asked for, and the decoder has
  ///   none among its words
  public void requireIn(Model model) {
    boolean sees = model instanceof VisionLanguageModel eyes && eyes.reading().isEmpty();
    if (where == Where.PATCHES && !sees) {
      throw new LynceusException(
          ErrorCode.UNSUPPORTED_MODEL,
          "the decoder of this model has no patches among its words",
          "Use --positions all, for the states of words.");
    }
  }

  /// What a run must keep.
  public Capture capture() {
    return Capture.of(Capture.request(Point.RESID_POST).layers(layer));
  }

  /// Their positions in a prompt.
  public int[] positions(Prompt prompt) {
    return switch (where) {
      case PATCHES -> prompt.tokens().positions(TokenMap.Role.IMAGE);
      case ALL -> IntStream.range(1, prompt.length()).toArray();
    };
  }

  /// Those of a run, `[positions, width]` in float32; in the scope that is open.
  public Tensor of(Run run, int[] positions) {
    return run.get(Point.RESID_POST, layer)
        .select(0, 0)
        .indexSelect(0, Tensor.indices(positions))
        .to(DType.FLOAT32);
  }

  /// Those of many prompts, owned by the caller.
  public Tensor of(LoadedModel model, List<Prompt> prompts, Progress progress) {
    try (Scope scope = Scope.open()) {
      List<Tensor> all = new ArrayList<>();
      long bytes = 0;
      for (int i = 0; i < prompts.size() && bytes < BYTES; i++) {
        progress.step("states", i + 1L, prompts.size());
        int[] positions = positions(prompts.get(i));
        if (positions.length == 0) {
          continue;
        }
        try (Run run = model.run(prompts.get(i), capture());
            Scope inner = Scope.open()) {
          Tensor own = of(run, positions).copy();
          bytes += own.bytes();
          all.add(inner.keep(own));
        }
      }
      return all.isEmpty()
          ? Torch.zeros(DType.FLOAT32, 0, model.model().decoder().config().width()).own()
          : Torch.cat(all, 0).own();
    }
  }
}
