package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Stack;
import java.util.List;
import java.util.stream.IntStream;

/// What can be known to be wrong with a run before it starts.
final class Plans {
  private Plans() {}

  /// Refuses a prompt that is too long, layers and positions that the run will not have, and a
  /// capture that would pass its budget.
  ///
  /// @param answer most tokens that will be generated; 0 for a run
  static void check(
      LoadedModel model,
      Batch batch,
      Capture capture,
      List<Intervention> interventions,
      int answer) {
    int limit = limit(model);
    if (batch.length() > limit
        && model.model().decoder().config().embedding().positions() != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the prompt has %d positions, the model has learned %d".formatted(batch.length(), limit),
          "Shorten the question, or ask about fewer pictures.");
    }
    if (batch.length() > limit) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the prompt has %d positions, the model was made for %d".formatted(batch.length(), limit),
          "Shorten the question, ask about fewer pictures, or go on all the same (--any-length).");
    }
    int length = batch.length() + Math.max(0, answer - 1);
    for (Capture.Request request : capture.requests()) {
      place(model, batch, request.point(), request.layers(), request.positions(), length);
    }
    for (Intervention change : interventions) {
      place(model, batch, change.point(), change.layers(), change.positions(), length);
    }
    Budgets.check(model, batch, capture, answer);
  }

  /// Most positions of a sequence.
  static int limit(LoadedModel model) {
    TextConfig config = model.model().decoder().config();
    // Positions that were never learned have no reading.
    return model.reach() == LoadOptions.Reach.ANY && config.embedding().positions() == null
        ? Integer.MAX_VALUE
        : config.maxPositions();
  }

  private static void place(
      LoadedModel model,
      Batch batch,
      Point point,
      Indices layers,
      Positions positions,
      int length) {
    boolean text = point.stack() == Stack.DECODER;
    int depth =
        point.stack() == Stack.PROJECTOR
            ? model.model().layers(Stack.VISION)
            : model.model().layers(point.stack());
    if (!model.model().has(point) && (text || depth > 0)) {
      throw new LynceusException(
          ErrorCode.BAD_POINT,
          "%s: a model of the type %s has no such place"
              .formatted(
                  point.template(), model.checkpoint().config().path("model_type").asString("")),
          "`models taps` lists the places of a model.");
    }
    int deepest = IntStream.of(layers.numbers()).max().orElse(-1);
    if (point.perLayer() && deepest >= depth) {
      throw new LynceusException(
          ErrorCode.BAD_POINT,
          "there is no " + point.name(deepest) + ": " + layersOf(point.stack(), depth),
          "Layers count from 0.");
    }
    if (!text) {
      return;
    }
    if (positions instanceof Positions.Of of) {
      int farthest = IntStream.of(of.numbers()).max().orElse(-1);
      if (farthest >= length) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "%s: there is no position %d in a sequence of %d"
                .formatted(point.template(), farthest, length),
            "Positions count from 0.");
      }
    }
    boolean ragged =
        IntStream.range(0, batch.size()).anyMatch(row -> batch.last(row) < batch.length() - 1);
    if (positions instanceof Positions.Last && ragged) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          point.template() + ": 'last' is padding in some rows of this batch",
          "Pad the batch on the left, or give positions by number.");
    }
  }

  private static String layersOf(Stack stack, int depth) {
    String name =
        switch (stack) {
          case DECODER -> "decoder";
          case VISION, PROJECTOR -> "vision tower";
          case QFORMER -> "Q-Former";
          case ENCODER -> "text encoder";
          case PIXELS -> "pixel decoder";
        };
    return depth == 0 ? "this model has no " + name : "the " + name + " has " + depth + " layers";
  }
}
