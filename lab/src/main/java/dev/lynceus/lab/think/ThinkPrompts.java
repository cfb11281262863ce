package dev.lynceus.lab.think;

import dev.lynceus.lab.strategy.Wordings;
import java.util.List;

/// The prompts of thinking in pictures.
public final class ThinkPrompts {
  /// Asks for the answer alone.
  static final String DIRECT = "direct";

  /// Asks for thoughts in words, the usual chain.
  static final String CHAIN = "chain";

  /// Asks for the answer after them.
  static final String CHAINED = "chained";

  /// Asks for a plan.
  static final String PLAN = "plan";

  /// Asks for a plan again, with what was wrong.
  static final String REPAIR = "repair";

  /// Asks for one operation, for plans that are chosen.
  static final String OPERATION = "operation";

  /// Asks what the picture of a step shows.
  static final String READ = "read";

  /// Asks for the answer from all that was read.
  static final String ANSWER = "answer";

  /// All of them.
  public static final List<Wordings.Step> STEPS =
      List.of(
          new Wordings.Step(
              DIRECT,
              List.of("question"),
              "{question}\nAnswer in a word or a short phrase.",
              "{question}"),
          new Wordings.Step(
              CHAIN,
              List.of("question"),
              "{question}\nThink step by step, in words. Do not give the answer yet.",
              "Describe the image."),
          new Wordings.Step(
              CHAINED,
              List.of("question", "thoughts"),
              "{question}\nThoughts: {thoughts}\nAnswer in a word or a short phrase.",
              "{thoughts} {question}"),
          new Wordings.Step(
              PLAN,
              List.of("question", "operations", "width", "height"),
              "Question about the picture ({width} x {height} pixels): {question}\n"
                  + "Plan at most 4 steps that each make a picture which helps to answer it. Operations:"
                  + " {operations}. Write only a JSON list like"
                  + " [{\"goal\": \"see the car alone\", \"op\": \"crop\", \"args\": {\"box\": [10, 20, 80, 90]},"
                  + " \"expect\": \"its colour\"}]. A box is [left, upper, right, lower] in pixels, or \"map\".",
              "{question}"),
          new Wordings.Step(
              REPAIR,
              List.of("question", "operations", "width", "height", "plan", "wrong"),
              "This plan cannot be read: {wrong}.\n{plan}\nWrite it again as a JSON list of at most 4"
                  + " steps with goal, op, args and expect. Operations: {operations}.",
              "{question}"),
          new Wordings.Step(
              OPERATION,
              List.of("question", "operations", "before"),
              "Question about the picture: {question}\nOperations: {operations}.\nDone so far:"
                  + " {before}.\nThe next operation that helps most is",
              "{question}"),
          new Wordings.Step(
              READ,
              List.of("question", "goal", "expect", "tool", "says"),
              "This picture was made from another one: {tool}. {says}\nGoal: {goal}\nWhat does it show"
                  + " that helps to answer: {question} Answer in one sentence.",
              "{question}"),
          new Wordings.Step(
              ANSWER,
              List.of("question", "read"),
              "{read}\n{question}\nAnswer in a word or a short phrase.",
              "{read} {question}"));

  private ThinkPrompts() {}
}
