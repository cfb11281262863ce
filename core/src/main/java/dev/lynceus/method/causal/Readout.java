package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.run.Reader;
import dev.lynceus.run.Run;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.OptionalInt;

/// What is measured of every changed run: one token at the last row against another, beside the
/// clean distribution. To measure a later word of an answer, let the prompt go on up to it.
///
/// @param id the token
/// @param against the token that it is compared with in the logit difference
/// @param clean log probabilities of the clean run, `[vocabulary]`, float64
public record Readout(int id, int against, double[] clean) {

  /// A readout of a clean run of one prompt.
  ///
  /// @param id the token; empty = the most probable one
  /// @param against the other; empty = the most probable one beside `id`
  /// @throws LynceusException BAD_REQUEST for a batch, or if both tokens are one
  public static Readout of(Run clean, OptionalInt id, OptionalInt against) {
    if (clean.batch().size() != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a batch of %d prompts is not measured at once".formatted(clean.batch().size()),
          "Give one prompt.");
    }
    try (Scope scope = Scope.open()) {
      double[] logs = logProbabilities(clean.logits()).toDoubles();
      int first = id.orElseGet(() -> best(logs, -1));
      int second = against.orElseGet(() -> best(logs, first));
      if (first == second) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "token " + first + " is compared with itself",
            "Choose two different words.");
      }
      return new Readout(first, second, logs);
    }
  }

  /// What is differentiated for a metric of a run. The slope of the probability is that of its
  /// logarithm times the probability.
  ///
  /// @throws LynceusException BAD_REQUEST for the divergence, which is flat at the clean run
  Objective objective(Run run, Measures.Metric metric) {
    int row = run.batch().last(0);
    return switch (metric) {
      case PROBABILITY, LOG_PROBABILITY ->
          new Objective(Target.token("", row, id), Objective.Score.LOG_PROBABILITY);
      case LOGIT -> new Objective(Target.token("", row, id), Objective.Score.LOGIT);
      case LOGIT_DIFFERENCE ->
          new Objective(Target.contrast("", row, id, against), Objective.Score.LOGIT);
      case DIVERGENCE ->
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "the divergence has no slope at the clean run, so it is not estimated by one",
              "Use --metric log-probability, probability, logit or logit-difference.");
    };
  }

  /// Reads these numbers of every replay.
  Reader reader() {
    return new Reader.Logits(logits -> of(logits).numbers());
  }

  /// The numbers of a run.
  public Measures of(Run run) {
    return of(run.logits());
  }

  private Measures of(Tensor logits) {
    try (Scope scope = Scope.open()) {
      Tensor wide = logits.to(DType.FLOAT64).reshape(-1);
      Tensor logs = logProbabilities(logits);
      Tensor own = Tensor.of(clean, clean.length);
      double divergence = own.exp().mul(own.sub(logs)).sum().item();
      double log = logs.narrow(0, id, 1).item();
      double logit = wide.narrow(0, id, 1).item();
      return new Measures(
          Math.exp(log), log, logit, logit - wide.narrow(0, against, 1).item(), divergence);
    }
  }

  private static Tensor logProbabilities(Tensor logits) {
    return Torch.logSoftmax(logits.to(DType.FLOAT64).reshape(-1), 0);
  }

  private static int best(double[] numbers, int except) {
    int best = -1;
    for (int i = 0; i < numbers.length; i++) {
      if (i != except && (best < 0 || numbers[i] > numbers[best])) {
        best = i;
      }
    }
    return best;
  }
}
