package dev.lynceus.lab.describe;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.Candidates;
import java.util.List;

/// How a picture is described.
///
/// @param loops questions that refine the description; published: 1
/// @param keep what becomes of the description so far
/// @param labels what is decided among; empty: the answers that are said
/// @param by how the tokens of a label become one number
/// @param seed of draws
/// @param description to begin with; empty to ask for one
/// @param questions to ask in the first rounds, in the place of the model's
/// @param shots worked examples that are shown, of a pool
/// @param selecting how they are chosen
public record DescribeSettings(
    int loops,
    Refining.Keep keep,
    List<String> labels,
    Candidates.By by,
    long seed,
    String description,
    List<String> questions,
    int shots,
    Selecting selecting) {
  /// Most worked examples.
  public static final int MOST_SHOTS = 8;

  /// One loop, both descriptions kept, no examples.
  public static final DescribeSettings USUAL =
      new DescribeSettings(
          1,
          Refining.Keep.BOTH,
          List.of(),
          Candidates.By.SUM,
          0,
          "",
          List.of(),
          4,
          new Selecting(Selecting.By.MIXED, 1, 0));

  public DescribeSettings {
    labels = List.copyOf(labels);
    questions = List.copyOf(questions);
    requires(
        loops >= 0 && loops <= Refining.MOST, loops + " loops", "Use 0 to " + Refining.MOST + ".");
    requires(
        shots >= 0 && shots <= MOST_SHOTS, shots + " examples", "Use 0 to " + MOST_SHOTS + ".");
    requires(
        labels.size() != 1 && labels.stream().noneMatch(String::isBlank),
        "one candidate, or one without words",
        "Give at least two, none of them empty.");
    requires(
        labels.stream().distinct().count() == labels.size(),
        "the same candidate twice",
        "Give each once.");
    requires(
        questions.stream().noneMatch(String::isBlank),
        "an empty question",
        "Write it, or leave it out.");
  }

  private static void requires(boolean right, String wrong, String next) {
    if (!right) {
      throw new LynceusException(ErrorCode.BAD_REQUEST, wrong, next);
    }
  }

  /// The same with other labels.
  public DescribeSettings withLabels(List<String> others) {
    return new DescribeSettings(
        loops, keep, others, by, seed, description, questions, shots, selecting);
  }

  /// The same with another number of loops.
  public DescribeSettings withLoops(int other) {
    return new DescribeSettings(
        other, keep, labels, by, seed, description, questions, shots, selecting);
  }

  /// The same with another description to begin with, and other questions.
  public DescribeSettings withWords(String first, List<String> asked) {
    return new DescribeSettings(loops, keep, labels, by, seed, first, asked, shots, selecting);
  }

  /// The same with another number of examples.
  public DescribeSettings withShots(int other) {
    return new DescribeSettings(
        loops, keep, labels, by, seed, description, questions, other, selecting);
  }
}
