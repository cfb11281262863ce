package dev.lynceus.run;

import dev.lynceus.model.ImageScale;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Device;
import java.util.Optional;

/// How a model is loaded.
///
/// @param compute type of the arithmetic; empty = float32 for every checkpoint, which is exact for
///   16-bit weights
/// @param device where to compute
/// @param imageScale how visual tokens are scaled (Gemma)
public record LoadOptions(Optional<DType> compute, Device device, ImageScale imageScale) {

  /// float32 on the processor.
  public static final LoadOptions DEFAULT =
      new LoadOptions(Optional.empty(), Device.CPU, ImageScale.AS_PROJECTED);

  /// The same with another type of arithmetic.
  public LoadOptions compute(DType dtype) {
    return new LoadOptions(Optional.of(dtype), device, imageScale);
  }

  /// The same with another scale of visual tokens.
  public LoadOptions imageScale(ImageScale scale) {
    return new LoadOptions(compute, device, scale);
  }
}
