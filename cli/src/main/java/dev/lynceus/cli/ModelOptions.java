package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Checkpoints;
import dev.lynceus.model.ImageScale;
import dev.lynceus.model.catalog.Purpose;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedMae;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Device;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.WeightStorage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Which model answers, and with what it computes.
///
/// Values stay text until the model is loaded: their types would load libtorch, which `--help` does
/// not need.
final class ModelOptions {
  private static final String FAST = "fast";

  @Option(
      names = {"-m", "--model"},
      defaultValue = "pupil",
      paramLabel = "MODEL",
      description = {
        "A folder, org/name[@revision] in the local Hugging Face cache, or the bundled 'pupil'.",
        "Default: ${DEFAULT-VALUE}."
      })
  String model = "pupil";

  @Option(
      names = "--dtype",
      defaultValue = "auto",
      paramLabel = "TYPE",
      description = {
        "Type of the arithmetic: auto, float32, float64, bfloat16, float16, or fast.",
        "auto is float32, which is exact for 16-bit weights; they stay 16-bit in memory.",
        "fast takes what is fastest for these weights on this processor, and says how far numbers move."
      })
  String dtype = "auto";

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

  @Option(
      names = "--argmax",
      description = {
        "Leave out the generation settings of the checkpoint (penalties, bans, lengths): always",
        "take the most probable token."
      })
  boolean argmax;

  @Option(
      names = "--any-length",
      description = {
        "Go on past the positions that the model was made for, as the reference library does. It was",
        "never trained there, so what it says is seldom of use."
      })
  boolean anyLength;

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec command;

  /// The same options for another model.
  ModelOptions named(String other) {
    ModelOptions options = new ModelOptions();
    options.model = other;
    options.dtype = dtype;
    options.device = device;
    options.threads = threads;
    options.weights = weights;
    options.argmax = argmax;
    options.anyLength = anyLength;
    options.command = command;
    return options;
  }

  /// Loads the model.
  ///
  /// @throws LynceusException for a bad option value or a model that cannot be loaded
  LoadedModel load(ProgressLine progress) {
    LoadOptions options = options(progress);
    LoadedModel loaded = LoadedModel.load(model, options);
    progress.loaded(loaded);
    loaded.notes().forEach(progress::note);
    if (answers()) {
      loaded
          .notes(isSet("--temperature") || isSet("--sample"), !isSet("--raw"))
          .forEach(progress::note);
    }
    return loaded;
  }

  /// Loads a model for matching.
  ///
  /// @throws LynceusException for a bad option value, an option that says how answers are written,
  ///   or a model that cannot be loaded
  LoadedMatcher loadMatcher(ProgressLine progress) {
    refuseOfAnswers();
    LoadedMatcher loaded = LoadedMatcher.load(model, options(progress));
    progress.loaded(loaded);
    loaded.notes().forEach(progress::note);
    return loaded;
  }

  /// Loads a masked autoencoder.
  ///
  /// @throws LynceusException for a bad option value, an option that says how answers are written,
  ///   or a model that cannot be loaded
  LoadedMae loadMae(ProgressLine progress) {
    refuseOfAnswers();
    LoadedMae loaded = LoadedMae.load(model, options(progress));
    progress.loaded(loaded);
    loaded.notes().forEach(progress::note);
    return loaded;
  }

  private void refuseOfAnswers() {
    if (argmax || anyLength) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          (argmax ? "--argmax" : "--any-length") + " is about answers, and this writes none",
          "Leave it out.");
    }
  }

  /// What the model is for.
  ///
  /// @throws LynceusException for a model that is not there
  Purpose purpose() {
    try (Checkpoint checkpoint = Checkpoint.open(Checkpoints.locate(model))) {
      return Purpose.of(checkpoint);
    }
  }

  private LoadOptions options(ProgressLine progress) {
    if (threads < 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "--threads " + threads + " is less than one", "Give 1 or more.");
    }
    progress.at("loading " + model, 0, 0);
    LoadOptions options =
        new LoadOptions(arithmetic(), place(), ImageScale.AS_PROJECTED, storage())
            .choice(argmax ? LoadOptions.Choice.MOST_PROBABLE : LoadOptions.Choice.AS_CHECKPOINT)
            .reach(anyLength ? LoadOptions.Reach.ANY : LoadOptions.Reach.TRAINED);
    if (dtype.equals(FAST)) {
      options = options.fastest();
    }
    Torch.setThreads(threads == 0 ? Cores.physical() : threads);
    return options;
  }

  /// Whether the command lets the model answer a question of its user.
  private boolean answers() {
    return command != null && command.userObject() != null && command.findOption("--raw") != null;
  }

  /// Whether an option of the command has another value than its default.
  private boolean isSet(String name) {
    OptionSpec option = command == null ? null : command.findOption(name);
    Object value = option == null ? null : option.getValue();
    return value instanceof Boolean flag ? flag : value instanceof Double number && number != 0;
  }

  private Optional<DType> arithmetic() {
    if (dtype.equals("auto") || dtype.equals(FAST)) {
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
