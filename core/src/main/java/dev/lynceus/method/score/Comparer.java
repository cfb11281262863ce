package dev.lynceus.method.score;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.SeeingHeadStore;
import dev.lynceus.method.Target;
import dev.lynceus.method.map.PatchMap;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.run.Batch;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/// Runs several methods on the same word and judges them on equal terms: what happens when patches
/// go in the order of their maps, how far the maps agree, whether tiny noise changes them.
public final class Comparer {
  /// Part of the patches whose overlap is told.
  private static final double TOP = .1;

  private final LoadedModel model;
  private final List<PatchMethod> methods;
  private final Settings settings;
  private final Progress progress;

  /// What is measured beside the maps.
  ///
  /// @param steps points of the curves of deletion and insertion; 0 = no curves
  /// @param noises how many noisy pictures the maps are compared on; 0 = none
  /// @param deviation of that noise, in the units of the normalised pixels
  /// @param seed of chance and noise
  public record Settings(int steps, int noises, double deviation, long seed) {
    public Settings {
      if (steps < 0 || noises < 0 || !(deviation >= 0)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "%d steps and %d noises of deviation %s".formatted(steps, noises, deviation),
            "Give numbers of 0 or more.");
      }
    }
  }

  public Comparer(
      LoadedModel model, List<PatchMethod> methods, Settings settings, Progress progress) {
    this.model = model;
    this.methods = List.copyOf(methods);
    this.settings = settings;
    this.progress = progress;
  }

  /// Whole passes that comparing one word takes, the clean runs included; backward passes count
  /// twice, which is about their cost.
  public long passes(int patches) {
    long sum = 0;
    for (PatchMethod method : methods) {
      var passes = method.passes(patches);
      long one = 1 + passes.forward() + 2L * passes.backward();
      sum += one * (1 + settings.noises() + (settings.noises() > 0 ? 1 : 0));
      sum += 2L * Math.min(settings.steps(), patches);
    }
    return sum;
  }

  /// Compares the methods on one word.
  ///
  /// @param number which view of the pictures, see [TokenMap#views()]
  /// @param truth where the word's evidence is, in pixels of the original picture
  /// @throws LynceusException BAD_REQUEST without a picture, or if there is no such view; CANCELLED
  public Comparison compare(KeyWord word, int number, Truth truth) {
    Prompt prompt = word.prompt();
    List<TokenMap.View> views = PatchViews.of(model, prompt, "to map");
    if (number < 0 || number >= views.size()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no view %d among %d".formatted(number, views.size()),
          "Use 0 to " + (views.size() - 1) + ".");
    }
    TokenMap.View view = views.get(number);
    List<Comparison.Judged> judged = new ArrayList<>();
    double probability;
    try (Run base = model.run(prompt, Sweep.base(model))) {
      probability = probability(base, word.target());
      for (PatchMethod method : methods) {
        progress.at(method.name(), judged.size(), methods.size());
        if (progress.cancelled()) {
          throw new LynceusException(
              ErrorCode.CANCELLED,
              "stopped after %d of %d methods".formatted(judged.size(), methods.size()),
              "Choose fewer methods with --methods.");
        }
        judged.add(judge(method, base, word.target(), view, truth));
      }
    }
    int top = Math.max(1, (int) Math.round(TOP * view.tile().patches()));
    Comparison found =
        new Comparison(
            model.name(),
            prompt.question().isEmpty() ? prompt.text() : prompt.question(),
            word.answer(),
            word.target().text(),
            word.target().aims().getFirst().id(),
            probability,
            view.label(),
            view.tile().rows(),
            view.tile().columns(),
            judged,
            top,
            pairs(judged, Ranks::spearman),
            pairs(judged, (a, b) -> Ranks.shared(a, b, top) / top),
            Optional.empty());
    return found.advised(
        KnownAdvisers.of(SeeingHeadStore.revision(model))
            .flatMap(adviser -> adviser.advise(found)));
  }

  private Comparison.Judged judge(
      PatchMethod method, Run base, Target target, TokenMap.View view, Truth truth) {
    Prompt prompt = base.batch().prompts().getFirst();
    long start = System.nanoTime();
    PatchMap map = map(method, prompt, target, view, settings.seed(), List.of());
    double seconds = (System.nanoTime() - start) / 1e9;
    double steady = Double.NaN;
    double repeated = Double.NaN;
    if (settings.noises() > 0) {
      repeated =
          Ranks.spearman(
              map.values(),
              map(method, prompt, target, view, settings.seed() + 1, List.of()).values());
      steady =
          IntStream.range(0, settings.noises())
              .mapToDouble(i ->
                  Ranks.spearman(
                      map.values(),
                      map(method, prompt, target, view, settings.seed(), List.of(noise(i)))
                          .values()))
              .average()
              .orElseThrow();
    }
    Optional<Curves> curves =
        settings.steps() == 0
            ? Optional.empty()
            : Optional.of(Curves.of(base, target, view, map.values(), settings.steps()));
    var passes = method.passes(view.tile().patches());
    return new Comparison.Judged(
        method.name(),
        method.what(),
        method.source(),
        map.values(),
        seconds,
        passes.forward(),
        passes.backward(),
        curves,
        steady,
        repeated,
        map.gap(),
        truth.known()
            ? Optional.of(Pointing.of(map.values(), view.tile(), truth))
            : Optional.empty());
  }

  private Intervention noise(int number) {
    return Intervention.at(
        Point.vision(Site.PIXELS), 0, new Op.Noise(settings.seed() + number, settings.deviation()));
  }

  private PatchMap map(
      PatchMethod method,
      Prompt prompt,
      Target target,
      TokenMap.View view,
      long seed,
      List<Intervention> changes) {
    // The input stays open for methods that run the prompt again.
    try (Scope scope = Scope.open();
        Run run = model.run(Batch.of(prompt), method.capture(model, prompt), changes)) {
      return method.map(run, target, view, new SplittableRandom(seed));
    }
  }

  private static double probability(Run run, Target target) {
    try (Scope scope = Scope.open()) {
      return Torch.softmax(run.logits().to(dev.lynceus.tensor.DType.FLOAT64).reshape(-1), 0)
          .narrow(0, target.aims().getFirst().id(), 1)
          .item();
    }
  }

  private static double[][] pairs(
      List<Comparison.Judged> judged, BiFunction<double[], double[], Double> value) {
    return judged.stream()
        .map(a -> judged.stream().mapToDouble(b -> value.apply(a.map(), b.map())).toArray())
        .toArray(double[][]::new);
  }
}
