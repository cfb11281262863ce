package dev.lynceus.method.lens;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Adam;
import dev.lynceus.method.LogitLens;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Fits a [TunedLens]: the mean over positions of `KL(p || q_d)`, `p` the model's next word and
/// `q_d` what is read at depth `d`, is made small by Adam, one prompt a step, all depths in one
/// pass. The rate falls in a straight line to 0.
///
/// @param steps prompts that are passed, each any number of times
/// @param rate learning rate of the first step
/// @param positions which are read (see [Positions#parse(String)])
/// @param most most positions of a prompt that a step reads
/// @param seed of the order of prompts, and of the positions
public record TunedLensFit(int steps, double rate, String positions, int most, long seed) {
  /// Settings for small models.
  public static final TunedLensFit DEFAULT = new TunedLensFit(2000, 1e-3, "all", 256, 0);

  public TunedLensFit {
    if (steps < 1 || !(rate > 0) || Double.isInfinite(rate) || most < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d steps of rate %s fit no lens".formatted(steps, rate),
          "Give at least one step, and a rate above 0.");
    }
  }

  /// Steps on the map of one depth.
  private record Steps(Adam weight, Adam bias) implements AutoCloseable {
    static Steps of(TunedLens lens, int depth) {
      return new Steps(new Adam(lens.weight(depth)), new Adam(lens.bias(depth)));
    }

    @Override
    public void close() {
      weight.close();
      bias.close();
    }
  }

  /// Fits a lens.
  ///
  /// @throws LynceusException BAD_REQUEST without prompts; CANCELLED
  public TunedLens fit(LoadedModel model, List<Prompt> prompts, Progress progress) {
    check(prompts);
    TunedLens lens = TunedLens.identity(model);
    List<Steps> maps = new ArrayList<>();
    for (int depth = 0; depth < lens.depths(); depth++) {
      maps.add(Steps.of(lens, depth));
    }
    SplittableRandom random = new SplittableRandom(seed);
    try {
      for (int step = 0; step < steps; step++) {
        if (progress.cancelled()) {
          throw new LynceusException(
              ErrorCode.CANCELLED,
              "stopped at step %d of %d".formatted(step, steps),
              "Run it again to begin anew.");
        }
        Prompt prompt = prompts.get(random.nextInt(prompts.size()));
        try (Run run = model.run(prompt, Sweep.base(model));
            Scope scope = Scope.open()) {
          Tensor rows = Tensor.indices(rows(run, random));
          Tensor last = last(model.model().decoder(), run, rows);
          for (int depth = 0; depth < lens.depths(); depth++) {
            Tensor states = run.get(Point.RESID_PRE, depth).select(0, 0).indexSelect(0, rows);
            learn(model.model().decoder(), lens, maps.get(depth), depth, states, last, step);
          }
        }
        progress.at("fitting", step + 1L, steps);
      }
      return lens;
    } catch (RuntimeException failure) {
      lens.close();
      throw failure;
    } finally {
      maps.forEach(Steps::close);
    }
  }

  private void learn(
      TextStack decoder,
      TunedLens lens,
      Steps map,
      int depth,
      Tensor states,
      Tensor last,
      int step) {
    try (Scope scope = Scope.open()) {
      Tensor leaf = lens.translate(depth, states).detach().requiresGrad();
      Tensor logits = new LogitLens(LogitLens.Normalization.OWN).logits(decoder, leaf);
      // The slope of KL(p || softmax(z)) with respect to z is softmax(z) - p.
      Tensor slope = Torch.softmax(logits.detach(), 1).sub(last.exp()).div((double) states.size(0));
      Tensor gradient = Torch.gradients(logits, slope, List.of(leaf)).getFirst().orElseThrow();
      double now = rate * (steps - step) / steps;
      map.weight().step(gradient.t().matmul(states), now);
      map.bias().step(gradient.sum(0), now);
    }
  }

  /// Mean divergence of what a lens reads from the model's next word, nats, for each depth; the
  /// last is that of the last layer's output and is 0.
  ///
  /// @throws LynceusException BAD_REQUEST without prompts
  public double[] divergence(
      LoadedModel model, TunedLens lens, List<Prompt> prompts, Progress progress) {
    check(prompts);
    TextStack decoder = model.model().decoder();
    double[] sums = new double[lens.depths() + 1];
    long count = 0;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < prompts.size(); i++) {
      try (Run run = model.run(prompts.get(i), Sweep.base(model));
          Scope scope = Scope.open()) {
        Tensor rows = Tensor.indices(rows(run, random));
        Tensor last = last(decoder, run, rows);
        count += rows.size(0);
        for (int depth = 0; depth <= lens.depths(); depth++) {
          Tensor kept =
              depth < lens.depths()
                  ? run.get(Point.RESID_PRE, depth)
                  : run.get(Point.RESID_POST, depth - 1);
          Tensor read =
              Torch.logSoftmax(
                  lens.logits(decoder, depth, kept.select(0, 0).indexSelect(0, rows)), 1);
          sums[depth] += last.exp().mul(last.sub(read)).sum().item();
        }
      }
      progress.at("held-out texts", i + 1L, prompts.size());
    }
    long all = count;
    return IntStream.range(0, sums.length).mapToDouble(d -> sums[d] / all).toArray();
  }

  /// The model's log probabilities at some rows, `[rows, vocabulary]`.
  private static Tensor last(TextStack decoder, Run run, Tensor rows) {
    Tensor states =
        run.get(Point.RESID_POST, decoder.config().layers() - 1).select(0, 0).indexSelect(0, rows);
    return Torch.logSoftmax(new LogitLens(LogitLens.Normalization.OWN).logits(decoder, states), 1);
  }

  /// Positions of a prompt that are read; some of them by lot where there are too many.
  private int[] rows(Run run, SplittableRandom random) {
    int[] all = Positions.parse(positions).within(0, run.batch().length(), run.tokens());
    if (all.length == 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--positions " + positions + " names nothing in one of the texts",
          "Use all, or a label that every text has, such as question.");
    }
    for (int i = 0; i < Math.min(most, all.length); i++) {
      int other = i + random.nextInt(all.length - i);
      int kept = all[i];
      all[i] = all[other];
      all[other] = kept;
    }
    return IntStream.of(all).limit(most).sorted().toArray();
  }

  private static void check(List<Prompt> prompts) {
    if (prompts.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a lens is fitted and tried on texts, and there are none",
          "Give more questions or texts.");
    }
  }
}
