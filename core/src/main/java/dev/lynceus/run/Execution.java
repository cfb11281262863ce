package dev.lynceus.run;

import dev.lynceus.model.Flow;
import dev.lynceus.model.stack.KvCache;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One batch on its way through a model: the prompt, and the answer where one is generated.
/// Whatever goes wrong, nothing native is left behind.
final class Execution {
  private final LoadedModel model;
  private final Passes passes;
  private final Batch batch;
  private final Capture capture;
  private final List<Intervention> interventions;
  private final Tap tap;

  Execution(
      LoadedModel model,
      Passes passes,
      Batch batch,
      Capture capture,
      List<Intervention> interventions) {
    this.model = model;
    this.passes = passes;
    this.batch = batch;
    this.capture = capture;
    this.interventions = interventions;
    this.tap = Tap.of(capture, interventions, batch.labels(model.model()));
  }

  Run prompt() {
    Plans.check(model, batch, capture, interventions, 0);
    KvCache cache =
        new KvCache(
            model.model().decoder().config().shape(), batch.size(), batch.length(), passes.dtype());
    try (Scope scope = Scope.open()) {
      Prefilled prefilled = prefill(cache);
      if (interventions.isEmpty() && !Double.isFinite(prefilled.logits.abs().max().item())) {
        throw NotFinite.of(model, tap);
      }
      Captured captured = tap.finish();
      return new Run(
          model,
          batch,
          batch.length(),
          captured,
          interventions,
          prefilled.merged.own(),
          prefilled.logits.own(),
          cache,
          prefilled.flow.own(),
          prefilled.pace);
    } catch (RuntimeException failure) {
      tap.abandon();
      cache.close();
      throw failure;
    }
  }

  Generation generate(GenerationOptions options, AnswerListener listener) {
    return generate(options, listener, null);
  }

  /// @param beside what goes on beside the only prompt of the batch; null for nothing
  Generation generate(GenerationOptions options, AnswerListener listener, @Nullable Beside beside) {
    if (Passages.are(model.model())) {
      throw Passages.refused(model.model());
    }
    // Past its last position a model has not been trained; the answer ends there.
    Prompt own = batch.prompts().getFirst();
    int longest =
        beside == null ? batch.length() : Math.max(batch.length(), beside.prompt(own).length());
    int room = (int) Math.min(Integer.MAX_VALUE, (long) Plans.limit(model) - longest + 1);
    int tokens = Math.clamp(room, 1, options.maxTokens());
    Plans.check(model, batch, capture, interventions, tokens);
    KvCache cache =
        new KvCache(
            model.model().decoder().config().shape(),
            batch.size(),
            batch.length() + tokens,
            passes.dtype());
    try (Scope scope = Scope.open();
        Companion companion =
            beside == null ? null : new Companion(model, passes, beside, own, tokens)) {
      Prefilled prefilled = prefill(cache);
      Generator generator =
          new Generator(model, passes, options, tokens, batch, listener, companion);
      Generator.Result result =
          generator.decode(batch, prefilled.logits, cache, prefilled.merged.memory(), tap);
      if (companion != null) {
        companion.finish();
      }
      Entering merged = prefilled.merged.longer(result.inputs());
      Captured captured = tap.finish();
      Run run =
          new Run(
              model,
              result.batch(),
              batch.length(),
              captured,
              interventions,
              merged.own(),
              result.logits().own(),
              cache,
              prefilled.flow.own(),
              prefilled.pace);
      return new Generation(run, result.answers());
    } catch (RuntimeException failure) {
      tap.abandon();
      cache.close();
      throw failure;
    }
  }

  private record Prefilled(Entering merged, Flow flow, Tensor logits, Pace pace) {}

  private Prefilled prefill(KvCache cache) {
    tap.begin(0);
    long start = System.nanoTime();
    Flow flow = Flow.fresh();
    Entering merged = passes.merge(batch, flow, tap);
    long encoded = System.nanoTime();
    Passes.Span span =
        Passes.Span.from(
            batch.valid(),
            Standing.of(batch, model.model()),
            batch.blocks(model.model().attends()),
            0,
            model.model().decoder().config());
    Tensor hidden = passes.forward(merged, span, cache, tap);
    Tensor logits = passes.lastLogits(hidden, batch, 0, tap).copy();
    long done = System.nanoTime();
    return new Prefilled(
        merged,
        flow,
        logits,
        new Pace(
            (encoded - start) / 1e9,
            (done - encoded) / 1e9,
            (long) batch.size() * batch.length() * span.endLayer(),
            span.endLayer(),
            Pace.PLANNED_OVERHEAD));
  }
}
