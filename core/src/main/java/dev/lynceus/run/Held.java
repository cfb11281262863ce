package dev.lynceus.run;

import dev.lynceus.model.Model;
import dev.lynceus.model.catalog.Models;
import dev.lynceus.model.catalog.Settings;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.TensorSource;
import dev.lynceus.tensor.file.Weights;
import dev.lynceus.tensor.file.WidenedWeights;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// A checkpoint's model, of any kind, with its weights held, and computed with, as the options ask
/// for.
///
/// @param compute type of the arithmetic
/// @param notes what a reader should know of files, settings and the way of computing
/// @param close gives the weights back
record Held<M>(M model, DType compute, List<String> notes, Runnable close) {

  /// Builds a model that answers.
  ///
  /// @throws dev.lynceus.error.LynceusException as [Models#build]
  static Held<Model> of(Checkpoint checkpoint, LoadOptions options) {
    return of(
        checkpoint, options, weights -> Models.build(checkpoint, weights, options.imageScale()));
  }

  /// Builds a model.
  ///
  /// @param build takes the weights
  static <M> Held<M> of(Checkpoint checkpoint, LoadOptions options, Function<Weights, M> build) {
    Optional<FastWay> fast =
        switch (options.pace()) {
          case AS_ASKED -> Optional.empty();
          case FASTEST -> Optional.of(FastWay.of(checkpoint));
        };
    WidenedWeights wide = new WidenedWeights(checkpoint);
    TensorSource source =
        fast.map(FastWay::weights).equals(Optional.of(FastWay.Kept.WIDENED)) ? wide : checkpoint;
    try {
      return new Held<>(
          build.apply(Weights.of(source)),
          fast.map(FastWay::compute).or(options::compute).orElse(DType.FLOAT32),
          Stream.of(
                  checkpoint.warnings(),
                  Settings.notes(checkpoint),
                  fast.map(FastWay::note).stream().toList())
              .flatMap(List::stream)
              .toList(),
          () -> {
            wide.close();
            checkpoint.close();
          });
    } catch (RuntimeException failure) {
      wide.close();
      throw failure;
    }
  }
}
