package dev.lynceus.method.evidence;

import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What a question takes for granted and the model, asked, denies. An explanation of an answer
/// about an absent thing looks like any other; this is what tells the reader.
public final class Denials {
  private Denials() {}

  /// A sentence for each thing that question and answer take for granted and that the model says is
  /// not there; one pass for each thing asked about.
  ///
  /// @param answer what the model said
  public static List<String> of(
      LoadedModel model, Prompt prompt, String answer, Progress progress) {
    String question = prompt.question();
    if (prompt.pictures().isEmpty()
        || question.isEmpty()
        || !AskBack.canBeAsked(model)
        || Things.asksPresence(question)) {
      return List.of();
    }
    List<String> said = Arrays.asList(answer.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}']+"));
    AskBack back = new AskBack(model);
    List<String> denials = new ArrayList<>();
    for (String thing : Premises.of(question).things()) {
      if (!model.knows(thing) || Things.denies(said, thing)) {
        continue;
      }
      progress.at("asking back", 0, 0);
      double presence = back.presence(thing, prompt.pictures());
      if (EvidenceWords.denies(presence)) {
        String told = WordJudge.answered(thing, presence);
        denials.add(told.substring(0, 1).toUpperCase(Locale.ROOT) + told.substring(1) + ".");
      }
    }
    return denials;
  }
}
