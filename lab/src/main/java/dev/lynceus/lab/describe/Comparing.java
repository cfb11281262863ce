package dev.lynceus.lab.describe;

import java.util.ArrayList;
import java.util.List;

/// Which of two descriptions is better, step by step and in both orders (chain of comparison, arXiv
/// 2409.13980). A description wins a step only where it does in both orders.
public final class Comparing {
  private Comparing() {}

  /// The steps.
  public enum Step {
    /// What each shows at first sight.
    PERCEPTION("Initial perception: which shows better what is in the picture?"),
    /// What does not fit together.
    INCONGRUITY("Incongruity: which shows better what does not fit together or is unusual?"),
    /// How things are related.
    CONTEXT("Context: which shows better how the things are related?"),
    /// What the question needs.
    QUESTION("Link to the question: which helps more to answer it?");

    private final String words;

    Step(String words) {
      this.words = words;
    }

    /// As it is put to a judge.
    String words() {
      return words;
    }
  }

  /// What a judge says of the description that stands first.
  public enum Verdict {
    /// It is better.
    FIRST,
    /// The other one is better.
    SECOND,
    /// Neither is.
    EQUAL;

    Verdict turned() {
      return switch (this) {
        case FIRST -> SECOND;
        case SECOND -> FIRST;
        case EQUAL -> EQUAL;
      };
    }
  }

  /// Who judges.
  @FunctionalInterface
  public interface Judge {
    /// Which of two is better.
    Verdict judge(Step step, String first, String second);
  }

  /// One step.
  ///
  /// @param step perception, incongruity, context or question
  /// @param inOrder what was said with A first: which is better
  /// @param turned what was said with B first: which is better
  /// @param verdict A, B or equal: A or B only where both orders say so
  /// @param biased whether both orders preferred the same place, whatever stood there
  public record Row(String step, String inOrder, String turned, String verdict, boolean biased) {}

  /// All steps.
  ///
  /// @param a the first description
  /// @param b the second
  /// @param rows one for each step
  /// @param better part of the steps that B wins
  /// @param equal part of the steps that nobody wins
  /// @param worse part of the steps that A wins
  /// @param bias part of the steps in which the place decided
  public record Table(
      String a, String b, List<Row> rows, double better, double equal, double worse, double bias) {}

  /// Compares.
  public static Table of(String a, String b, Judge judge) {
    List<Row> rows = new ArrayList<>();
    for (Step step : Step.values()) {
      Verdict one = judge.judge(step, a, b);
      Verdict other = judge.judge(step, b, a).turned();
      Verdict stable = one == other ? one : Verdict.EQUAL;
      boolean biased = one != Verdict.EQUAL && other == one.turned();
      rows.add(
          new Row(
              step.name().toLowerCase(java.util.Locale.ROOT),
              letter(one),
              letter(other),
              letter(stable),
              biased));
    }
    return new Table(
        a,
        b,
        rows,
        part(rows, "B"),
        part(rows, "equal"),
        part(rows, "A"),
        rows.stream().filter(Row::biased).count() / (double) rows.size());
  }

  private static String letter(Verdict verdict) {
    return switch (verdict) {
      case FIRST -> "A";
      case SECOND -> "B";
      case EQUAL -> "equal";
    };
  }

  private static double part(List<Row> rows, String verdict) {
    return rows.stream().filter(row -> row.verdict.equals(verdict)).count() / (double) rows.size();
  }
}
