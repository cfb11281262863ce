package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.run.Layers;
import dev.lynceus.run.Reader;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// What is measured of every changed run: one token at the last row against another, beside the
/// clean distribution; or a whole answer that the prompt goes on with, each of its tokens after
/// those before it, whose log probabilities, logits, logit differences and divergences are summed.
/// To measure a later word of an answer, let the prompt go on up to it.
///
/// @param spots one for each token, in order; the last at the last row
public record Readout(List<Spot> spots) {

  /// One token.
  ///
  /// @param row position whose output predicts it
  /// @param against the token that it is compared with in the logit difference
  /// @param clean log probabilities of the clean run, `[vocabulary]`, float64
  // Numbers for arithmetic; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Spot(int row, int id, int against, double[] clean) {}

  public Readout {
    spots = List.copyOf(spots);
  }

  /// A readout of a clean run of one prompt.
  ///
  /// @param id the token; empty = the most probable one
  /// @param against the other; empty = the most probable one beside `id`
  /// @throws LynceusException BAD_REQUEST for a batch, or if both tokens are one
  public static Readout of(Run clean, OptionalInt id, OptionalInt against) {
    alone(clean);
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
      return new Readout(List.of(new Spot(clean.batch().answering(0), first, second, logs)));
    }
  }

  /// A readout of a whole answer. Each token is compared with the most probable other one.
  ///
  /// @param clean a run of the prompt and all tokens of the answer but the last; kept what leaves
  ///   the last layer at all positions
  /// @throws LynceusException BAD_REQUEST for a batch, or an empty answer
  public static Readout answer(Run clean, int[] ids) {
    alone(clean);
    if (ids.length == 0 || ids.length > clean.batch().length()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "the answer to measure is empty", "Give a text with words.");
    }
    int first = clean.batch().answering(0) - ids.length + 1;
    int[] rows = IntStream.range(first, first + ids.length).toArray();
    List<Spot> spots = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      Tensor logits = logits(clean, rows);
      for (int i = 0; i < ids.length; i++) {
        double[] logs = logProbabilities(logits.select(1, i)).toDoubles();
        spots.add(new Spot(rows[i], ids[i], best(logs, ids[i]), logs));
      }
    }
    return new Readout(spots);
  }

  private static void alone(Run clean) {
    if (clean.batch().size() != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a batch of %d prompts is not measured at once".formatted(clean.batch().size()),
          "Give one prompt.");
    }
  }

  /// The first token.
  public int id() {
    return spots.getFirst().id;
  }

  /// What the first token is compared with.
  public int against() {
    return spots.getFirst().against;
  }

  /// What is differentiated for a metric of a run. The slope of the probability is that of its
  /// logarithm times the probability.
  ///
  /// @throws LynceusException BAD_REQUEST for the divergence, which is flat at the clean run
  Objective objective(Measures.Metric metric) {
    return switch (metric) {
      case PROBABILITY, LOG_PROBABILITY ->
          Objective.of(target(false), Objective.Score.LOG_PROBABILITY);
      case LOGIT -> Objective.of(target(false), Objective.Score.LOGIT);
      case LOGIT_DIFFERENCE -> Objective.of(target(true), Objective.Score.LOGIT);
      case DIVERGENCE ->
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "the divergence has no slope at the clean run, so it is not estimated by one",
              "Use --metric log-probability, probability, logit or logit-difference.");
    };
  }

  private Target target(boolean contrast) {
    return new Target(
        "",
        spots.stream()
            .map(spot ->
                new Target.Aim(
                    spot.row,
                    spot.id,
                    contrast ? OptionalInt.of(spot.against) : OptionalInt.empty()))
            .toList());
  }

  /// Reads these numbers of every replay of a run.
  Reader reader(Run run) {
    if (spots.size() == 1) {
      return new Reader.Logits(logits -> measured(List.of(logits)).numbers());
    }
    int last = run.model().model().decoder().config().layers() - 1;
    int[] rows = spots.stream().mapToInt(Spot::row).toArray();
    Layers layers = new Layers(run);
    return new Reader.Activations(
        Capture.of(Capture.request(Point.RESID_POST).layers(last).at(Positions.of(rows))),
        kept -> {
          try (Scope scope = Scope.open()) {
            int[] all = IntStream.range(0, rows.length).toArray();
            return measured(split(layers.logits(kept.get(Point.RESID_POST, last), all))).numbers();
          }
        });
  }

  /// The numbers of a run.
  public Measures of(Run run) {
    if (spots.size() == 1) {
      return measured(List.of(run.logits()));
    }
    try (Scope scope = Scope.open()) {
      return measured(split(logits(run, spots.stream().mapToInt(Spot::row).toArray())));
    }
  }

  /// Whether a run has other most probable tokens than these.
  boolean lost(Run run) {
    try (Scope scope = Scope.open()) {
      List<Tensor> logits =
          spots.size() == 1
              ? List.of(run.logits())
              : split(logits(run, spots.stream().mapToInt(Spot::row).toArray()));
      return IntStream.range(0, spots.size())
          .anyMatch(i -> logits.get(i).reshape(-1).argmax(-1).toInts()[0] != spots.get(i).id);
    }
  }

  private static Tensor logits(Run run, int[] rows) {
    int last = run.model().model().decoder().config().layers() - 1;
    return new Layers(run).logits(run.get(Point.RESID_POST, last), rows);
  }

  private static List<Tensor> split(Tensor logits) {
    return IntStream.range(0, (int) logits.size(1)).mapToObj(i -> logits.select(1, i)).toList();
  }

  private Measures measured(List<Tensor> logits) {
    double log = 0;
    double logit = 0;
    double difference = 0;
    double divergence = 0;
    for (int i = 0; i < spots.size(); i++) {
      Spot spot = spots.get(i);
      try (Scope scope = Scope.open()) {
        Tensor wide = logits.get(i).to(DType.FLOAT64).reshape(-1);
        Tensor logs = logProbabilities(logits.get(i));
        Tensor own = Tensor.of(spot.clean, spot.clean.length);
        divergence += own.exp().mul(own.sub(logs)).sum().item();
        log += logs.narrow(0, spot.id, 1).item();
        double one = wide.narrow(0, spot.id, 1).item();
        logit += one;
        difference += one - wide.narrow(0, spot.against, 1).item();
      }
    }
    return new Measures(Math.exp(log), log, logit, difference, divergence);
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
