package dev.lynceus.method.words;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Adam;
import dev.lynceus.method.PatchViews;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// Fits a head for visual words to what a frozen decoder predicts in the place of patches: the mean
/// of [VisualLoss#PREDICTED_TO_WORDS] is made small by Adam, one picture a step.
///
/// Most models were never trained to predict patches. What a head learns from them then says what
/// they expect there, which need not be what the patches show.
///
/// @param steps pictures that are passed, each any number of times
/// @param rate learning rate of the first step; it falls in a straight line to 0
/// @param seed of the order of pictures
public record VmHeadFit(int steps, double rate, long seed) {
  /// Settings for small models.
  public static final VmHeadFit DEFAULT = new VmHeadFit(1000, 3e-3, 0);

  public VmHeadFit {
    if (steps < 1 || !(rate > 0) || Double.isInfinite(rate)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d steps of rate %s fit no head".formatted(steps, rate),
          "Give at least one step, and a rate above 0.");
    }
  }

  /// How well a head says what a decoder predicts in the place of patches, on pictures that it was
  /// not fitted on.
  ///
  /// @param patches that were read
  /// @param divergence mean of `KL(p || w)`, nats
  /// @param entropy of the predictions themselves, nats: what no head can go below when it is asked
  ///   for their cross-entropy
  /// @param perplexity `exp` of the mean cross-entropy of predictions under visual words
  /// @param uniform the same of a head that holds all words equally probable: the vocabulary
  /// @param unigram the same of one that says of every patch the mean of all predictions
  public record Fit(
      int patches,
      double divergence,
      double entropy,
      double perplexity,
      double uniform,
      double unigram) {}

  /// Fits a head.
  ///
  /// @throws LynceusException BAD_REQUEST without prompts, or for one without a picture;
  ///   UNSUPPORTED_MODEL where nothing predicts patches; CANCELLED
  public VmHead fit(LoadedModel model, List<Prompt> prompts, Progress progress) {
    check(prompts);
    VmHead head = VmHead.zero(model);
    SplittableRandom random = new SplittableRandom(seed);
    try (Learner learner = new Learner(head.weight())) {
      for (int step = 0; step < steps; step++) {
        if (progress.cancelled()) {
          throw new LynceusException(
              ErrorCode.CANCELLED,
              "stopped at step %d of %d".formatted(step, steps),
              "Run it again to begin anew.");
        }
        double now = rate * (steps - step) / steps;
        over(
            model,
            prompts.get(random.nextInt(prompts.size())),
            states -> learner.learn(states.at(0), predicted(states), now));
        progress.at("fitting", step + 1L, steps);
      }
      return head;
    } catch (RuntimeException failure) {
      head.close();
      throw failure;
    }
  }

  /// Steps on the weight of a head.
  static final class Learner implements AutoCloseable {
    private final Tensor weight;
    private final Adam adam;

    /// @param weight `[vocabulary, width]` in float32, which is changed
    Learner(Tensor weight) {
      this.weight = weight;
      this.adam = new Adam(weight);
    }

    /// One step.
    ///
    /// @param states what enters in the place of patches, `[patches, width]`
    /// @param target logits to be said of them, `[patches, vocabulary]`
    void learn(Tensor states, Tensor target, double rate) {
      try (Scope scope = Scope.open()) {
        Tensor h = states.to(DType.FLOAT32);
        Tensor said = Torch.linear(h, weight, null);
        Tensor slope = VisualLoss.PREDICTED_TO_WORDS.slope(target.to(DType.FLOAT32), said);
        adam.step(slope.t().matmul(h), rate);
      }
    }

    @Override
    public void close() {
      adam.close();
    }
  }

  /// Tries a head on pictures.
  ///
  /// @throws LynceusException as [#fit]
  public static Fit tried(LoadedModel model, VmHead head, List<Prompt> prompts, Progress progress) {
    check(prompts);
    double[] sums = new double[3];
    int[] count = new int[1];
    try (Scope scope = Scope.open()) {
      long vocabulary = head.weight().size(0);
      Tensor total = Torch.zeros(DType.FLOAT64, vocabulary);
      for (int i = 0; i < prompts.size(); i++) {
        over(
            model,
            prompts.get(i),
            states -> {
              Tensor z = predicted(states);
              Tensor p = Torch.logSoftmax(z.to(DType.FLOAT64), 1);
              Tensor divergence = VisualLoss.PREDICTED_TO_WORDS.each(z, head.logits(states.at(0)));
              double entropy = -p.exp().mul(p.clampMin(-1e30)).sum().item();
              sums[0] += divergence.sum().item();
              sums[1] += entropy;
              count[0] += (int) p.size(0);
              total.add_(p.exp().sum(0), 1);
            });
        progress.at("held-out pictures", i + 1L, prompts.size());
      }
      Tensor unigram = total.div((double) count[0]);
      // The cross-entropy of all predictions under their mean is the entropy of the mean.
      double mean = -unigram.mul(unigram.clampMin(1e-300).log()).sum().item();
      double divergence = sums[0] / count[0];
      double entropy = sums[1] / count[0];
      return new Fit(
          count[0],
          divergence,
          entropy,
          Math.exp(divergence + entropy),
          vocabulary,
          Math.exp(mean));
    }
  }

  /// What the decoder predicts in the place of patches, as logits.
  private static Tensor predicted(PatchStates states) {
    return states.decoder().weights().head().apply(states.decoder().finished(states.before()));
  }

  private static void over(LoadedModel model, Prompt prompt, Consumer<PatchStates> work) {
    int[] positions =
        PatchViews.of(model, prompt, "to fit a head on").stream()
            .flatMapToInt(view -> Arrays.stream(view.positions()))
            .toArray();
    PatchViews.requireAmongWords(model.model(), "visual words");
    try (Run run = model.run(prompt, PatchStates.capture(model.model().decoder().config()));
        Scope scope = Scope.open()) {
      work.accept(new PatchStates(run, positions));
    }
  }

  private static void check(List<Prompt> prompts) {
    if (prompts.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "there is no picture to fit a head on", "Give a few hundred.");
    }
  }
}
