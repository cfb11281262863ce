package dev.lynceus.run;

import dev.lynceus.model.ImageScale;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Device;
import dev.lynceus.tensor.file.WeightStorage;
import java.util.Optional;

/// How a model is loaded.
///
/// @param compute type of the arithmetic; empty = float32 for every checkpoint, which is exact for
///   16-bit weights
/// @param device where to compute
/// @param imageScale how visual tokens are scaled (Gemma)
/// @param weights where the weights lie: in the files, or in private copies that nobody else can
///   change
public record LoadOptions(
    Optional<DType> compute, Device device, ImageScale imageScale, WeightStorage weights) {

  /// With mapped weights.
  public LoadOptions(Optional<DType> compute, Device device, ImageScale imageScale) {
    this(compute, device, imageScale, WeightStorage.MAPPED);
  }

  /// float32 on the processor.
  public static final LoadOptions DEFAULT =
      new LoadOptions(Optional.empty(), Device.CPU, ImageScale.AS_PROJECTED);

  /// The same with another type of arithmetic.
  public LoadOptions compute(DType dtype) {
    return new LoadOptions(Optional.of(dtype), device, imageScale, weights);
  }

  /// The same with another scale of visual tokens.
  public LoadOptions imageScale(ImageScale scale) {
    return new LoadOptions(compute, device, scale, weights);
  }

  /// The same with weights that lie elsewhere.
  public LoadOptions weights(WeightStorage storage) {
    return new LoadOptions(compute, device, imageScale, storage);
  }
}
