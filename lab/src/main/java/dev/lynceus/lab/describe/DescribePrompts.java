package dev.lynceus.lab.describe;

import dev.lynceus.lab.strategy.Wordings;
import java.util.List;

/// The prompts of describing.
public final class DescribePrompts {
  /// Asks for the first description.
  static final String CAPTION = "caption";

  /// Asks for a question about the picture that would check the answer so far.
  static final String ASK = "ask";

  /// Puts that question to who sees the picture.
  static final String REFINE = "refine";

  /// Asks for the answer from a description alone.
  static final String ANSWER = "answer";

  /// Asks for the answer with the picture.
  static final String SEEN = "seen";

  /// One worked example before the question.
  static final String EXAMPLE = "example";

  /// Asks which of two descriptions is better, in four steps.
  static final String COMPARE = "compare";

  /// Asks whether a caption fits.
  static final String FITS = "fits";

  /// What says that it does.
  static final String YES = "yes";

  /// What says that it does not.
  static final String NO = "no";

  /// All of them.
  public static final List<Wordings.Step> STEPS =
      List.of(
          new Wordings.Step(
              CAPTION,
              List.of("question"),
              "Describe the picture in detail.",
              "Describe the image."),
          new Wordings.Step(
              ASK,
              List.of("question", "description", "candidates", "prediction"),
              "You ask questions of somebody who sees a picture that you do not see.\n"
                  + "Description of it so far: {description}\nTo be decided: {question}\n"
                  + "Possible answers: {candidates}\nYour answer so far: {prediction}\n"
                  + "Which one further question about the picture would check it best? Write that"
                  + " question alone.",
              "{question}"),
          new Wordings.Step(
              REFINE,
              List.of("asked", "question", "description"),
              "{asked}\nAnswer in one or two sentences.",
              "{asked}"),
          new Wordings.Step(
              ANSWER,
              List.of("question", "description", "candidates"),
              "Description of a picture: {description}\nQuestion: {question}\n"
                  + "Answer in a word or a short phrase.",
              "{description} {question}"),
          new Wordings.Step(
              SEEN,
              List.of("question", "candidates"),
              "{question}\nAnswer in a word or a short phrase.",
              "{question}"),
          new Wordings.Step(
              EXAMPLE,
              List.of("question", "description", "answer"),
              "Description of a picture: {description}\nQuestion: {question}\nAnswer: {answer}\n",
              "{description}"),
          new Wordings.Step(
              COMPARE,
              List.of("question", "first", "second", "step"),
              "Two descriptions of one picture.\nA: {first}\nB: {second}\nQuestion: {question}\n"
                  + "{step} Answer A, B or Equal.",
              "{first} {second} {question}"),
          new Wordings.Step(
              FITS,
              List.of("caption"),
              "Does this caption fit the picture: {caption} Answer Yes or No.",
              "Is there {caption}?"),
          new Wordings.Step(YES, List.of(), "Yes", "Yes"),
          new Wordings.Step(NO, List.of(), "No", "No"));

  private DescribePrompts() {}
}
