package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.catalog.Settings;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Device;
import dev.lynceus.tensor.NativeMemory;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.EditedWeights;
import dev.lynceus.tensor.file.RankOne;
import dev.lynceus.tensor.file.Weights;
import dev.lynceus.tensor.file.WidenedWeights;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A checkpoint's model, of any kind, with its weights held, and computed with, as the options ask
/// for: who may use it, and until when.
final class Held<M> implements AutoCloseable {
  /// Bytes of weights from which on fresh pages for large blocks cost nothing beside the products.
  private static final long LARGE = 4L << 30;

  /// How long closing waits for passes that have begun.
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String name;
  private final Checkpoint checkpoint;
  private final Device device;
  private final M model;
  private final DType compute;
  private final List<String> notes;
  private final Runnable release;
  private final Leases leases;

  private Held(
      String name,
      Checkpoint checkpoint,
      LoadOptions options,
      BiFunction<Checkpoint, Weights, M> build) {
    this.name = name;
    this.checkpoint = checkpoint;
    this.device = options.device();
    Optional<FastWay> fast =
        switch (options.pace()) {
          case AS_ASKED -> Optional.empty();
          case FASTEST -> Optional.of(FastWay.of(checkpoint));
        };
    WidenedWeights wide = new WidenedWeights(checkpoint);
    EditedWeights edited =
        new EditedWeights(
            fast.map(FastWay::weights).equals(Optional.of(FastWay.Kept.WIDENED))
                ? wide
                : checkpoint,
            options.edits());
    this.release =
        () -> {
          edited.close();
          wide.close();
          checkpoint.close();
        };
    this.leases = new Leases(name, release);
    try {
      this.model = build.apply(checkpoint, Weights.of(edited));
      this.compute = fast.map(FastWay::compute).or(options::compute).orElse(DType.FLOAT32);
      this.notes =
          Stream.of(
                  checkpoint.warnings(),
                  Settings.notes(checkpoint),
                  fast.map(FastWay::note).stream().toList(),
                  options.edits().stream().map(Held::note).toList())
              .flatMap(List::stream)
              .toList();
    } catch (RuntimeException failure) {
      edited.close();
      wide.close();
      throw failure;
    }
  }

  private static String note(RankOne edit) {
    return "The weights are edited: %s is not that of the checkpoint.".formatted(edit.tensor());
  }

  /// Opens a checkpoint, builds its model, and what asks it. Whatever fails, nothing stays open.
  ///
  /// @param name what messages call the model
  /// @param build takes the weights
  /// @param make what the caller gets, which closes what it is given
  /// @throws LynceusException as `build` and `make`; BAD_REQUEST for a device that nothing computes
  ///   on
  static <M, T> T open(
      String name,
      Path folder,
      LoadOptions options,
      BiFunction<Checkpoint, Weights, M> build,
      Function<Held<M>, T> make) {
    if (options.device().kind() != Device.Kind.CPU) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a model on " + options.device() + ": this version computes on the processor only",
          "Load it with Device.CPU.");
    }
    Checkpoint checkpoint = Checkpoint.open(folder, options.weights());
    Runnable undo = checkpoint::close;
    try {
      if (checkpoint.bytes() >= LARGE) {
        NativeMemory.returnEarly();
      }
      Held<M> held = new Held<>(name, checkpoint, options, build);
      undo = held.release;
      return make.apply(held);
    } catch (RuntimeException failure) {
      undo.run();
      throw failure;
    }
  }

  String name() {
    return name;
  }

  Checkpoint checkpoint() {
    return checkpoint;
  }

  Device device() {
    return device;
  }

  /// Type of the arithmetic.
  DType compute() {
    return compute;
  }

  /// What a reader should know of files, settings and the way of computing.
  List<String> notes() {
    return notes;
  }

  /// The model.
  ///
  /// @throws LynceusException BAD_REQUEST where it was closed
  M model() {
    leases.requireOpen();
    return model;
  }

  /// Passes where the model is open.
  ///
  /// @throws LynceusException BAD_REQUEST
  void requireOpen() {
    leases.requireOpen();
  }

  /// Leave to use the model until it is given back.
  ///
  /// @throws LynceusException BAD_REQUEST where it was closed
  Lease lease() {
    return leases.take();
  }

  /// Something that reads weights, while they stay, and of files that did not change.
  ///
  /// @param undo frees what a pass gave that may not be handed out
  <T> T leased(Supplier<T> pass, Consumer<T> undo) {
    try (Lease lease = leases.take()) {
      checkpoint.requireUnchanged();
      T result = pass.get();
      try {
        checkpoint.requireUnchanged();
      } catch (LynceusException changed) {
        undo.accept(result);
        throw changed;
      }
      return result;
    }
  }

  /// The same with a result that holds nothing to be freed.
  <T> T leased(Supplier<T> pass) {
    return leased(pass, result -> {});
  }

  /// Closes, once the passes that have begun have ended.
  @Override
  public void close() {
    leases.close(PATIENCE);
  }
}
