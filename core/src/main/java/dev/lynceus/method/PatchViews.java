package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Attends;
import dev.lynceus.model.Model;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.util.List;

/// The views of a prompt whose patches are positions of its sequence, for methods that need such.
public final class PatchViews {
  private PatchViews() {}

  /// The views of a run, at least one. Positions are those by which pictures enter
  /// ([Inputs#seen(Run)]).
  ///
  /// @param purpose what they are for, for example `to map`
  /// @throws LynceusException as [#noPicture]; UNSUPPORTED_MODEL where visual tokens are queries
  ///   that stand for no patch
  public static List<TokenMap.View> of(Run run, String purpose) {
    return of(run.model().model(), Inputs.seen(run), purpose);
  }

  /// The views of a prompt.
  public static List<TokenMap.View> of(LoadedModel model, Prompt prompt, String purpose) {
    return of(model.model(), Inputs.seen(model.model(), prompt).orElse(prompt.tokens()), purpose);
  }

  /// The views, at least one.
  ///
  /// @param purpose what they are for, for example `to map`
  /// @throws LynceusException as [#noPicture]; UNSUPPORTED_MODEL where visual tokens are queries
  ///   that stand for no patch
  private static List<TokenMap.View> of(Model model, TokenMap tokens, String purpose) {
    List<TokenMap.View> views = tokens.views();
    if (!views.isEmpty()) {
      return views;
    }
    if (tokens.grids().isEmpty()) {
      throw noPicture(model, purpose);
    }
    throw new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        "there are no patches %s: the visual tokens of this model are queries, each of which reads the whole picture"
            .formatted(purpose),
        "`lynceus queries` shows what each query looks at, and what a word loses without it.");
  }

  /// The refusal of what needs a picture, where none was given: UNSUPPORTED_MODEL of a model that
  /// takes none, else BAD_REQUEST.
  ///
  /// @param purpose what it is for, for example `to map`
  public static LynceusException noPicture(Model model, String purpose) {
    if (model instanceof VisionLanguageModel) {
      return new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no picture " + purpose,
          "Name a picture before the question.");
    }
    return new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        "this model takes text only: there is no picture " + purpose,
        (model.attends() == Attends.ALL
                ? "`lynceus explain`, `attention`, `relevancy`, `trace --corrupt replace`, `ablate` and"
                    + " `knockout` take its text (--passage, or --raw with words taken out)"
                : "`lynceus explain`, `lens`, `neurons`, `trace --corrupt replace`, `ablate` and"
                    + " `knockout` work on its words")
            + "; for pictures choose a vision-language model.");
  }

  /// Requires visual tokens among the words of a decoder.
  ///
  /// @param what needs them, for example `the attention of words to patches`
  /// @throws LynceusException UNSUPPORTED_MODEL where pictures are read by cross-attention (BLIP)
  public static void requireAmongWords(Model model, String what) {
    if (model instanceof VisionLanguageModel eyes && eyes.reading().isPresent()) {
      throw new LynceusException(
          ErrorCode.UNSUPPORTED_MODEL,
          "this model reads pictures by cross-attention, and has no visual tokens among its words for "
              + what,
          "`lynceus explain`, `attention`, `relevancy`, `trace`, `occlude`, `knockout`, `patch` and"
              + " `compare` work on it.");
    }
  }
}
