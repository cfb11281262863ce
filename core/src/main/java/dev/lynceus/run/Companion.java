package dev.lynceus.run;

import dev.lynceus.model.stack.KvCache;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;

/// What goes on beside a prompt while its answer is generated: a second sequence, continued by the
/// tokens that are chosen for the first. Its tensors belong to the scope that was open when it was
/// made.
final class Companion implements AutoCloseable {
  private final LoadedModel model;
  private final Passes passes;
  private final Beside beside;
  private final KvCache cache;
  private final Entering entered;
  private final Tap tap;
  private Standing standing;
  private boolean[][] valid;
  private Tensor logits;

  /// Passes the prompt.
  ///
  /// @param own the prompt that is answered
  /// @param tokens most tokens that are passed after it
  Companion(LoadedModel model, Passes passes, Beside beside, Prompt own, int tokens) {
    this.model = model;
    this.passes = passes;
    this.beside = beside;
    Batch batch = Batch.of(beside.prompt(own));
    this.tap =
        beside instanceof Altered altered
            ? Tap.of(Capture.NONE, altered.changes(), batch.labels(model.model()))
            : Tap.idle();
    this.standing = Standing.of(batch, model.model());
    this.valid = batch.valid();
    this.cache =
        new KvCache(
            model.model().decoder().config().shape(), 1, batch.length() + tokens, passes.dtype());
    try {
      tap.begin(0);
      this.entered = passes.merge(batch, dev.lynceus.model.Flow.fresh(), tap);
      Passes.Span span =
          Passes.Span.from(
              valid,
              standing,
              batch.blocks(model.model().attends()),
              0,
              model.model().decoder().config());
      Tensor hidden = passes.forward(entered, span, cache, tap);
      this.logits = passes.lastLogits(hidden, batch, 0, tap).copy();
    } catch (RuntimeException failure) {
      cache.close();
      throw failure;
    }
  }

  /// The logits that the next token of the first prompt is chosen by.
  Tensor against(Tensor own) {
    return beside instanceof Contrast contrast
        ? Contrast.logits(own, logits, contrast.alpha())
        : own;
  }

  /// A token was chosen.
  ///
  /// @param logProbability of it, natural logarithm
  void chosen(int id, double logProbability) {
    if (beside instanceof Altered altered) {
      altered.listener().chosen(id, logProbability, logProbability(id));
    }
  }

  private double logProbability(int id) {
    float[] raw = logits.to(DType.FLOAT32).toFloats();
    float[] all = model.settings().finite(raw);
    try (Scope scope = Scope.open()) {
      Tensor exact = Arrays.equals(all, raw) ? logits : Tensor.of(all, logits.shape());
      return all[id] - Torch.logsumexp(exact.to(DType.FLOAT64), 1).item();
    }
  }

  /// Continues by a token.
  void next(int id) {
    boolean[] longer = Arrays.copyOf(valid[0], valid[0].length + 1);
    longer[valid[0].length] = true;
    valid = new boolean[][] {longer};
    standing = standing.next(new boolean[] {true});
    try (Scope scope = Scope.open()) {
      tap.begin(cache.length());
      Tensor x = passes.embed(new int[] {id}, standing, tap);
      TextStack decoder = model.model().decoder();
      Tensor hidden =
          passes.forward(
              new Entering(x, java.util.List.of(), entered.memory()),
              Passes.Span.from(valid, standing, null, cache.length(), decoder.config()),
              cache,
              tap);
      logits = scope.keep(decoder.logits(hidden, tap).select(1, -1).copy());
    }
  }

  /// Ends it well.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_POINT for a change that never applied
  void finish() {
    tap.finish().close();
  }

  @Override
  public void close() {
    cache.close();
  }
}
