package dev.lynceus.method.gradient;

import dev.lynceus.model.text.TextConfig;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import java.util.stream.IntStream;

/// What a run keeps so that gradients of it begin with the way back: the residual stream between
/// the layers, and of a model that is not too large the activations that the way back through a
/// layer is made of ([dev.lynceus.model.stack.Reverse]). Without it every layer is computed once
/// more.
///
/// Nothing is asked of the last layer, which a run computes for its last row alone.
public final class GradientPlan {
  /// Bytes of activations inside the layers that a run may keep; streams are kept in any case.
  private static final long INSIDE = 512L << 20;

  private GradientPlan() {}

  /// The plan for a prompt.
  public static Capture of(LoadedModel model, Prompt prompt) {
    TextConfig c = model.model().decoder().config();
    int[] layers = IntStream.range(0, c.layers() - 1).toArray();
    if (layers.length == 0) {
      return Capture.NONE;
    }
    Capture streams = Capture.of(Capture.request(Point.RESID_POST).layers(layers));
    long numbers = c.width() + 2L * c.inner() + (long) c.heads() * c.headWidth();
    long bytes = numbers * prompt.length() * layers.length * model.computeType().bytes();
    if (bytes > INSIDE) {
      return streams;
    }
    Capture inside =
        streams
            .and(Capture.request(Point.RESID_MID).layers(layers))
            .and(Capture.request(model.model().decoder().lastQueries()).layers(layers))
            .and(Capture.request(Point.MLP_PRE).layers(layers));
    return model.model().has(Point.MLP_PRE_LINEAR)
        ? inside.and(Capture.request(Point.MLP_PRE_LINEAR).layers(layers))
        : inside;
  }
}
