package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Model;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.llama.KvCache;
import dev.lynceus.model.llama.Llama;
import dev.lynceus.model.llama.LlamaConfig;
import dev.lynceus.nn.Masks;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Single passes through a model: what lies between a batch of ids and the residual stream. Positions are counted
/// over real tokens only, so that padding on either side changes no number.
record Passes(Model model, DType dtype) {

  /// Input of the first layer: embeddings with visual tokens in place, `[batch, pos, width]`.
  ///
  /// @throws LynceusException BAD_REQUEST if there are pictures and the model has no eyes
  Tensor merge(Batch batch, Tap tap) {
    Tensor ids = ids(batch.ids());
    Tensor embedded = model.decoder().embed(ids, dtype, tap);
    if (batch.pictures().isEmpty()) {
      return embedded;
    }
    if (!(model instanceof VisionLanguageModel eyes)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "this model takes text only, and the prompt has a picture",
          "Leave the picture out, or choose a vision-language model.");
    }
    return eyes.merge(embedded, ids, eyes.visualTokens(batch.pictures(), dtype, tap));
  }

  /// The residual stream after the last layer for positions `start` onwards.
  ///
  /// @param x input of `firstLayer` at these positions
  /// @param valid `[row][position]` for the whole sequence so far
  /// @param cache earlier keys and values, or null where the pass is the whole sequence
  Tensor forward(Tensor x, boolean[][] valid, int start, @Nullable KvCache cache, int firstLayer, Tap tap) {
    int length = valid[0].length;
    int rows = length - start;
    int longest = longest(valid);
    Tensor positions = positions(valid, start);
    boolean plain = Arrays.stream(valid).allMatch(row -> IntStream.range(0, row.length).allMatch(i -> row[i]));
    boolean whole = start == 0 || rows == 1;
    Tensor mask = plain && whole ? null : Masks.causal(valid, rows, LlamaConfig.UNLIMITED, dtype);
    Tensor windowMask = null;
    int window = IntStream.of(model.decoder().config().windows()).min().orElse(LlamaConfig.UNLIMITED);
    if (window < length) {
      windowMask = Masks.causal(valid, rows, window, dtype);
    }
    return model
        .decoder()
        .forward(x, new Llama.Pass(positions, longest, mask, windowMask, cache, firstLayer), tap);
  }

  /// Embeddings of one new token per row, `[batch, 1, width]`.
  Tensor embed(int[] newIds, Tap tap) {
    int[][] column = new int[newIds.length][1];
    for (int row = 0; row < newIds.length; row++) {
      column[row][0] = newIds[row];
    }
    return model.decoder().embed(ids(column), dtype, tap);
  }

  static Tensor ids(int[][] ids) {
    long[] flat = Arrays.stream(ids).flatMapToInt(IntStream::of).asLongStream().toArray();
    return Tensor.of(flat, ids.length, ids[0].length);
  }

  private static int longest(boolean[][] valid) {
    int longest = 0;
    for (boolean[] row : valid) {
      longest = Math.max(longest, (int) IntStream.range(0, row.length).filter(i -> row[i]).count());
    }
    return longest;
  }

  /// Position ids of the positions from `start` on: the number of real tokens before each; 0 for padding.
  private static Tensor positions(boolean[][] valid, int start) {
    int rows = valid[0].length - start;
    long[] positions = new long[valid.length * rows];
    for (int b = 0; b < valid.length; b++) {
      int seen = 0;
      for (int p = 0; p < valid[b].length; p++) {
        if (p >= start) {
          positions[b * rows + p - start] = valid[b][p] ? seen : 0;
        }
        seen += valid[b][p] ? 1 : 0;
      }
    }
    return Tensor.of(positions, valid.length, rows);
  }

  /// The row of each batch entry's last real token, `[batch, 1, width]`.
  static Tensor lastRows(Tensor hidden, Batch batch) {
    int last = batch.length() - 1;
    if (IntStream.range(0, batch.size()).allMatch(row -> batch.last(row) == last)) {
      return hidden.narrow(1, last, 1);
    }
    return Torch.stack(
        IntStream.range(0, batch.size())
            .mapToObj(row -> hidden.select(0, row).narrow(0, batch.last(row), 1))
            .toList(),
        0);
  }
}
