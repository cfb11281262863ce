package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Flow;
import dev.lynceus.model.stack.KvCache;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One input through one model, with what was captured on the way. Its tensors live until it is
/// closed.
public final class Run implements AutoCloseable {
  /// Sizes that a method needs to plan its capture before a run.
  ///
  /// @param config sizes of the decoder
  public record Shape(TextConfig config) {}

  private final LoadedModel model;
  private final Batch batch;
  private final int prompt;
  private final Captured captured;
  private final List<Intervention> interventions;
  private final Entering merged;
  private final Tensor logits;
  private @Nullable KvCache cache;
  private final Flow flow;
  private final Pace pace;

  /// @param batch what went in, generated tokens included
  /// @param prompt positions that were passed at once; later ones came one by one
  /// @param merged what entered the decoder; owned by this run
  /// @param logits `[batch, vocabulary]` at the last position of each row; owned by this run
  /// @param cache keys and values of all positions; owned by this run
  /// @param flow what left the stacks before the decoder; owned by this run
  /// @param pace how long its prompt took
  Run(
      LoadedModel model,
      Batch batch,
      int prompt,
      Captured captured,
      List<Intervention> interventions,
      Entering merged,
      Tensor logits,
      @Nullable KvCache cache,
      Flow flow,
      Pace pace) {
    this.model = model;
    this.batch = batch;
    this.prompt = prompt;
    this.captured = captured;
    this.interventions = List.copyOf(interventions);
    this.merged = merged;
    this.logits = logits;
    this.cache = cache;
    this.flow = flow;
    this.pace = pace;
  }

  /// The model.
  public LoadedModel model() {
    return model;
  }

  /// What went in, generated tokens included.
  public Batch batch() {
    return batch;
  }

  /// Positions that were passed at once, padding included; those after them were generated one by
  /// one.
  int prompt() {
    return prompt;
  }

  /// What each position of the first row is.
  public TokenMap tokens() {
    return batch.tokens(0);
  }

  /// What was changed.
  public List<Intervention> interventions() {
    return interventions;
  }

  /// What was kept.
  public Captured captured() {
    return captured;
  }

  /// A kept activation.
  ///
  /// @throws LynceusException BAD_POINT if it was not asked for
  public Tensor get(Point point, int layer) {
    return captured.get(point, layer);
  }

  /// A kept activation by name, for example `run.get("resid_pre", 5)`.
  ///
  /// @throws LynceusException BAD_POINT if it was not asked for
  public Tensor get(String name, int layer) {
    return captured.get(name, layer);
  }

  /// Logits at the last real position of each row, `[batch, vocabulary]`. After a generation: of
  /// the position whose choice ended the answer.
  public Tensor logits() {
    return logits;
  }

  /// Input of the first layer, `[batch, pos, width]`, generated tokens included, before any change
  /// at `embed.hook_merged`.
  public Tensor merged() {
    return merged.stream();
  }

  /// What entered the decoder, before any change at `embed.hook_merged` or at what is added later.
  public Entering entering() {
    return merged;
  }

  /// Where some positions of the first row stand for the rotary encoding, int64 `[1, positions]`,
  /// with coordinates before them where there are several.
  public Tensor standing(int[] positions) {
    return Standing.of(batch, model.model()).at(positions);
  }

  /// What some positions see in a layer, additive `[1, 1, positions, source]`: 0 where they look,
  /// -infinity where they may not.
  ///
  /// @param source of the first so many positions
  public Tensor visible(int layer, int[] positions, int source, DType dtype) {
    return model.passes().visible(batch, layer, positions, source, dtype);
  }

  /// Whether a position of the first row sees some that come after it.
  public boolean seesLater(int position) {
    int @Nullable [][] blocks = batch.blocks(model.model().attends());
    if (blocks == null || position >= blocks[0].length || blocks[0][position] < 0) {
      return false;
    }
    return IntStream.range(position + 1, blocks[0].length)
        .anyMatch(later -> blocks[0][later] == blocks[0][position]);
  }

  /// Keys and values of all positions.
  ///
  /// @throws LynceusException if this run kept none
  public KvCache cache() {
    if (cache == null) {
      throw new LynceusException(
          ErrorCode.INTERNAL,
          "this run has no keys and values",
          "Run the prompt itself, not a replay, and read before they are freed.");
    }
    return cache;
  }

  /// Frees the keys and values, which of a large model are hundreds of megabytes. Afterwards
  /// replays start at the first position, and what reads keys or values of this run fails.
  public void forgetKeys() {
    if (cache != null) {
      cache.close();
      cache = null;
    }
  }

  /// Whether keys and values of all positions are there.
  boolean remembers() {
    return cache != null;
  }

  /// What left the stacks before the decoder.
  Flow flow() {
    return flow;
  }

  /// How long the prompt took.
  Pace pace() {
    return pace;
  }

  /// Runs again with further changes, recomputing only what can differ. In a causal decoder earlier
  /// layers and earlier positions stay as they were: the pass resumes at the first touched layer if
  /// this run kept the residual stream entering it for all positions (`resid_pre`), else at the
  /// first layer; and at the first position that is touched or looked at if this run kept keys and
  /// values, else at the first position. A change to the tower or the projector encodes the
  /// pictures again. For many replays of one run see [Sweep].
  ///
  /// @param changes made in addition to those of this run
  /// @param capture what the new run shall keep
  public Run replay(List<Intervention> changes, Capture capture) {
    return model.replay(this, changes, capture);
  }

  /// Runs again with further changes, keeping the logits only.
  public Run replay(Intervention... changes) {
    return replay(List.of(changes), Capture.NONE);
  }

  @Override
  public void close() {
    captured.close();
    flow.close();
    merged.close();
    logits.close();
    if (cache != null) {
      cache.close();
    }
  }
}
