package dev.lynceus.method.evidence;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;

/// ProjectAway (arXiv 2410.02762): takes a word out of the picture's tokens. Each visual token `h`
/// that points along the word's direction `t` loses `strength` times that part: `h <- h - strength
/// (h·t / t·t) t` if `h·t > 0`. The direction is the state of the word's last piece in a text that
/// is nothing but the word.
///
/// @param textLayer depth that the direction is read at: 0 = input of the first layer
/// @param imageLayer layer whose input is changed at the visual tokens
/// @param strength 0 changes nothing, 1 takes the word's part away, more turns it round
public record ProjectAway(int textLayer, int imageLayer, double strength) {
  /// Strength of the authors' demonstration.
  public static final double STRENGTH = 1.5;

  /// Depths in proportion to the authors' demonstration. Of 32 layers they read the word at depth 1
  /// and change what leaves layer 2, which is the input of layer 3.
  public static ProjectAway standard(int layers) {
    return new ProjectAway(
        Math.max(1, layers / 32), Math.min(layers / 16 + 1, layers - 1), STRENGTH);
  }

  /// Checks that a model has these layers.
  ///
  /// @throws LynceusException BAD_REQUEST
  public void check(int layers) {
    if (textLayer < 0 || textLayer > layers || imageLayer < 0 || imageLayer >= layers) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a word read at depth %d and taken away at layer %d".formatted(textLayer, imageLayer),
          "This decoder has depths 0 to %d and layers 0 to %d.".formatted(layers, layers - 1));
    }
    if (!Double.isFinite(strength)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a strength of " + strength + " takes nothing away",
          "Use a number, for example 1.5.");
    }
  }

  /// The direction of a word, `[width]`. One pass over a text.
  public float[] direction(LoadedModel model, String word) {
    int layers = model.model().decoder().config().layers();
    check(layers);
    Prompt prompt = model.raw(word.strip());
    Point point = textLayer < layers ? Point.RESID_PRE : Point.RESID_POST;
    int layer = Math.min(textLayer, layers - 1);
    Capture plan = Capture.of(Capture.request(point).layers(layer).at(Positions.last()));
    try (Run run = model.run(prompt, plan);
        Scope scope = Scope.open()) {
      Tensor state = run.get(point, layer).reshape(-1);
      return state.to(dev.lynceus.tensor.DType.FLOAT32).toFloats();
    }
  }

  /// The change that takes a direction out of all visual tokens.
  public Intervention change(float[] direction) {
    return Intervention.at(
            Point.RESID_PRE,
            imageLayer,
            new Op.Project(Values.of(direction), strength, Op.When.POSITIVE))
        .at(Positions.parse("image"));
  }
}
