package dev.lynceus.run;

import dev.lynceus.model.ImageScale;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Device;
import dev.lynceus.tensor.file.RankOne;
import dev.lynceus.tensor.file.WeightStorage;
import java.util.List;
import java.util.Optional;

/// How a model is loaded.
///
/// @param compute type of the arithmetic; empty = float32 for every checkpoint, which is exact for
///   16-bit weights
/// @param device where to compute
/// @param imageScale how visual tokens are scaled (Gemma)
/// @param weights where the weights lie: in the files, or in private copies that nobody else can
///   change
/// @param choice how the tokens of answers are chosen
/// @param reach how long a sequence may become
/// @param pace whether what is fastest here may decide how it is computed
/// @param edits changes of weight matrices; none of the files is touched
public record LoadOptions(
    Optional<DType> compute,
    Device device,
    ImageScale imageScale,
    WeightStorage weights,
    Choice choice,
    Reach reach,
    Pace pace,
    List<RankOne> edits) {
  public LoadOptions {
    edits = List.copyOf(edits);
  }

  /// How the tokens of answers are chosen.
  public enum Choice {
    /// By the generation settings of the checkpoint, as the reference library does.
    AS_CHECKPOINT,
    /// Always the most probable token, whatever the checkpoint says; its end tokens hold.
    MOST_PROBABLE
  }

  /// How long a sequence may become.
  public enum Reach {
    /// As long as the model was made for.
    TRAINED,
    /// Longer too, for comparisons with a program that goes on.
    ANY
  }

  /// Whether speed decides how it is computed.
  public enum Pace {
    /// No: in the type that was asked for.
    AS_ASKED,
    /// Yes: in the type, and with weights kept in the way, that is fastest for this checkpoint on
    /// this machine; see [LoadedModel#notes()] for what was chosen.
    FASTEST
  }

  /// By the settings of the checkpoint, as long as the model was made for.
  public LoadOptions(
      Optional<DType> compute, Device device, ImageScale imageScale, WeightStorage weights) {
    this(
        compute,
        device,
        imageScale,
        weights,
        Choice.AS_CHECKPOINT,
        Reach.TRAINED,
        Pace.AS_ASKED,
        List.of());
  }

  /// With mapped weights.
  public LoadOptions(Optional<DType> compute, Device device, ImageScale imageScale) {
    this(compute, device, imageScale, WeightStorage.MAPPED);
  }

  /// float32 on the processor.
  public static final LoadOptions DEFAULT =
      new LoadOptions(Optional.empty(), Device.CPU, ImageScale.AS_PROJECTED);

  /// The same with another type of arithmetic.
  public LoadOptions compute(DType dtype) {
    return new LoadOptions(
        Optional.of(dtype), device, imageScale, weights, choice, reach, Pace.AS_ASKED, edits);
  }

  /// The same, computed in the way that is fastest here.
  public LoadOptions fastest() {
    return new LoadOptions(
        Optional.empty(), device, imageScale, weights, choice, reach, Pace.FASTEST, edits);
  }

  /// The same with another scale of visual tokens.
  public LoadOptions imageScale(ImageScale scale) {
    return new LoadOptions(compute, device, scale, weights, choice, reach, pace, edits);
  }

  /// The same with weights that lie elsewhere.
  public LoadOptions weights(WeightStorage storage) {
    return new LoadOptions(compute, device, imageScale, storage, choice, reach, pace, edits);
  }

  /// The same with another choice of tokens.
  public LoadOptions choice(Choice how) {
    return new LoadOptions(compute, device, imageScale, weights, how, reach, pace, edits);
  }

  /// The same for sequences of another length.
  public LoadOptions reach(Reach far) {
    return new LoadOptions(compute, device, imageScale, weights, choice, far, pace, edits);
  }

  /// The same with changed weight matrices.
  public LoadOptions edits(List<RankOne> changes) {
    return new LoadOptions(compute, device, imageScale, weights, choice, reach, pace, changes);
  }
}
