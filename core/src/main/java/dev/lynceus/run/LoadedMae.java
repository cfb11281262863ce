package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageProcessor;
import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Checkpoints;
import dev.lynceus.model.Picture;
import dev.lynceus.model.catalog.Autoencoders;
import dev.lynceus.model.mae.Mae;
import dev.lynceus.model.mae.Mask;
import dev.lynceus.model.mae.Patches;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Labels;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Checkpoint;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A masked autoencoder, ready to make the pixels of patches that it does not see.
///
/// For threads, closing and files holds what holds of a [LoadedModel].
public final class LoadedMae implements AutoCloseable {
  private final Held<Mae> held;
  private final Mae mae;
  private final DType dtype;
  private final ImageProcessor processor;

  private LoadedMae(Held<Mae> held) {
    this.held = held;
    this.mae = held.model();
    this.dtype = held.compute();
    this.processor = ImageProcessor.load(held.checkpoint().folder());
  }

  /// Loads a model by a folder, or `org/name[@revision]` in the local Hugging Face cache.
  ///
  /// @throws LynceusException MODEL_NOT_FOUND, BAD_CHECKPOINT, or UNSUPPORTED_MODEL, also for a
  ///   checkpoint that is for something else
  public static LoadedMae load(String name, LoadOptions options) {
    return open(name, Checkpoints.locate(name), options);
  }

  /// Loads the checkpoint of a folder.
  public static LoadedMae load(Path folder, LoadOptions options) {
    return open(folder.toString(), folder, options);
  }

  private static LoadedMae open(String name, Path folder, LoadOptions options) {
    return Held.open(name, folder, options, Autoencoders::build, LoadedMae::new);
  }

  /// The name that it was loaded by.
  public String name() {
    return held.name();
  }

  /// The files.
  public Checkpoint checkpoint() {
    return held.checkpoint();
  }

  /// What is odd about the files and settings, though it does not stop the model: a sentence each.
  public List<String> notes() {
    return held.notes();
  }

  /// Tower and decoder.
  public Mae model() {
    return held.model();
  }

  /// What turns pictures into the tower's input.
  public ImageProcessor processor() {
    held.requireOpen();
    return processor;
  }

  /// Type of the arithmetic.
  public DType computeType() {
    return dtype;
  }

  /// Processes a picture for this model.
  public Picture picture(String label, RgbImage image) {
    held.requireOpen();
    return Picture.of(label, image, processor);
  }

  /// A mask of the share that the model was trained with.
  public Mask mask(long seed) {
    return Mask.drawn(mae.config().patches(), mae.config().ratio(), seed);
  }

  /// Makes the patches of a picture from some of them.
  ///
  /// @throws LynceusException BAD_POINT for a place that does not occur; BAD_REQUEST for a mask of
  ///   other patches than a picture has; OUT_OF_MEMORY if the capture would pass its budget
  public MaeRun run(Picture picture, Mask mask, Capture capture, List<Intervention> changes) {
    if (mask.patches() != mae.config().patches()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a mask of %d patches, and a picture has %d"
              .formatted(mask.patches(), mae.config().patches()),
          "Draw one number for each patch.");
    }
    return held.leased(() -> pass(picture, mask, capture, changes), MaeRun::close);
  }

  private MaeRun pass(Picture picture, Mask mask, Capture capture, List<Intervention> changes) {
    Labels labels = mae.labels(mask);
    new PassBudget(mae, labels, dtype).check(capture);
    Tap tap = Tap.of(capture, changes, labels);
    try (Scope scope = Scope.open()) {
      Tensor pixels = mae.tower().pixels(List.of(picture.onlyView()), dtype);
      Tensor made = mae.forward(pixels, mask, tap);
      return new MaeRun(
          tap.finish(),
          mask,
          rows(made),
          rows(mae.target(pixels)),
          rows(Patches.of(pixels, mae.config().vision().patchSize())));
    } catch (RuntimeException failure) {
      tap.abandon();
      throw failure;
    }
  }

  private static double[][] rows(Tensor patches) {
    int columns = (int) patches.size(2);
    double[] flat = patches.to(DType.FLOAT64).contiguous().toDoubles();
    return IntStream.range(0, flat.length / columns)
        .mapToObj(row -> Arrays.copyOfRange(flat, row * columns, (row + 1) * columns))
        .toArray(double[][]::new);
  }

  /// Closes, once the passes that have begun have ended.
  @Override
  public void close() {
    held.close();
  }
}
