package dev.lynceus.lab.hallucination;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.lab.data.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// A question whether a thing is in a picture, as POPE asks (Li and others, arXiv 2305.10355).
///
/// @param setting how absent things were chosen, for example `adversarial`
/// @param name of the picture
/// @param picture decoded anew with each call
/// @param question for example `Is there a dog?`
/// @param there whether the right answer is yes
public record PresenceQuestion(
    String setting, String name, Supplier<RgbImage> picture, String question, boolean there) {
  private static final List<String> SETTINGS = List.of("random", "popular", "adversarial");

  /// The questions of a data set that are answered with yes or no; the others are left out. Its
  /// setting is the kind of a question, or what the file's name tells, or `all`.
  ///
  /// @throws LynceusException BAD_REQUEST if there is none
  public static List<PresenceQuestion> of(DataSet data) {
    List<PresenceQuestion> questions = new ArrayList<>();
    String name = data.name().toLowerCase(Locale.ROOT);
    String named = SETTINGS.stream().filter(name::contains).findFirst().orElse("all");
    for (Example example : data.examples()) {
      String right =
          example.answers().isEmpty() ? "" : example.answers().getFirst().toLowerCase(Locale.ROOT);
      if (example.images().size() == 1 && (right.equals("yes") || right.equals("no"))) {
        questions.add(
            new PresenceQuestion(
                example.kind().isBlank() ? named : example.kind(),
                example.images().getFirst().name(),
                example.images().getFirst()::read,
                example.question(),
                right.equals("yes")));
      }
    }
    if (questions.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          data.name() + " has no question about one picture that is answered with yes or no",
          "Give a file of POPE, or lines with image, question and an expected yes or no.");
    }
    return questions;
  }
}
