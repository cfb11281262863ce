package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.llama.KvCache;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;

/// One batch on its way through a model: the prompt, and the answer where one is generated. Whatever goes wrong,
/// nothing native is left behind.
final class Execution {
  private final LoadedModel model;
  private final Passes passes;
  private final Batch batch;
  private final Capture capture;
  private final List<Intervention> interventions;
  private final Tap tap;

  Execution(
      LoadedModel model, Passes passes, Batch batch, Capture capture, List<Intervention> interventions) {
    this.model = model;
    this.passes = passes;
    this.batch = batch;
    this.capture = capture;
    this.interventions = interventions;
    this.tap = Tap.of(capture, interventions, map(batch));
  }

  /// Labels mean the same positions in every row of a batch only if there is one row.
  private static TokenMap map(Batch batch) {
    return batch.size() == 1 ? batch.tokens(0) : new TokenMap(List.of(), List.of());
  }

  Run prompt() {
    Budgets.check(model, batch, capture, 0);
    KvCache cache = new KvCache(model.model().decoder().config(), batch.size(), batch.length(), passes.dtype());
    try (Scope scope = Scope.open()) {
      Prefilled prefilled = prefill(cache);
      Captured captured = tap.finish();
      return new Run(
          model, batch, captured, interventions, prefilled.merged.own(), prefilled.logits.own(), cache);
    } catch (RuntimeException failure) {
      tap.abandon();
      cache.close();
      throw failure;
    }
  }

  Generation generate(GenerationOptions options, Consumer<String> listener) {
    Budgets.check(model, batch, capture, options.maxTokens());
    KvCache cache =
        new KvCache(
            model.model().decoder().config(),
            batch.size(),
            batch.length() + options.maxTokens(),
            passes.dtype());
    try (Scope scope = Scope.open()) {
      Prefilled prefilled = prefill(cache);
      Generator generator = new Generator(model, passes, options, batch.size(), listener);
      Generator.Result result = generator.decode(batch, prefilled.logits, cache, tap);
      Tensor logits = result.logits() == prefilled.logits ? prefilled.logits.own() : result.logits();
      Captured captured = tap.finish();
      Run run =
          new Run(model, result.batch(), captured, interventions, prefilled.merged.own(), logits, cache);
      return new Generation(run, result.answers());
    } catch (RuntimeException failure) {
      tap.abandon();
      cache.close();
      throw failure;
    }
  }

  private record Prefilled(Tensor merged, Tensor logits) {}

  private Prefilled prefill(KvCache cache) {
    int limit = model.model().decoder().config().maxPositions();
    if (batch.length() > limit) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the prompt has %d positions, the model was made for %d".formatted(batch.length(), limit),
          "Shorten the question, or ask about fewer pictures.");
    }
    tap.begin(0);
    Tensor merged = passes.merge(batch, tap);
    Tensor hidden = passes.forward(merged, batch.valid(), 0, cache, 0, tap);
    Tensor all = batch.isPlain() ? hidden : Passes.lastRows(hidden, batch);
    boolean rightPadded = batch.last(0) != batch.length() - 1 || !batch.isPlain();
    Tensor logits;
    if (rightPadded) {
      // Whatever is asked of the last norm and the logits is seen for all positions; the answer needs the last rows.
      model.model().decoder().logits(hidden, tap);
      logits = model.model().decoder().logits(all, Tap.idle()).select(1, -1);
    } else {
      logits = model.model().decoder().logits(all, tap).select(1, -1);
    }
    return new Prefilled(merged, logits.copy());
  }
}
