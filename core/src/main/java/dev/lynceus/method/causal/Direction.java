package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Additive;
import dev.lynceus.method.FrozenLens;
import dev.lynceus.method.Words;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.nn.Norm;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Axis;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.PointNames;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.GivenTensor;
import dev.lynceus.tensor.file.Safetensors;
import dev.lynceus.tensor.file.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// A direction of a model's states that can be added while it runs.
///
/// @param vector `[width]`
/// @param point where it belongs
/// @param layer its layer
/// @param what how it was found
/// @param revision checkpoint that it was found in
// Compared by nobody: a direction is a value that is written and added.
@SuppressWarnings("ArrayRecordComponent")
public record Direction(float[] vector, Point point, int layer, String what, String revision) {
  private static final String NAME = "direction";

  /// The direction that raises one word's logit against another's: the difference of their rows of
  /// the unembedding, weighted by the last norm, and as long as the state that it is added to.
  ///
  /// @param run of the prompt that shall be steered
  public static Direction ofWords(Run run, int id, int against, Point point, int layer) {
    LoadedModel model = run.model();
    check(model, point, layer);
    TextStack decoder = model.model().decoder();
    if (!Additive.holds(decoder)) {
      throw new LynceusException(
          ErrorCode.UNSUPPORTED_MODEL,
          "this model has no direction of a word: words are read off a function of its states, not"
              + " off the states themselves",
          "Take the difference of the states after two sets of questions (`lynceus steer --with FILE"
              + " --without FILE`).");
    }
    Words words = new Words(model.tokenizer());
    Capture plan = Capture.of(Capture.request(point).layers(layer).at(Positions.last()));
    try (Run state = run.replay(List.of(), plan);
        Scope scope = Scope.open()) {
      double length = Math.sqrt(square(state.get(point, layer)));
      float[] rows = new float[decoder.config().vocabulary()];
      rows[id] += 1;
      rows[against] -= 1;
      Tensor pair = Tensor.of(rows, 1, rows.length);
      Norm norm = decoder.weights().norm();
      Tensor axis =
          norm.centred(
              decoder.weights().head().back(pair).reshape(-1).mul(norm.weight().to(DType.FLOAT32)));
      return new Direction(
          axis.mul(length / Math.sqrt(square(axis))).toFloats(),
          point,
          layer,
          "unembedding of \"%s\" less that of \"%s\""
              .formatted(words.text(id).strip(), words.text(against).strip()),
          revision(model));
    }
  }

  private static double square(Tensor vector) {
    return FrozenLens.variance(vector) * vector.numel();
  }

  /// A random direction of the same length, for control.
  public Direction random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] other = new float[vector.length];
    double square = 0;
    for (int i = 0; i < other.length; i++) {
      other[i] = (float) random.nextGaussian();
      square += other[i] * (double) other[i];
    }
    double factor = length() / Math.sqrt(square);
    for (int i = 0; i < other.length; i++) {
      other[i] *= (float) factor;
    }
    return new Direction(other, point, layer, "random, seed " + seed, revision);
  }

  /// Euclidean length.
  public double length() {
    double square = 0;
    for (float value : vector) {
      square += value * (double) value;
    }
    return Math.sqrt(square);
  }

  /// The change that adds it.
  ///
  /// @param strength what it is multiplied with
  /// @param positions where it is added
  public Intervention times(double strength, Positions positions) {
    return Intervention.at(point, layer, new Op.Add(Values.of(vector), strength)).at(positions);
  }

  /// Writes a safetensors file with one tensor, `direction`, and where it belongs in the metadata.
  ///
  /// @throws LynceusException NOT_WRITABLE
  public void save(Path file) {
    try (Tensor tensor = Tensor.of(vector, vector.length)) {
      new SafetensorsWriter()
          .metadata("point", point.name(layer))
          .metadata("what", what)
          .metadata("revision", revision)
          .add(NAME, tensor)
          .write(file);
    }
  }

  /// Reads such a file.
  ///
  /// @throws LynceusException BAD_REQUEST if it holds no direction, one that is not finite or zero
  ///   or as wide as the model's states, or none of this model
  public static Direction load(Path file, LoadedModel model) {
    String next = "Name a file that `lynceus steer --save FILE` wrote for this model.";
    try (Safetensors opened = Safetensors.open(file);
        Scope scope = Scope.open()) {
      Map<String, String> about = opened.metadata();
      String point = about.get("point");
      if (!opened.names().contains(NAME) || point == null) {
        throw new LynceusException(ErrorCode.BAD_REQUEST, file + " holds no direction", next);
      }
      PointNames.Address address = address(file, point, next);
      int layer =
          address
              .layer()
              .orElseThrow(() ->
                  new LynceusException(
                      ErrorCode.BAD_REQUEST,
                      "%s is of '%s', which names no layer".formatted(file, point),
                      next));
      check(model, address.point(), layer);
      String found = about.getOrDefault("revision", "");
      if (!found.equals(revision(model))) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "%s was found in %s, not in %s".formatted(file, found, revision(model)),
            "Find the direction anew in this model.");
      }
      long width = model.model().decoder().config().width();
      Direction direction =
          new Direction(
              GivenTensor.of(opened, NAME, next, width).toFloats(),
              address.point(),
              layer,
              about.getOrDefault("what", ""),
              found);
      if (!(direction.length() > 0) || Double.isInfinite(direction.length())) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "%s holds a direction of length %s".formatted(file, direction.length()),
            next);
      }
      return direction;
    }
  }

  private static PointNames.Address address(Path file, String point, String next) {
    try {
      return PointNames.parse(point);
    } catch (LynceusException unknown) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, file + ": " + unknown.getMessage(), next, unknown);
    }
  }

  private static String revision(LoadedModel model) {
    return model.checkpoint().version();
  }

  static void check(LoadedModel model, Point point, int layer) {
    int layers = model.model().decoder().config().layers();
    boolean states =
        point.stack() == Stack.DECODER
            && point.perLayer()
            && point.writable()
            && point.axes().equals(List.of(Axis.BATCH, Axis.POSITION, Axis.MODEL));
    if (!states) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          point.template() + " " + point.shape() + " holds no states that could be steered",
          "Use resid_pre, resid_mid, resid_post, attn_out or mlp_out.");
    }
    if (layer < 0 || layer >= layers) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no layer " + layer + " to steer",
          "This decoder has layers 0 to " + (layers - 1) + ".");
    }
  }
}
