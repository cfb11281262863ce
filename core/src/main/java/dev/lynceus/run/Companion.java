package dev.lynceus.run;

import dev.lynceus.model.stack.KvCache;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.Arrays;

/// The second prompt of a [Contrast] while an answer is generated: it is continued by the tokens
/// that are chosen for the first. Its tensors belong to the scope that was open when it was made.
final class Companion implements AutoCloseable {
  private final LoadedModel model;
  private final Passes passes;
  private final double alpha;
  private final KvCache cache;
  private final Entering entered;
  private Standing standing;
  private boolean[][] valid;
  private Tensor logits;

  /// Passes the prompt.
  ///
  /// @param tokens most tokens that are passed after it
  Companion(LoadedModel model, Passes passes, Contrast contrast, int tokens) {
    this.model = model;
    this.passes = passes;
    this.alpha = contrast.alpha();
    Batch batch = Batch.of(contrast.other());
    this.standing = Standing.of(batch, model.model());
    this.valid = batch.valid();
    this.cache =
        new KvCache(
            model.model().decoder().config().shape(), 1, batch.length() + tokens, passes.dtype());
    try {
      Tap tap = Tap.idle();
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

  /// Logits of the first prompt against those of this one.
  Tensor against(Tensor own) {
    return Contrast.logits(own, logits, alpha);
  }

  /// Continues by a token.
  void next(int id) {
    boolean[] longer = Arrays.copyOf(valid[0], valid[0].length + 1);
    longer[valid[0].length] = true;
    valid = new boolean[][] {longer};
    standing = standing.next(new boolean[] {true});
    try (Scope scope = Scope.open()) {
      Tensor x = passes.embed(new int[] {id}, standing, Tap.idle());
      TextStack decoder = model.model().decoder();
      Tensor hidden =
          passes.forward(
              new Entering(x, java.util.List.of(), entered.memory()),
              Passes.Span.from(valid, standing, null, cache.length(), decoder.config()),
              cache,
              Tap.idle());
      logits = scope.keep(decoder.logits(hidden, Tap.idle()).select(1, -1).copy());
    }
  }

  @Override
  public void close() {
    cache.close();
  }
}
