package dev.lynceus.run;

import dev.lynceus.model.stack.Branch;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// How probable given answers are: each is put after the prompt token by token (teacher forcing).
/// The prompt is passed once, and its keys and values serve all answers, which go through the model
/// side by side.
///
/// @param scores one for each answer, in the order they were given
public record Candidates(List<Score> scores) {
  /// Positions of one pass, the prompt's own counted for each answer: more would only need memory.
  private static final int MOST_POSITIONS = 1 << 14;

  /// Whether an answer also has to end.
  public enum Ending {
    /// Whatever comes after it.
    OPEN,
    /// What comes after it is a token that ends answers: the sum of their probabilities counts as
    /// one token more.
    CLOSED
  }

  /// How the tokens of an answer become one number.
  public enum By {
    /// Log probability of the whole answer; long answers have less of it.
    SUM,
    /// Log probability for each token.
    MEAN
  }

  /// One answer.
  ///
  /// @param text as it was given
  /// @param ids its tokens
  /// @param logProbabilities of its tokens, and of the end after them where that was asked for;
  ///   natural logarithms, before any setting of the checkpoint
  // Plain numbers; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Score(String text, int[] ids, double[] logProbabilities) {
    /// As one number.
    public double by(By by) {
      double sum = Arrays.stream(logProbabilities).sum();
      return switch (by) {
        case SUM -> sum;
        case MEAN -> sum / logProbabilities.length;
      };
    }
  }

  public Candidates {
    scores = List.copyOf(scores);
  }

  /// Scores answers.
  ///
  /// @param prompt of one row; its answer begins here
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST for a blank answer; UNSUPPORTED_MODEL
  ///   for a model that writes nothing
  public static Candidates of(LoadedModel model, Prompt prompt, List<String> answers, Ending end) {
    try (Run run = model.run(prompt, Capture.NONE)) {
      return of(run, answers, end);
    }
  }

  /// The same after a prompt that was passed already, with the changes that were made there.
  ///
  /// @param run of one row, whose keys and values are there
  public static Candidates of(Run run, List<String> answers, Ending end) {
    LoadedModel model = run.model();
    if (Passages.are(model.model())) {
      throw Passages.refused(model.model());
    }
    List<int[]> ids = new ArrayList<>();
    for (String answer : answers) {
      int[] own = model.tokenizer().wordIds(answer).stream().mapToInt(Integer::intValue).toArray();
      ids.add(own);
    }
    int longest = ids.stream().mapToInt(own -> own.length).max().orElse(0);
    int together = Math.max(1, MOST_POSITIONS / (run.batch().length() + longest));
    List<Score> scores = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += together) {
      int to = Math.min(ids.size(), from + together);
      scores.addAll(score(run, answers.subList(from, to), ids.subList(from, to), end));
    }
    return new Candidates(scores);
  }

  private static List<Score> score(Run run, List<String> answers, List<int[]> ids, Ending end) {
    LoadedModel model = run.model();
    // The last token is predicted, not passed, unless what follows it counts too.
    int behind = end == Ending.CLOSED ? 0 : 1;
    int passed = ids.stream().mapToInt(own -> own.length - behind).max().orElse(0);
    List<Score> scores = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      double[] first = logProbabilities(run.logits());
      Tensor rest = passed == 0 ? null : logits(run, ids, behind);
      for (int row = 0; row < ids.size(); row++) {
        int[] own = ids.get(row);
        double[] logs = new double[own.length + (end == Ending.CLOSED ? 1 : 0)];
        logs[0] = first[own[0]];
        for (int at = 1; at < logs.length; at++) {
          try (Scope step = Scope.open()) {
            Tensor after = Objects.requireNonNull(rest).select(0, row).select(0, at - 1);
            double[] all = logProbabilities(after.unsqueeze(0));
            logs[at] = at < own.length ? all[own[at]] : ended(model, all);
          }
        }
        scores.add(new Score(answers.get(row), own, logs));
      }
    }
    return scores;
  }

  /// Logits after each token of the answers, `[answer, token, vocabulary]`; after the end of a
  /// shorter answer they mean nothing.
  private static Tensor logits(Run run, List<int[]> ids, int behind) {
    LoadedModel model = run.model();
    Prompt prompt = run.batch().prompts().getFirst();
    int start = run.batch().length();
    Batch batch =
        Batch.of(
            ids.stream()
                .map(own -> prompt.withAnswer(Arrays.copyOf(own, own.length - behind)))
                .toList(),
            Batch.Padding.RIGHT,
            model.padId());
    Passes passes = model.passes();
    Standing standing = Standing.of(batch, model.model());
    Tap tap = Tap.of(Capture.NONE, run.interventions(), batch.labels(model.model()));
    tap.begin(start);
    Tensor x = passes.embed(batch.ids(), standing, start, tap);
    Entering entering = new Entering(x, List.of(), run.entering().memory(ids.size()));
    try (Branch past = new Branch(run.cache(), start, ids.size())) {
      Tensor hidden =
          passes.forward(
              entering,
              Passes.Span.from(
                  batch.valid(), standing, null, start, model.model().decoder().config()),
              past,
              tap);
      long rows = hidden.size(0);
      long length = hidden.size(1);
      Tensor last = model.model().decoder().logits(hidden, tap);
      if (last.size(1) == length) {
        return last;
      }
      // Each position as if it were the last.
      Tensor each = hidden.reshape(rows * length, 1, hidden.size(2));
      return model.model().decoder().logits(each, Tap.idle()).reshape(rows, length, last.size(2));
    }
  }

  private static double ended(LoadedModel model, double[] logs) {
    double sum = 0;
    for (int id : model.settings().ends()) {
      sum += Math.exp(logs[id]);
    }
    return Math.log(sum);
  }

  /// @param logits `[1, vocabulary]`
  private static double[] logProbabilities(Tensor logits) {
    return Torch.logSoftmax(logits.to(DType.FLOAT64), -1).toDoubles();
  }

  /// The probability of each answer among these alone: softmax of their numbers.
  public double[] among(By by) {
    double[] values = scores.stream().mapToDouble(score -> score.by(by)).toArray();
    double top = Arrays.stream(values).max().orElse(0);
    double sum = Arrays.stream(values).map(value -> Math.exp(value - top)).sum();
    return Arrays.stream(values).map(value -> Math.exp(value - top) / sum).toArray();
  }

  /// The number of the most probable answer; the first of equals.
  public int best(By by) {
    int best = 0;
    for (int i = 1; i < scores.size(); i++) {
      best = scores.get(i).by(by) > scores.get(best).by(by) ? i : best;
    }
    return best;
  }
}
