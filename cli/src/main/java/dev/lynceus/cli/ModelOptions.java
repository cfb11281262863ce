package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Checkpoints;
import dev.lynceus.model.catalog.Purpose;
import dev.lynceus.request.ModelSpec;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedMae;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.RankOne;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Which model answers, and with what it computes.
///
/// Values stay text until the model is loaded: their types would load libtorch, which `--help` does
/// not need.
final class ModelOptions {
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

  @Mixin PlaceOptions place = new PlaceOptions();

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
    options.place = place;
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

  /// Loads the model with a changed matrix.
  LoadedModel edited(RankOne change) {
    return LoadedModel.load(model, place.options(spec()).edits(List.of(change)));
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

  /// The model as a request names it.
  ModelSpec spec() {
    return new ModelSpec(
        model,
        dtype,
        argmax ? LoadOptions.Choice.MOST_PROBABLE : LoadOptions.Choice.AS_CHECKPOINT,
        anyLength ? LoadOptions.Reach.ANY : LoadOptions.Reach.TRAINED);
  }

  private LoadOptions options(ProgressLine progress) {
    progress.at("loading " + model, 0, 0);
    return place.options(spec());
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
}
