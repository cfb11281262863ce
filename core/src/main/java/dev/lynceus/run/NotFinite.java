package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Checkpoint;
import java.util.Optional;

/// Why logits are no numbers. Looking for the cause reads all weights, so it is done once the harm
/// is there.
final class NotFinite {
  private NotFinite() {}

  /// The error for logits that are not finite.
  ///
  /// @param tap the tap of the run
  static LynceusException of(LoadedModel model, Tap tap) {
    if (changes(model, tap)) {
      return new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the logits are not finite after the changes that were asked for",
          "Change less: a smaller factor, smaller values.");
    }
    Optional<String> weight = weight(model.checkpoint());
    if (weight.isPresent()) {
      return new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          model.checkpoint().folder() + ": tensor " + weight.get() + " holds NaN or infinity",
          "Its training or conversion went wrong: use other weights.");
    }
    if (model.computeType().isHalf()) {
      return new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the logits are not finite in " + model.computeType(),
          "Compute in float32 (--dtype auto).");
    }
    return new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        model.checkpoint().folder()
            + ": the logits are not finite, though every weight is: numbers grow beyond "
            + model.computeType(),
        "Check that config.json and preprocessor_config.json belong to these weights.");
  }

  private static boolean changes(LoadedModel model, Tap tap) {
    int layers =
        Math.max(
            model.model().decoder().config().layers(),
            model.model().vision().map(tower -> tower.shape().layers()).orElse(0));
    return Point.all().stream()
        .anyMatch(point -> {
          for (int l = 0; l < (point.perLayer() ? layers : 1); l++) {
            if (tap.changes(point, l)) {
              return true;
            }
          }
          return false;
        });
  }

  private static Optional<String> weight(Checkpoint checkpoint) {
    for (String name : checkpoint.names()) {
      if (checkpoint.info(name).dtype().isFloating() && checkpoint.info(name).elements() > 0) {
        try (Scope scope = Scope.open()) {
          Tensor finite = checkpoint.tensor(name).isFinite();
          if (finite.to(DType.FLOAT64).sum().item() < checkpoint.info(name).elements()) {
            return Optional.of(name);
          }
        }
      }
    }
    return Optional.empty();
  }
}
