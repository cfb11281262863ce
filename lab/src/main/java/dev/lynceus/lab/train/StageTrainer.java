package dev.lynceus.lab.train;

import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/// Trains one stage of a model.
public interface StageTrainer extends AutoCloseable {
  /// Steps that are done.
  long done();

  /// Trains until the stage is finished or is stopped, and writes its file.
  ///
  /// @param until stop after this step at the latest
  /// @param stopped asked after each step
  void train(TrainingListener listener, long until, BooleanSupplier stopped);

  /// Writes the checkpoint that the parts of this stage and of those before it make.
  void export(Path target);

  @Override
  void close();
}
