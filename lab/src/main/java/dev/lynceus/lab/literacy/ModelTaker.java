package dev.lynceus.lab.literacy;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.strategy.Choice;
import dev.lynceus.lab.strategy.Labels;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.run.Candidates;
import dev.lynceus.run.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// A model that takes the test: its answer is the option with the most probability among all that
/// are shown (restricted softmax).
///
/// @param speaker the model
/// @param style how options are shown
/// @param words of its prompts, see [#STEPS]
public record ModelTaker(Speaker speaker, AnswerStyle style, Wordings words) implements TestTaker {
  /// The prompts, one for each style.
  public static final List<Wordings.Step> STEPS =
      List.of(
          step(
              "letters",
              "{question}\n{options}\nAnswer with the letter of one option, from the chart alone."),
          step(
              "words",
              "{question}\nOptions: {options}.\nAnswer with one of the options, from the chart alone."),
          step("plain", "{question}"));

  private static final Pattern LETTER =
      Pattern.compile(
          "^\\W*(?i:(?:the )?(?:answer|option)(?: is)?:? )?\\(?([A-H])(?:[).:,]|\\s|$)");

  private static Wordings.Step step(String name, String text) {
    return new Wordings.Step(name, List.of("question", "options"), text, text);
  }

  /// The letter of an option.
  static String letter(int option) {
    return String.valueOf((char) ('A' + option));
  }

  @Override
  public Answer take(Put put) {
    Choice choice =
        speaker.choose(
            text(put),
            images(put),
            answers(put.options()),
            Candidates.By.SUM,
            style == AnswerStyle.LETTERS ? Candidates.Ending.OPEN : Candidates.Ending.CLOSED);
    return new Answer(choice.best(), choice.probabilities());
  }

  /// What is scored for each option.
  List<String> answers(List<String> options) {
    return style == AnswerStyle.LETTERS
        ? IntStream.range(0, options.size()).mapToObj(ModelTaker::letter).toList()
        : options;
  }

  /// The words that are put to the model.
  String text(Put put) {
    List<String> options = put.options();
    String shown =
        switch (style) {
          case LETTERS ->
              String.join(
                  "\n",
                  IntStream.range(0, options.size())
                      .mapToObj(i -> letter(i) + ". " + options.get(i))
                      .toList());
          case WORDS -> String.join("; ", options);
          case PLAIN -> "";
        };
    return words.fill(style.label(), Map.of("question", put.item().question(), "options", shown));
  }

  /// The prompt.
  Prompt prompt(Put put) {
    return speaker.prompt(text(put), images(put));
  }

  private static List<RgbImage> images(Put put) {
    return put.item().image(put.seen()).map(List::of).orElse(List.of());
  }

  /// The option that a free answer means; -1 for none.
  int spoken(Put put) {
    return meant(speaker.say(text(put), images(put)), put.options());
  }

  /// The option that a text means: by its letter at the beginning, or by its own words; -1 for
  /// none.
  public static int meant(String said, List<String> options) {
    int own = Labels.meant(said, options);
    if (own >= 0) {
      return own;
    }
    Matcher letter = LETTER.matcher(said.strip());
    List<String> letters = new ArrayList<>();
    IntStream.range(0, options.size()).forEach(i -> letters.add(letter(i)));
    return letter.find() ? letters.indexOf(letter.group(1)) : -1;
  }
}
