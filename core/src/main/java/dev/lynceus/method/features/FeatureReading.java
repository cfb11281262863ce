package dev.lynceus.method.features;

import dev.lynceus.method.Explanation.Word;
import dev.lynceus.method.Finding;
import dev.lynceus.method.LogitLens;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.Target;
import dev.lynceus.method.Unit;
import dev.lynceus.method.Words;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What features of an autoencoder are on in a question about a picture, what they read and write,
/// and what becomes of a word of the answer without each: the causal twin of what is seen, beside
/// random directions of the same length at the same places.
///
/// @param layer whose states are read
/// @param features that are on anywhere
/// @param states that were read
/// @param unexplained share of the variance of these states that the autoencoder does not tell
/// @param word of the answer
/// @param logProbability of it
/// @param strongest features, by what they add to states altogether
public record FeatureReading(
    int layer,
    int features,
    int states,
    double unexplained,
    String word,
    @Unit("nats") double logProbability,
    List<Feature> strongest)
    implements Finding {
  public FeatureReading {
    strongest = List.copyOf(strongest);
  }

  /// A feature.
  ///
  /// @param number in the autoencoder
  /// @param sum over all states
  /// @param most of one state
  /// @param at the values, one for each state, in the order of positions
  /// @param raises words that its direction raises most, through the unembedding
  /// @param lowers words that it lowers most
  /// @param without change of the log probability of the word where it is taken out
  /// @param random the same for random directions of the same length
  // Plain numbers; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Feature(
      int number,
      double sum,
      double most,
      double[] at,
      List<Word> raises,
      List<Word> lowers,
      @Unit("nats") double without,
      @Unit("nats") List<Double> random) {
    public Feature {
      raises = List.copyOf(raises);
      lowers = List.copyOf(lowers);
      random = List.copyOf(random);
    }

    /// Mean of the random ones; NaN without.
    public double randomMean() {
      return random.stream().mapToDouble(one -> one).average().orElse(Double.NaN);
    }

    /// Whether the word loses more without it than with any random direction taken out.
    boolean isNeeded() {
      return without < -LEAST && random.stream().allMatch(one -> one > without);
    }
  }

  /// A loss below this is next to nothing.
  private static final double LEAST = .1;

  /// What the numbers carry: which features the word needs.
  public String conclusion() {
    List<Feature> needed = strongest.stream().filter(Feature::isNeeded).toList();
    if (strongest.isEmpty()) {
      return "No feature is on.";
    }
    if (needed.isEmpty()) {
      return "The word “%s” needs none of these %d features alone: without any one of them its log probability falls by less than 0.1 nats, or no more than without random directions."
          .formatted(word, strongest.size());
    }
    Feature most = needed.stream().min(Comparator.comparingDouble(Feature::without)).orElseThrow();
    return "“%s” needs %d of these %d features: most of all feature %d, without which it loses %s nats (random directions of the same length: %s)."
        .formatted(
            word,
            needed.size(),
            strongest.size(),
            most.number(),
            Spoken.number(-most.without()),
            most.random().isEmpty() ? "not tried" : Spoken.signed(most.randomMean()));
  }

  /// What is asked for.
  ///
  /// @param count of features
  /// @param words of each
  /// @param randoms random directions beside each
  /// @param seed of these
  public record Plan(int count, int words, int randoms, long seed) {}

  /// Reads the features of a prompt.
  ///
  /// @param target one word, at the last row of the prompt
  public static FeatureReading of(
      LoadedModel model,
      Prompt prompt,
      Target target,
      SparseAutoencoder sae,
      SaeStates which,
      Plan plan,
      Progress progress) {
    int[] positions = which.positions(prompt);
    try (Run run = model.run(prompt, which.capture());
        Scope scope = Scope.open()) {
      Tensor states = which.of(run, positions);
      Tensor on = sae.encode(states);
      double rest = sae.decode(on).sub(states).square().sum().item();
      double spread = states.sub(states.mean(0)).square().sum().item();
      float[] sums = on.sum(0).toFloats();
      List<Integer> order = new ArrayList<>();
      for (int j = 0; j < sums.length; j++) {
        if (sums[j] > 0) {
          order.add(j);
        }
      }
      order.sort(Comparator.comparingDouble(j -> -sums[j]));
      double clean = log(run, target);
      List<Feature> found = new ArrayList<>();
      for (int j : order.subList(0, Math.min(plan.count(), order.size()))) {
        progress.step("features", found.size(), Math.min(plan.count(), order.size()));
        try (Scope inner = Scope.open()) {
          Tensor values = on.select(1, j).contiguous();
          Tensor direction = sae.direction(j);
          double length = Math.sqrt(direction.square().sum().item());
          List<Double> random = new ArrayList<>();
          for (int i = 0; i < plan.randoms(); i++) {
            Tensor drawn = Torch.randn(plan.seed() + 31L * j + i, direction.size(0));
            Tensor other = drawn.mul(length / Math.sqrt(drawn.square().sum().item()));
            random.add(log(model, prompt, which, positions, values, other, target) - clean);
          }
          found.add(
              new Feature(
                  j,
                  sums[j],
                  values.max().item(),
                  values.toDoubles(),
                  words(model, direction, plan.words(), 1),
                  words(model, direction, plan.words(), -1),
                  log(model, prompt, which, positions, values, direction, target) - clean,
                  random));
        }
      }
      return new FeatureReading(
          which.layer(),
          order.size(),
          positions.length,
          rest / spread,
          target.text(),
          clean,
          found);
    }
  }

  /// The words that a direction speaks for most: its product with the rows of the unembedding, each
  /// number weighted as the last norm weights it.
  private static List<Word> words(LoadedModel model, Tensor direction, int count, double sign) {
    TextStack decoder = model.model().decoder();
    Tensor logits =
        new LogitLens(LogitLens.Normalization.OWN)
            .logits(decoder, direction.mul(sign).unsqueeze(0).to(model.computeType()));
    return new Words(model.tokenizer()).top(logits.to(DType.FLOAT32), count).getFirst();
  }

  /// The log probability of a word where at each position as much of a direction is taken out as a
  /// feature holds there.
  private static double log(
      LoadedModel model,
      Prompt prompt,
      SaeStates which,
      int[] positions,
      Tensor values,
      Tensor direction,
      Target target) {
    Tensor taken = values.unsqueeze(1).matmul(direction.unsqueeze(0)).to(model.computeType());
    Intervention change =
        Intervention.at(
                Point.RESID_POST, which.layer(), new Op.Add(Values.of(taken.unsqueeze(0)), -1))
            .at(Positions.of(positions));
    try (Run changed = model.run(prompt, Capture.NONE, change)) {
      return log(changed, target);
    }
  }

  private static double log(Run run, Target target) {
    try (Scope scope = Scope.open()) {
      return Torch.logSoftmax(run.logits().reshape(-1).to(DType.FLOAT64), 0)
          .toDoubles()[target.ids()[0]];
    }
  }
}
