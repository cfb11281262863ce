package dev.lynceus.method.reader;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Passages;
import dev.lynceus.run.Piece;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The answer to a question that a passage holds, by the procedure of SQuAD: the passage is read in
/// windows; every piece of a window that ends no earlier than it begins, and is not too long, has
/// the logit of its beginning plus that of its end as its score; the best pieces of all windows are
/// ranked. What the first position says, `[CLS]`, is the score of no answer: the least of all
/// windows.
///
/// @param answers best first; `text` of the first is the answer
/// @param nullScore score of no answer
/// @param none whether no answer was given, as its score passes that of the best piece by more than
///   allowed
/// @param windows that the passage was read in
public record PassageReading(List<Answer> answers, double nullScore, boolean none, int windows) {

  /// Pieces that share the probability.
  private static final int RANKED = 20;

  public PassageReading {
    answers = List.copyOf(answers);
  }

  /// How a passage is read.
  ///
  /// @param length most positions of a window
  /// @param overlap tokens of the passage that windows have in common; at most half a window
  /// @param longest most tokens of an answer
  /// @param threshold by how much the score of no answer has to pass the best one; empty = there is
  ///   always an answer
  public record Options(int length, int overlap, int longest, Optional<Double> threshold) {
    /// As the field reads SQuAD: windows of 384 that have 128 tokens in common, answers of at most
    /// 30, always one.
    public static final Options DEFAULT = new Options(384, 128, 30, Optional.empty());

    public Options {
      if (length < 1 || overlap < 0 || longest < 1) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "windows of %d with %d in common, answers of at most %d"
                .formatted(length, overlap, longest),
            "Use a length and an answer of 1 or more, and 0 or more in common.");
      }
    }

    /// The windows of a passage.
    ///
    /// @throws LynceusException UNSUPPORTED_MODEL, BAD_REQUEST
    public List<Passages.Window> windows(LoadedModel model, String question, String passage) {
      int most = Math.min(length, model.model().decoder().config().maxPositions());
      return model.passages().windows(question, passage, most, Math.min(overlap, most / 2));
    }
  }

  /// A piece of the passage.
  ///
  /// @param text as the passage has it
  /// @param start its first character, counted in code points
  /// @param end the character after its last
  /// @param score logit of its beginning plus that of its end
  /// @param probability among the best twenty, and no answer where that is allowed: a softmax of
  ///   their scores
  /// @param inWindow `p(start) p(end)` in its window, each a softmax over all positions
  /// @param window number of the window
  public record Answer(
      String text,
      int start,
      int end,
      double score,
      double probability,
      double inWindow,
      int window) {}

  /// Reads a passage.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL for a model that does not answer with a piece of a
  ///   passage; BAD_REQUEST for a question that leaves no room; CANCELLED
  public static PassageReading of(
      LoadedModel model, String question, String passage, Options options, Progress progress) {
    List<Passages.Window> windows = options.windows(model, question, passage);
    List<Answer> found = new ArrayList<>();
    double nullScore = Double.POSITIVE_INFINITY;
    for (int w = 0; w < windows.size(); w++) {
      if (progress.cancelled()) {
        throw new LynceusException(
            ErrorCode.CANCELLED,
            "stopped after %d of %d windows".formatted(w, windows.size()),
            "Run it again to begin anew.");
      }
      progress.at("reading windows", w, windows.size());
      Passages.Window window = windows.get(w);
      SpanScores scores;
      try (Run run = model.run(window.prompt(), Capture.of(Capture.request(Point.LOGITS)))) {
        scores = SpanScores.of(run.get(Point.LOGITS, 0));
      }
      nullScore = Math.min(nullScore, scores.score(new Piece(0, 0)));
      for (SpanScores.Scored one : scores.best(window.prompt().tokens(), RANKED, options.longest)) {
        found.add(answer(window, w, one, scores));
      }
    }
    List<Answer> best =
        found.stream()
            .sorted(Comparator.comparingDouble(one -> -one.score))
            .filter(new Unseen()::test)
            .limit(RANKED)
            .toList();
    boolean none =
        options.threshold.isPresent()
            && nullScore - best.getFirst().score > options.threshold.get();
    return new PassageReading(
        shared(best, options.threshold.isPresent() ? nullScore : Double.NEGATIVE_INFINITY),
        nullScore,
        none,
        windows.size());
  }

  /// Windows that overlap find some pieces twice: the better score counts.
  private static final class Unseen {
    private final Set<List<Integer>> seen = new HashSet<>();

    boolean test(Answer one) {
      return seen.add(List.of(one.start, one.end));
    }
  }

  private static Answer answer(
      Passages.Window window, int number, SpanScores.Scored one, SpanScores scores) {
    Piece piece = one.piece();
    String passage = window.prompt().text();
    int start = window.tokens().get(piece.start()).start();
    int end = window.tokens().get(piece.end()).end();
    return new Answer(
        passage.substring(start, end),
        passage.codePointCount(0, start),
        passage.codePointCount(0, end),
        one.score(),
        0,
        Math.exp(scores.logProbability(piece)),
        number);
  }

  private static List<Answer> shared(List<Answer> best, double nullScore) {
    double largest = Math.max(nullScore, best.getFirst().score);
    double sum = Math.exp(nullScore - largest);
    for (Answer one : best) {
      sum += Math.exp(one.score - largest);
    }
    double all = sum;
    return best.stream()
        .map(one ->
            new Answer(
                one.text,
                one.start,
                one.end,
                one.score,
                Math.exp(one.score - largest) / all,
                one.inWindow,
                one.window))
        .toList();
  }

  /// The answer; empty where none was given.
  public String answer() {
    return none ? "" : answers.getFirst().text;
  }
}
