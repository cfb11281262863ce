package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.ImageScale;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Device;
import dev.lynceus.tensor.file.WeightStorage;
import java.util.Optional;

/// Which model is asked, and with what it computes; only what changes numbers.
///
/// @param name a bundled model, a folder, or `org/name[@revision]` in the local Hugging Face cache
/// @param dtype type of the arithmetic: `auto`, `fast`, or for example `float64`
/// @param choice whether the generation settings of the checkpoint decide
/// @param reach how long a sequence may become
public record ModelSpec(
    @Setting(otherwise = "pupil") String name,
    @Setting(otherwise = "auto") String dtype,
    @Setting(otherwise = "as-checkpoint") LoadOptions.Choice choice,
    @Setting(otherwise = "trained") LoadOptions.Reach reach) {
  private static final String FAST = "fast";
  private static final String AUTO = "auto";

  /// The bundled model.
  public static final ModelSpec PUPIL = named("pupil");

  /// A model with the usual settings.
  public static ModelSpec named(String name) {
    return new ModelSpec(name, AUTO, LoadOptions.Choice.AS_CHECKPOINT, LoadOptions.Reach.TRAINED);
  }

  /// How it is loaded.
  ///
  /// @param weights where its weights lie, which changes no number
  /// @throws LynceusException BAD_REQUEST for a type that is none, or that nothing is computed with
  public LoadOptions options(Device device, WeightStorage weights) {
    LoadOptions options =
        new LoadOptions(arithmetic(), device, ImageScale.AS_PROJECTED, weights)
            .choice(choice)
            .reach(reach);
    return dtype.equals(FAST) ? options.fastest() : options;
  }

  /// Loads it, on the processor.
  ///
  /// @throws LynceusException as [LoadedModel#load]
  public LoadedModel load() {
    return LoadedModel.load(
        name, options(Device.CPU, WeightStorage.fromEnvironment(System.getenv())));
  }

  private Optional<DType> arithmetic() {
    if (dtype.equals(AUTO) || dtype.equals(FAST)) {
      return Optional.empty();
    }
    DType type = DType.parse(dtype);
    if (!type.isFloating()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--dtype " + dtype + " cannot be computed with",
          "Use auto, float32, float64, bfloat16, float16 or fast.");
    }
    return Optional.of(type);
  }
}
