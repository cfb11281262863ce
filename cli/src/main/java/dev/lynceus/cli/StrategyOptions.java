package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.strategy.Asking;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.run.Candidates;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What all strategies of asking take: prompts of the user's own, and what is decided among.
final class StrategyOptions {
  @Mixin PromptOptions prompts = new PromptOptions();

  @Option(
      names = "--candidates",
      split = ",",
      paramLabel = "TEXTS",
      description = {
        "What is decided among, with commas between. Default: the different answers that the model",
        "gives, at most 8."
      })
  List<String> candidates = List.of();

  @Option(
      names = "--by",
      defaultValue = "sum",
      paramLabel = "WAY",
      description = {
        "sum or mean: how the log probabilities of a candidate's tokens become one number.",
        "Default: ${DEFAULT-VALUE}."
      })
  String by = "sum";

  /// What is decided among; empty = the different answers that the model gives.
  List<String> candidates() {
    return candidates.stream().map(String::strip).toList();
  }

  /// How the tokens of a candidate become one number.
  ///
  /// @throws LynceusException BAD_REQUEST for a way that there is not
  Candidates.By by() {
    return choice(Candidates.By.values(), by, "--by");
  }

  /// The prompts that were given.
  ///
  /// @throws LynceusException BAD_REQUEST for one that does not fit
  SequencedMap<String, String> own(List<Wordings.Step> steps) {
    return prompts.own(steps);
  }

  /// The prompts for a model.
  static Wordings wordings(List<Wordings.Step> steps, LoadedModel model, Map<String, String> own) {
    return Wordings.of(steps, model, own);
  }

  /// The pictures that a strategy is applied to.
  ///
  /// @throws LynceusException BAD_REQUEST for what strategies do not take
  static List<RgbImage> images(QuestionArguments arguments, QuestionArguments.Asked asked) {
    if (arguments.readsText()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a strategy asks several questions of its own, and neither --raw nor a passage fits them",
          "Leave it out; --prompt changes the questions.");
    }
    if (!asked.frames().isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "strategies take pictures, no video", "Give some of its frames.");
    }
    return asked.images();
  }

  /// Who is asked.
  static Speaker speaker(
      QuestionArguments arguments,
      QuestionArguments.Asked asked,
      LoadedModel model,
      int tokens,
      Progress progress) {
    String name =
        asked.files().isEmpty() ? "picture" : QuestionArguments.name(asked.files().getFirst());
    return new Speaker(new Asking(model, name, false, arguments.startAlone()), tokens, progress);
  }

  /// A constant by its name in small letters.
  ///
  /// @param option that it was given with
  /// @throws LynceusException BAD_REQUEST for none of them
  static <E extends Enum<E>> E choice(E[] all, String name, String option) {
    return Arrays.stream(all)
        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(() ->
            new LynceusException(
                ErrorCode.BAD_REQUEST,
                "%s %s is none of its ways".formatted(option, name),
                "Use "
                    + String.join(
                        ", ",
                        Arrays.stream(all).map(one -> one.name().toLowerCase(Locale.ROOT)).toList())
                    + "."));
  }
}
