package dev.lynceus.method.edit;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Adam;
import dev.lynceus.method.Additive;
import dev.lynceus.method.gradient.Backward;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.RankOne;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Rank-one model editing (Meng and others, arXiv 2202.05262): the matrix `W` that the feed-forward
/// network of one layer writes with is changed so that at the last token of a subject it writes a
/// value which lets the model say something else of it.
///
/// With the mean key `k` of the subject over some texts, `u = C^-1 k` of length 1, and a value `v =
/// W k1 + d` for the key `k1` of the first text: `W' = W + (d / (k1 u)) u^T`. So `W' k1 = v`, and
/// whatever is given keys orthogonal to `u` is left as it was. The addition `d` is found by Adam:
/// minus the mean log probability of what shall be said, per token; plus [#divergence] times the
/// divergence at the end of a text that says what the subject is; plus [#decay] times `|d| / |W
/// k1|^2`; and `d` is kept no longer than [#clamp] times `W k1`. Of all steps the one with the
/// least loss counts.
///
/// @param layer whose matrix is changed; not the last, which the subject's position does not reach
///   the answer through
/// @param steps most steps of Adam
/// @param rate of its steps
/// @param divergence weight of what keeps the subject what it is
/// @param decay weight of the length of the addition
/// @param clamp how many times as long as the old value the addition may be
/// @param enough stops as soon as the whole loss is below it
/// @param ridge see [KeyMoments#whitened]
public record Rome(
    int layer,
    int steps,
    double rate,
    double divergence,
    double decay,
    double clamp,
    double enough,
    double ridge) {

  /// The publication's numbers, with a small ridge.
  public static Rome at(int layer) {
    return new Rome(layer, 20, .5, .0625, .5, 4, .05, 1e-3);
  }

  /// What came of it.
  ///
  /// @param edit of the matrix
  /// @param losses before each step, nats
  /// @param length of the addition, as a multiple of that of the old value
  /// @param keys that the second moments were made of
  public record Fitted(RankOne edit, List<Double> losses, double length, long keys) {
    public Fitted {
      losses = List.copyOf(losses);
    }

    /// The least loss, which is that of the edit.
    public double loss() {
      return losses.stream().mapToDouble(one -> one).min().orElse(Double.NaN);
    }
  }

  /// A text in which the subject stands, held open while the addition is sought.
  private record Held(
      Run run, Backward backward, Tensor stream, int subject, Objective said, int tokens)
      implements AutoCloseable {
    @Override
    public void close() {
      run.close();
    }
  }

  /// Finds the edit.
  ///
  /// @param places where the subject stands and what shall be said; the first is the one whose
  ///   value is met exactly
  /// @param essence a text that says what the subject is; only its last row is read
  /// @throws LynceusException BAD_REQUEST for a layer that does not exist or is the last;
  ///   UNSUPPORTED_MODEL where what the matrix writes is no part of the residual stream; CANCELLED
  public Fitted fit(
      LoadedModel model,
      List<Place> places,
      Optional<Place> essence,
      KeyMoments moments,
      Progress progress) {
    Tensor matrix = matrix(model, layer);
    List<Held> held = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      for (Place place : places) {
        held.add(held(model, place, Objective.logProbability(place.target())));
      }
      Optional<Held> kept = essence.map(place -> held(model, place, own(model, place)));
      kept.ifPresent(held::add);
      List<Held> asked = held.subList(0, places.size());
      Tensor mean = Torch.zeros(DType.FLOAT32, matrix.size(1));
      for (Held one : asked) {
        mean.add_(key(one), 1.0 / asked.size());
      }
      float[] direction = moments.whitened(mean.toFloats(), ridge);
      Tensor first = key(asked.getFirst());
      Tensor old = Torch.linear(first.unsqueeze(0), matrix.to(DType.FLOAT32), null).squeeze(0);
      List<Double> losses = new ArrayList<>();
      double length = Math.sqrt(old.square().sum().item());
      Tensor addition = sought(asked, kept, matrix.size(0), length, losses, progress);
      double along = first.mul(Tensor.of(direction, direction.length)).sum().item();
      float[] left = addition.div(along).toFloats();
      return new Fitted(
          new RankOne(name(model, matrix), left, direction),
          losses,
          Math.sqrt(addition.square().sum().item()) / length,
          moments.count());
    } finally {
      held.forEach(Held::close);
    }
  }

  private Tensor sought(
      List<Held> asked,
      Optional<Held> kept,
      long width,
      double length,
      List<Double> losses,
      Progress progress) {
    try (Scope scope = Scope.open();
        Adam adam = new Adam(scope.keep(Torch.zeros(DType.FLOAT32, width)))) {
      Tensor addition = adam.values();
      Tensor best = Torch.zeros(DType.FLOAT32, width);
      double least = Double.POSITIVE_INFINITY;
      double entropy = kept.map(one -> -step(one, addition).value()).orElse(0.0);
      for (int step = 0; ; step++) {
        progress.step("value", step, steps);
        try (Scope inner = Scope.open()) {
          Tensor slope = Torch.zeros(DType.FLOAT32, width);
          double loss = 0;
          for (Held one : asked) {
            Step found = step(one, addition);
            loss -= found.value() / one.tokens() / asked.size();
            slope.add_(found.slope(), -1.0 / one.tokens() / asked.size());
          }
          if (kept.isPresent()) {
            Step found = step(kept.get(), addition);
            loss += divergence * (-found.value() - entropy);
            slope.add_(found.slope(), -divergence);
          }
          double now = Math.sqrt(addition.square().sum().item());
          if (now > 0) {
            loss += decay * now / (length * length);
            slope.add_(addition, decay / (now * length * length));
          }
          losses.add(loss);
          if (loss < least) {
            least = loss;
            best.copy_(addition);
          }
          if (loss < enough || step == steps) {
            return scope.keep(best);
          }
          adam.step(slope, rate);
          double after = Math.sqrt(addition.square().sum().item());
          if (after > clamp * length) {
            addition.mul_(clamp * length / after);
          }
        }
      }
    }
  }

  private record Step(double value, Tensor slope) {}

  /// An objective, and its gradient with respect to what is added at the subject.
  private Step step(Held held, Tensor addition) {
    Tensor x = held.stream.copy();
    x.select(0, 0).select(0, held.subject).add_(addition.to(x.dtype()));
    Backward.Slopes slopes = held.backward.from(layer + 1, x, held.said);
    return new Step(
        slopes.values()[0], slopes.slopes().select(0, 0).select(0, held.subject).to(DType.FLOAT32));
  }

  private Held held(LoadedModel model, Place place, Objective said) {
    Capture capture =
        KeyMoments.capture(layer).and(Capture.of(Capture.request(Point.RESID_POST).layers(layer)));
    Run run = model.run(place.prompt(), capture);
    return new Held(
        run,
        new Backward(run),
        run.get(Point.RESID_POST, layer),
        place.subject(),
        said,
        place.target().aims().size());
  }

  /// What the model itself says at the end of a text.
  private static Objective own(LoadedModel model, Place place) {
    try (Run run = model.run(place.prompt(), Capture.NONE);
        Scope scope = Scope.open()) {
      Tensor logits = run.logits().reshape(-1).to(DType.FLOAT64);
      return Objective.mean(place.prompt().length() - 1, Torch.softmax(logits, 0).toDoubles());
    }
  }

  private Tensor key(Held held) {
    return held.run
        .get(Point.MLP_POST, layer)
        .select(0, 0)
        .select(0, held.subject)
        .to(DType.FLOAT32);
  }

  /// The matrix that the feed-forward network of a layer writes with, `[width, inner]`.
  ///
  /// @throws LynceusException as [#fit]
  static Tensor matrix(LoadedModel model, int layer) {
    TextStack decoder = model.model().decoder();
    int layers = decoder.config().layers();
    if (layer < 0 || layer >= layers - 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "layer %d of %d cannot be edited for what a word of the question lets the model say"
              .formatted(layer, layers),
          layers < 2
              ? "The model has one layer, whose words do not reach the answer."
              : "Name one from 0 to %d.".formatted(layers - 2));
    }
    Additive.require(decoder);
    Layer weights = decoder.weights().layers().get(layer);
    if (weights.behind() != null) {
      throw new LynceusException(
          ErrorCode.UNSUPPORTED_MODEL,
          "what the feed-forward networks of this model write passes a norm before it is added, so a"
              + " value that is written is not one that is added",
          "`lynceus steer` changes what the model says without its weights.");
    }
    return weights.feedForward().down().weight();
  }

  /// The name of a matrix in the files.
  private static String name(LoadedModel model, Tensor matrix) {
    return model.checkpoint().names().stream()
        .filter(name -> isSame(model, name, matrix))
        .findFirst()
        .orElseThrow(() ->
            new LynceusException(
                ErrorCode.UNSUPPORTED_MODEL,
                "the files of this model do not hold the matrix of that layer as it is used",
                "`lynceus steer` changes what the model says without its weights."));
  }

  private static boolean isSame(LoadedModel model, String name, Tensor matrix) {
    long[] shape = model.checkpoint().info(name).shape();
    if (shape.length != 2 || shape[0] != matrix.size(0) || shape[1] != matrix.size(1)) {
      return false;
    }
    try (Scope scope = Scope.open()) {
      Tensor stored = model.checkpoint().tensor(name);
      // One row tells most of them apart.
      return difference(stored.narrow(0, 0, 1), matrix.narrow(0, 0, 1)) == 0
          && difference(stored, matrix) == 0;
    }
  }

  private static double difference(Tensor a, Tensor b) {
    return a.to(DType.FLOAT32).sub(b.to(DType.FLOAT32)).abs().max().item();
  }
}
