package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.measure.WorldPrompts;
import dev.lynceus.method.Inputs;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tensor.file.InputFile;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What something is fitted on, and others that it is tried on.
///
/// @param some to fit on
/// @param others to try on
record FitData(List<Prompt> some, List<Prompt> others) {
  /// Scenes to fit on are of the sequence of this number and the seed.
  private static final long SCENES = 73;

  /// Scenes of the bundled model's world with answers: those that are tried are of another
  /// sequence.
  static FitData world(LoadedModel model, long seed, int scenes, int heldOut) {
    return new FitData(
        WorldPrompts.answered(model, seed + SCENES, Math.max(1, scenes)),
        WorldPrompts.answered(model, World.HELD_OUT, Math.max(1, heldOut)));
  }

  /// Questions about pictures, in order.
  static List<Prompt> questions(
      LoadedModel model, String dataset, DatasetOptions datasets, Console console) {
    return CompareQuestion.read(
            InputFile.REQUEST.path(dataset), Integer.MAX_VALUE, datasets, console)
        .stream()
        .map(one -> model.prompt(one.asked().question(), one.asked().pictures(model), ""))
        .toList();
  }

  /// Texts without chat template, one a line, or questions about pictures.
  ///
  /// @throws LynceusException BAD_REQUEST where both are given; UNSUPPORTED_MODEL of texts for a
  ///   model that says what it reads of a picture
  static List<Prompt> textsOrQuestions(
      LoadedModel model,
      @Nullable String texts,
      @Nullable String dataset,
      DatasetOptions datasets,
      Console console) {
    exclusive(texts, dataset);
    if (texts == null) {
      return questions(model, Objects.requireNonNull(dataset), datasets, console);
    }
    if (Inputs.seesByReading(model.model())) {
      throw new LynceusException(
          ErrorCode.UNSUPPORTED_MODEL,
          "this model says what it reads of a picture, and --texts has none",
          "Give questions about pictures with --dataset.");
    }
    return InputFile.REQUEST.lines(InputFile.REQUEST.path(texts)).stream()
        .filter(line -> !line.isBlank())
        .map(model::raw)
        .toList();
  }

  /// Refuses both, before a model is loaded.
  static void exclusive(@Nullable String texts, @Nullable String dataset) {
    if (texts != null && dataset != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "--texts and --dataset exclude each other", "Give one of them.");
    }
  }

  /// The last of some prompts are tried, a fifth of them at most.
  ///
  /// @param what they are, for example `texts`
  /// @param fitted what is tried, for example `lens`
  /// @throws LynceusException BAD_REQUEST for fewer than five
  static FitData of(List<Prompt> all, int heldOut, String what, String fitted) {
    int kept = Math.min(heldOut, all.size() / 5);
    if (kept < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d %s leave none to try the %s on".formatted(all.size(), what, fitted),
          "Give at least five.");
    }
    int first = all.size() - kept;
    return new FitData(all.subList(0, first), all.subList(first, all.size()));
  }
}
