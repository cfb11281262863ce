package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.request.ModelSpec;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.Device;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.WeightStorage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a model computes, and with what of this machine: what changes no number.
final class PlaceOptions {
  @Option(
      names = "--device",
      defaultValue = "cpu",
      paramLabel = "DEVICE",
      description = "Where to compute: cpu. Default: ${DEFAULT-VALUE}.")
  String device = "cpu";

  @Option(
      names = "--threads",
      defaultValue = "0",
      paramLabel = "N",
      description = "Threads of the arithmetic. Default: the physical cores.")
  int threads;

  @Option(
      names = "--weights",
      paramLabel = "WHERE",
      description = {
        "mapped: read from the files where they lie. private: from nameless copies in the cache, so",
        "that nobody can change or shorten them meanwhile. Default: $LYNCEUS_WEIGHTS, or mapped."
      })
  @Nullable String weights;

  /// How a model is loaded here. Sets the threads.
  ///
  /// @throws LynceusException BAD_REQUEST for a bad option value
  LoadOptions options(ModelSpec model) {
    if (threads < 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "--threads " + threads + " is less than one", "Give 1 or more.");
    }
    LoadOptions options = model.options(place(), storage());
    Torch.setThreads(threads == 0 ? Cores.physical() : threads);
    return options;
  }

  /// Loads a model, and says what should be known of it.
  LoadedModel load(ModelSpec model, ProgressLine progress) {
    progress.at("loading " + model.name(), 0, 0);
    LoadedModel loaded = LoadedModel.load(model.name(), options(model));
    progress.loaded(loaded);
    loaded.notes().forEach(progress::note);
    return loaded;
  }

  private WeightStorage storage() {
    return weights == null
        ? WeightStorage.fromEnvironment(System.getenv())
        : WeightStorage.parse(weights);
  }

  private Device place() {
    if (device.startsWith("cuda")) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--device " + device + ": this version computes on the processor only",
          "Leave --device out.");
    }
    return Device.parse(device);
  }
}
