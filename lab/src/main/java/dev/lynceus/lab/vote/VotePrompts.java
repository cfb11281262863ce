package dev.lynceus.lab.vote;

import dev.lynceus.lab.strategy.Wordings;
import java.util.List;

/// The prompts of voting.
public final class VotePrompts {
  /// Asks for an answer alone.
  static final String DIRECT = "direct";

  /// Asks for an explanation.
  static final String EXPLAIN = "explain";

  /// Asks for an answer after an explanation.
  static final String ANSWER = "answer";

  /// Asks whether an explanation is good; once for each thing that it names, where it has a place
  /// for one.
  static final String SCORE = "score";

  /// One of the examples before that question.
  static final String EXAMPLE = "example";

  /// One of the examples before an explanation is asked for, when a scorer is made.
  static final String SHOWN = "shown";

  /// What says that it is good.
  static final String YES = "yes";

  /// What says that it is not.
  static final String NO = "no";

  /// All of them.
  public static final List<Wordings.Step> STEPS =
      List.of(
          new Wordings.Step(
              DIRECT,
              List.of("question"),
              "{question}\nAnswer in a word or a short phrase.",
              "{question}"),
          new Wordings.Step(
              EXPLAIN,
              List.of("question"),
              "{question}\nExplain in two or three sentences what in the picture decides the answer.",
              "Describe the image."),
          new Wordings.Step(
              ANSWER,
              List.of("question", "explanation"),
              "{question}\nExplanation: {explanation}\nAnswer in a word or a short phrase.",
              "{explanation} {question}"),
          new Wordings.Step(
              SCORE,
              List.of("question", "explanation", "answer", "thing"),
              "Question: {question}\nExplanation: {explanation}\nAnswer: {answer}\n"
                  + "Is the explanation good: coherent, informative, true of the picture, and does the"
                  + " answer follow from it? Answer Yes or No.",
              "Is there {thing}?"),
          new Wordings.Step(
              EXAMPLE,
              List.of("question", "explanation", "answer", "verdict"),
              "Question: {question}\nExplanation: {explanation}\nAnswer: {answer}\n"
                  + "Is the explanation good? {verdict}\n",
              "{explanation}"),
          new Wordings.Step(
              SHOWN,
              List.of("question", "explanation", "answer"),
              "Question: {question}\nExplanation: {explanation}\nAnswer: {answer}\n",
              "{explanation}"),
          new Wordings.Step(YES, List.of(), "Yes", "Yes"),
          new Wordings.Step(NO, List.of(), "No", "No"));

  private VotePrompts() {}
}
