package dev.lynceus.lab.measure;

import dev.lynceus.method.evidence.Verdict;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// What a word is, by the scene: the situations in which verdicts are measured.
enum Truth {
  /// A word that the form of an answer asks for, such as `The color of the`.
  FORM(
      "form of an answer",
      "a word that the form of an answer asks for, such as “The color of the”",
      Side.FORM,
      EnumSet.of(Verdict.TEXT)),
  /// A decisive word that is right.
  RIGHT(
      "right, decisive",
      "the word of a right answer that decides it: a colour, a thing, a place, a yes",
      Side.RIGHT,
      EnumSet.of(Verdict.IMAGE)),
  /// A right number of things.
  COUNTED(
      "right count",
      "the number of a right answer to “How many objects are there?”",
      Side.RIGHT,
      EnumSet.of(Verdict.IMAGE)),
  /// One that follows from earlier words of the answer.
  CONCLUDED(
      "right, follows from words said",
      "a right word that follows from words said before it, such as “one” after “There is”",
      Side.RIGHT,
      EnumSet.of(Verdict.TEXT)),
  /// A right no: the model says it without the picture too.
  DENIED(
      "right No",
      "the No of a right answer about a thing that is not there",
      Side.RIGHT,
      EnumSet.of(Verdict.TEXT)),
  /// A thing of a description, or its colour, as the scene has it.
  DESCRIBED(
      "described as it is",
      "a thing or colour of a description that the scene has",
      Side.RIGHT,
      EnumSet.of(Verdict.IMAGE)),
  /// A decisive word that is wrong, about things that are there.
  WRONG(
      "wrong",
      "the first wrong word of an answer about things that are there",
      Side.WRONG,
      Flags.ALL),
  /// A colour of a thing that is not there.
  ABSENT(
      "colour of an absent thing",
      "the colour that the model names for a thing that is not there",
      Side.WRONG,
      Flags.ALL),
  /// A thing or colour of a description that the scene has not.
  INVENTED(
      "invented in a description",
      "a thing or colour of a description that the scene has not",
      Side.WRONG,
      Flags.ALL),
  /// A wrong colour in an answer that was given.
  GIVEN_COLOUR(
      "given: wrong colour",
      "a wrong colour in an answer that was given, not the model’s own",
      Side.GIVEN,
      Flags.ALL),
  /// A given no about a thing that is there.
  GIVEN_NO(
      "given: false No", "a No that was given about a thing that is there", Side.GIVEN, Flags.ALL),
  /// A given yes about a thing that is not there.
  GIVEN_YES(
      "given: false Yes",
      "a Yes that was given about a thing that is not there",
      Side.GIVEN,
      Flags.ALL),
  /// A wrong number in an answer that was given.
  GIVEN_COUNT(
      "given: wrong count", "a wrong number in an answer that was given", Side.GIVEN, Flags.ALL),
  /// A thing that a question asks for, and it is there.
  SEEN(
      "asked for, there",
      "a thing that a question asks for, and the scene has it",
      Side.QUESTION,
      EnumSet.of(Verdict.IMAGE)),
  /// A thing that a question asks for, and it is not there.
  MISSING(
      "asked for, not there",
      "a thing that a question asks for, and the scene has it not",
      Side.QUESTION,
      Flags.ALL),
  /// A colour that a question grants a thing, and it has it.
  TRUE_COLOUR(
      "premise: true colour",
      "a colour that a question takes for granted, as in “Why is the apple red?”, and it is so",
      Side.QUESTION,
      EnumSet.of(Verdict.IMAGE)),
  /// A colour that a question grants a thing that has another.
  FALSE_COLOUR(
      "premise: false colour",
      "a colour that a question takes for granted, and the thing has another",
      Side.QUESTION,
      Flags.ALL),
  /// A number that a question grants, and there are so many.
  TRUE_COUNT(
      "premise: true count",
      "a number that a question takes for granted, as in “What are the three objects?”, and it is so",
      Side.QUESTION,
      EnumSet.of(Verdict.IMAGE)),
  /// A number that a question grants, and there are more or fewer.
  FALSE_COUNT(
      "premise: false count",
      "a number that a question takes for granted, and there are more or fewer",
      Side.QUESTION,
      Flags.ALL);

  /// What a wrong word should be called.
  private static final class Flags {
    static final Set<Verdict> ALL = EnumSet.of(Verdict.CONTRADICTED, Verdict.UNSUPPORTED);
  }

  /// Whose word it is, and whether it is right.
  enum Side {
    FORM,
    RIGHT,
    WRONG,
    /// Not the model's own, and wrong.
    GIVEN,
    /// Of the question.
    QUESTION
  }

  private final String words;
  private final String meaning;
  private final Side side;
  private final Set<Verdict> due;

  Truth(String words, String meaning, Side side, Set<Verdict> due) {
    this.words = words;
    this.meaning = meaning;
    this.side = side;
    this.due = due;
  }

  /// The name in results.
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// As a reader sees it.
  String words() {
    return words;
  }

  /// What such a word is, and what it should be called.
  String meaning() {
    return meaning
        + "; should be "
        + due.stream().map(Verdict::words).collect(Collectors.joining(" or "));
  }

  Side side() {
    return side;
  }

  /// Whether a verdict is the one that such a word should get.
  boolean isDue(String verdict) {
    return due.stream().anyMatch(one -> one.label().equals(verdict));
  }
}
