package dev.lynceus.method.edit;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Target;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.text.WholeWords;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;

/// A text in which a subject stands, and what shall be said of it.
///
/// @param prompt continued by all tokens of what shall be said but the last
/// @param subject position of the last token of the subject
/// @param target what shall be said
public record Place(Prompt prompt, int subject, Target target) {

  /// Where a subject is named for the last time in a prompt.
  ///
  /// @param before tokens of the answer that come before what shall be said
  /// @param ids tokens of what shall be said
  /// @throws LynceusException BAD_REQUEST where the prompt does not name it
  public static Place of(
      LoadedModel model, Prompt prompt, String subject, int[] before, String text, int[] ids) {
    int position =
        named(model, prompt, subject).orElseThrow(() -> unnamed(prompt.question(), subject));
    int[] all = Arrays.copyOf(before, before.length + ids.length - 1);
    System.arraycopy(ids, 0, all, before.length, ids.length - 1);
    List<Target.Aim> aims = new ArrayList<>();
    int row = prompt.length() - 1 + before.length;
    for (int i = 0; i < ids.length; i++) {
      aims.add(new Target.Aim(row + i, ids[i], OptionalInt.empty()));
    }
    return new Place(
        all.length == 0 ? prompt : prompt.withAnswer(all), position, new Target(text, aims));
  }

  /// The refusal of a subject that the decoder does not read: some models read the question with a
  /// stack of its own (BLIP).
  private static LynceusException unnamed(String question, String subject) {
    if (WholeWords.ofAnyCase(subject).matcher(question).find()) {
      return new LynceusException(
          ErrorCode.UNSUPPORTED_MODEL,
          "the decoder of this model does not read “%s”: another stack reads the question"
              .formatted(subject),
          "`lynceus steer --with` changes what it says without its weights.");
    }
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        "“%s” does not name the subject “%s”".formatted(question, subject),
        "Name as subject words that stand in the question.");
  }

  /// Position of the last token of a subject, where it is named for the last time; empty where it
  /// is not named. Letters may be large or small, and it is a word of its own.
  public static OptionalInt named(LoadedModel model, Prompt prompt, String subject) {
    StringBuilder text = new StringBuilder();
    List<Integer> ends = new ArrayList<>(); // of each token, in the text
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < prompt.length(); i++) {
      TokenMap.Spot spot = prompt.tokens().spots().get(i);
      if (spot.role() == TokenMap.Role.IMAGE || model.tokenizer().isSpecial(spot.id())) {
        text.append('\n');
        continue;
      }
      text.append(model.tokenizer().text(spot.id()));
      ends.add(text.length());
      positions.add(i);
    }
    int end = -1;
    Matcher found = WholeWords.ofAnyCase(subject.strip()).matcher(text);
    while (!subject.isBlank() && found.find()) {
      end = found.end();
    }
    if (end < 0) {
      return OptionalInt.empty();
    }
    int token = 0;
    while (ends.get(token) < end) {
      token++;
    }
    return OptionalInt.of(positions.get(token));
  }
}
