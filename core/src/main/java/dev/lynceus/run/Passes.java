package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Flow;
import dev.lynceus.model.Model;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.stack.Past;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.nn.Masks;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Single passes through a model: what lies between a batch of ids and the residual stream.
/// Positions are counted over real tokens only, so that padding on either side changes no number.
record Passes(Model model, DType dtype) {

  /// What enters the decoder: embeddings with visual tokens in place, and what is added later.
  ///
  /// @param flow may know what left earlier stacks; told what leaves them
  /// @throws LynceusException UNSUPPORTED_MODEL if there are pictures and the model has no eyes
  Entering merge(Batch batch, Flow flow, Tap tap) {
    Cancellation.check();
    Tensor ids = ids(withRows(batch.ids(), model.decoder().config().vocabulary()));
    Tensor embedded = model.decoder().embed(ids, dtype, tap);
    Tensor positions = Standing.of(batch, model).from(0, 1);
    Optional<VisionLanguageModel> eyes =
        model instanceof VisionLanguageModel seeing ? Optional.of(seeing) : Optional.empty();
    if (batch.pictures().isEmpty()) {
      if (eyes.flatMap(VisionLanguageModel::reading).isPresent()) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "this model says what it reads of a picture, and there is none",
            "Give a picture before the question.");
      }
      Tensor segments = ids(batch.segments());
      return Entering.of(model.decoder().placed(embedded, positions, segments, tap));
    }
    VisionLanguageModel sees =
        eyes.orElseThrow(() ->
            new LynceusException(
                ErrorCode.UNSUPPORTED_MODEL,
                "this model takes text only, and the prompt has a picture",
                "Leave the picture out, or choose a vision-language model."));
    return switch (sees.visual(batch.pictures(), batch.beside(), dtype, flow, tap)) {
      case VisionLanguageModel.Visual.Read read ->
          new Entering(model.decoder().placed(embedded, positions, tap), List.of(), read.memory());
      case VisionLanguageModel.Visual.Tokens visual -> {
        Tensor marks = ids(placeholders(batch, sees.imageToken()));
        Tensor merged =
            model.decoder().placed(sees.merge(embedded, marks, visual.rows()), positions, tap);
        Tensor zeros =
            visual.later().isEmpty() ? merged : Torch.zeros(merged.dtype(), merged.shape());
        yield new Entering(
            merged, visual.later().stream().map(one -> sees.placed(zeros, marks, one)).toList());
      }
    };
  }

  /// Ids that have a row in the embedding. Placeholders of pictures and padding may have none: it
  /// would not be read, so any row does. Words have one; the tokenizer sees to that.
  private static int[][] withRows(int[][] ids, int rows) {
    return Arrays.stream(ids)
        .map(row -> Arrays.stream(row).map(id -> id < rows ? id : 0).toArray())
        .toArray(int[][]::new);
  }

  /// The id of the placeholder where a visual token belongs, and another one everywhere else:
  /// padding or a word of the answer may have the placeholder's id too.
  private static int[][] placeholders(Batch batch, int imageToken) {
    int[][] marks = new int[batch.size()][];
    for (int row = 0; row < marks.length; row++) {
      marks[row] =
          batch.tokens(row).spots().stream()
              .mapToInt(s -> s.role() == TokenMap.Role.IMAGE ? imageToken : imageToken + 1)
              .toArray();
    }
    return marks;
  }

  /// What of a sequence a pass covers.
  ///
  /// @param valid `[row][position]` for the whole sequence so far
  /// @param standing where its positions stand
  /// @param blocks positions that see each other in both directions, see [Batch#blocks]
  /// @param copies how many times these rows are repeated in the batch
  /// @param start first position
  /// @param firstLayer first layer that is computed
  /// @param endLayer first layer that is not
  /// @param rows which rows of the last layer are computed
  record Span(
      boolean[][] valid,
      Standing standing,
      int @Nullable [][] blocks,
      int copies,
      int start,
      int firstLayer,
      int endLayer,
      TextStack.Rows rows) {

    /// Positions from `start` on through all layers.
    static Span from(
        boolean[][] valid,
        Standing standing,
        int @Nullable [][] blocks,
        int start,
        TextConfig config) {
      return new Span(valid, standing, blocks, 1, start, 0, config.layers(), TextStack.Rows.ALL);
    }
  }

  /// The residual stream after the last computed layer.
  ///
  /// @param x input of the first layer at the positions of the span, and what is added later
  /// @param past earlier keys and values, or null where the pass is the whole sequence
  Tensor forward(Entering x, Span span, @Nullable Past past, Tap tap) {
    Cancellation.check();
    return model.decoder().forward(x.stream(), pass(span, past, x), tap);
  }

  /// What a span is for the decoder.
  ///
  /// @param x what enters at the positions of the span
  TextStack.Pass pass(Span span, @Nullable Past past, Entering x) {
    int length = span.valid[0].length;
    int rows = length - span.start;
    boolean plain =
        Arrays.stream(span.valid)
            .allMatch(row -> IntStream.range(0, row.length).allMatch(i -> row[i]));
    boolean whole = rows == 1 || span.start == 0 && span.blocks == null;
    Tensor mask = plain && whole ? null : mask(span, plain, rows, TextConfig.UNLIMITED);
    Tensor windowMask = null;
    int window =
        IntStream.of(model.decoder().config().windows()).min().orElse(TextConfig.UNLIMITED);
    if (window < length) {
      windowMask = mask(span, plain, rows, window);
    }
    return new TextStack.Pass(
        span.standing.from(span.start, span.copies),
        span.standing.longest(),
        mask,
        windowMask,
        past,
        x.later(),
        x.memory(),
        span.firstLayer,
        span.endLayer,
        span.rows);
  }

  /// Rows without padding and blocks share one mask.
  private Tensor mask(Span span, boolean plain, int rows, int window) {
    return plain && span.blocks == null
        ? Masks.causal(new boolean[][] {span.valid[0]}, null, rows, window, dtype)
        : copied(Masks.causal(span.valid, span.blocks, rows, window, dtype), span.copies);
  }

  /// What some positions of the only row of a batch see in a layer, additive `[1, 1, positions,
  /// source]`.
  ///
  /// @param source the first so many positions
  Tensor visible(Batch batch, int layer, int[] positions, int source, DType type) {
    int window = model.decoder().config().windows()[layer];
    int @Nullable [][] blocks = batch.blocks(model.attends());
    if (blocks == null) {
      return Masks.causal(positions, source, window, type);
    }
    boolean[][] valid = {Arrays.copyOf(batch.valid()[0], source)};
    Tensor all = Masks.causal(valid, blocks, source, window, type);
    return all.indexSelect(2, Tensor.indices(positions));
  }

  /// A tensor repeated along the batch, the whole batch after the whole batch.
  static Tensor copied(Tensor batch, int copies) {
    if (copies == 1) {
      return batch;
    }
    long[] shape = batch.shape();
    long[] expanded = new long[shape.length + 1];
    expanded[0] = copies;
    System.arraycopy(shape, 0, expanded, 1, shape.length);
    shape[0] *= copies;
    return batch.unsqueeze(0).expand(expanded).reshape(shape);
  }

  /// What enters the first layer for one new token per row, `[batch, 1, width]`.
  ///
  /// @param standing up to that token
  Tensor embed(int[] newIds, Standing standing, Tap tap) {
    int[][] column = new int[newIds.length][1];
    for (int row = 0; row < newIds.length; row++) {
      column[row][0] = newIds[row];
    }
    return embed(column, standing, standing.length() - 1, tap);
  }

  /// What enters the first layer at the positions from one on that hold no picture, `[batch, pos,
  /// width]`.
  ///
  /// @param ids of whole rows, or of these positions alone
  /// @param standing of whole rows
  Tensor embed(int[][] ids, Standing standing, int start, Tap tap) {
    int[][] own =
        Arrays.stream(ids)
            .map(row ->
                Arrays.copyOfRange(row, row.length - (standing.length() - start), row.length))
            .toArray(int[][]::new);
    Tensor rows = ids(withRows(own, model.decoder().config().vocabulary()));
    Tensor embedded = model.decoder().embed(rows, dtype, tap);
    return model.decoder().placed(embedded, standing.from(start, 1), tap);
  }

  static Tensor ids(int[][] ids) {
    long[] flat = Arrays.stream(ids).flatMapToInt(IntStream::of).asLongStream().toArray();
    return Tensor.of(flat, ids.length, ids[0].length);
  }

  /// Logits at the position of each row that answers, `[copies * batch, vocabulary]`; of pieces of
  /// what is read where the model answers with one, `[copies * batch, pos * pos]` ([Piece]).
  ///
  /// @param hidden the residual stream after the last layer from position `start` on, `[copies *
  ///   batch, pos, width]`; no row ends before `start`
  Tensor lastLogits(Tensor hidden, Batch batch, int start, Tap tap) {
    if (model.decoder().config().answers() == TextConfig.Answers.SPANS) {
      return Piece.joint(model.decoder().logits(hidden, tap), batch);
    }
    int last = batch.length() - 1;
    if (IntStream.range(0, batch.size()).allMatch(row -> batch.answering(row) == last)) {
      return model.decoder().logits(hidden, tap).select(1, -1);
    }
    boolean watched =
        Point.all().stream().anyMatch(point -> point.afterLayers() && tap.wants(point, 0));
    if (watched) {
      Tensor all = model.decoder().logits(hidden, tap);
      if (all.size(1) == hidden.size(1)) {
        return lastRows(all, batch, start).select(1, 0);
      }
    }
    return model.decoder().logits(lastRows(hidden, batch, start), Tap.idle()).select(1, 0);
  }

  /// The row of each batch entry that answers, `[copies * batch, 1, width]`.
  private static Tensor lastRows(Tensor all, Batch batch, int start) {
    return Torch.stack(
        IntStream.range(0, (int) all.size(0))
            .mapToObj(
                row -> all.select(0, row).narrow(0, batch.answering(row % batch.size()) - start, 1))
            .toList(),
        0);
  }
}
