package dev.lynceus.lab.hallucination;

import dev.lynceus.method.score.Share;
import java.util.ArrayList;
import java.util.List;

/// How a model answers whether things are there.
///
/// @param setting how absent things were chosen
/// @param accuracy right answers
/// @param precision of the things that it says are there, those that are
/// @param recall of the things that are there, those that it says are
/// @param f1 harmonic mean of both; NaN where neither is above 0
/// @param saidYes answers that are yes
/// @param yesBias that share less the share that should be; 0 is none
/// @param ece expected calibration error (Guo and others, arXiv 1706.04599): mean over bins of
///   confidence of the distance between confidence and share of right answers, by their size
/// @param bins ten, of the probability of the answer that is given, from 0.5 to 1
public record PresenceScores(
    String setting,
    Share accuracy,
    Share precision,
    Share recall,
    double f1,
    Share saidYes,
    double yesBias,
    double ece,
    List<Bin> bins) {
  private static final int BINS = 10;

  public PresenceScores {
    bins = List.copyOf(bins);
  }

  /// An answer.
  ///
  /// @param there whether yes is right
  /// @param yes probability of yes among yes and no, 0 to 1; from 0.5 the answer is yes
  public record Answered(boolean there, double yes) {
    boolean saysYes() {
      return yes >= .5;
    }

    boolean right() {
      return saysYes() == there;
    }

    double confidence() {
      return Math.max(yes, 1 - yes);
    }
  }

  /// Answers of about one confidence.
  ///
  /// @param from least confidence
  /// @param to largest, left out but in the last bin
  /// @param answers how many
  /// @param confidence mean of theirs; NaN without answers
  /// @param right share of right ones; NaN without answers
  public record Bin(double from, double to, int answers, double confidence, double right) {}

  /// Scores of some answers.
  public static PresenceScores of(String setting, List<Answered> answers) {
    int right = count(answers, Answered::right);
    int yes = count(answers, Answered::saysYes);
    int there = count(answers, Answered::there);
    int hits = count(answers, one -> one.there() && one.saysYes());
    Share precision = Share.of(hits, yes);
    Share recall = Share.of(hits, there);
    List<Bin> bins = new ArrayList<>();
    double error = 0;
    for (int b = 0; b < BINS; b++) {
      double from = .5 + .5 * b / BINS;
      double to = .5 + .5 * (b + 1) / BINS;
      boolean last = b == BINS - 1;
      List<Answered> own =
          answers.stream()
              .filter(one -> one.confidence() >= from && (last || one.confidence() < to))
              .toList();
      double confidence =
          own.stream().mapToDouble(Answered::confidence).average().orElse(Double.NaN);
      double share = own.isEmpty() ? Double.NaN : count(own, Answered::right) / (double) own.size();
      bins.add(new Bin(from, to, own.size(), confidence, share));
      error += own.isEmpty() ? 0 : own.size() * Math.abs(confidence - share) / answers.size();
    }
    Share saidYes = Share.of(yes, answers.size());
    return new PresenceScores(
        setting,
        Share.of(right, answers.size()),
        precision,
        recall,
        hits == 0 ? Double.NaN : 2.0 * hits / (yes + there),
        saidYes,
        (yes - there) / (double) answers.size(),
        error,
        bins);
  }

  private static int count(List<Answered> answers, java.util.function.Predicate<Answered> which) {
    return (int) answers.stream().filter(which).count();
  }
}
