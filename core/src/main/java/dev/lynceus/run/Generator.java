package dev.lynceus.run;

import dev.lynceus.model.stack.KvCache;
import dev.lynceus.model.stack.Surroundings;
import dev.lynceus.run.choice.Rule;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.text.TextStream;
import dev.lynceus.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Generates token by token after a prompt has been passed, all rows of a batch side by side.
final class Generator {
  private final LoadedModel model;
  private final Passes passes;
  private final GenerationOptions options;
  private final int most;
  private final StopTexts stopTexts;
  private final AnswerListener listener;
  private final @Nullable Companion companion;
  private final List<Row> rows = new ArrayList<>();

  /// The state of one answer.
  private static final class Row {
    final Sampling.Chooser chooser;
    final TextStream stream;
    final int[] prompt;
    final List<Integer> ids = new ArrayList<>();
    final List<Integer> mostProbable = new ArrayList<>();
    final List<Double> logProbabilities = new ArrayList<>();
    final StringBuilder text = new StringBuilder();
    int told;
    Generation.End end = Generation.End.LENGTH;
    OptionalInt closing = OptionalInt.empty();
    boolean open = true;

    Row(Sampling.Chooser chooser, TextStream stream, int[] prompt) {
      this.chooser = chooser;
      this.stream = stream;
      this.prompt = prompt;
    }

    /// The sequence so far, without the padding of its batch.
    int[] sequence() {
      int[] all = Arrays.copyOf(prompt, prompt.length + ids.size());
      for (int i = 0; i < ids.size(); i++) {
        all[prompt.length + i] = ids.get(i);
      }
      return all;
    }
  }

  /// @param options as they were asked for
  /// @param most tokens that there is room for
  /// @param batch the prompts
  /// @param listener told the text of the first row as it comes, and of every pass
  /// @param companion what goes on beside the only row; null for nothing
  Generator(
      LoadedModel model,
      Passes passes,
      GenerationOptions options,
      int most,
      Batch batch,
      AnswerListener listener,
      @Nullable Companion companion) {
    this.model = model;
    this.passes = passes;
    this.options = options;
    this.most = most;
    this.stopTexts = new StopTexts(model.tokenizer(), model.settings().stop());
    this.listener = listener;
    this.companion = companion;
    for (int row = 0; row < batch.size(); row++) {
      rows.add(
          new Row(
              options.sampling().chooser(row),
              model.tokenizer().stream(),
              batch.prompts().get(row).ids()));
    }
  }

  /// Decodes until every row has ended. The tokens that end a row are not passed through the model,
  /// nor is the last one: no activation of it is needed to predict the answer. Rows that have ended
  /// are filled up with padding. Everything native belongs to the scope that is open.
  ///
  /// @param batch the prompts, without padding on the right
  /// @param logits `[batch, vocabulary]` after the prompt
  /// @param memory what cross-attention reads
  Result decode(
      Batch batch, Tensor logits, KvCache cache, Surroundings.@Nullable Memory memory, Tap tap) {
    int[][] ids = batch.ids();
    boolean[][] valid = batch.valid();
    Standing standing = Standing.of(batch, model.model());
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> finals =
        new ArrayList<>(
            IntStream.range(0, rows.size()).mapToObj(row -> logits.narrow(0, row, 1)).toList());
    Tensor current = logits;
    listener.passed(0);
    for (int step = 0; step < most; step++) {
      int[] next = choose(companion == null ? current : companion.against(current), tap);
      boolean last = step == most - 1 || rows.stream().noneMatch(row -> row.open);
      if (last) {
        break;
      }
      ids = append(ids, next);
      valid = append(valid);
      standing = standing.next(going());
      try (Scope scope = Scope.open()) {
        int start = cache.length();
        tap.begin(start);
        Tensor x = passes.embed(next, standing, tap);
        inputs.add(scope.keep(x));
        Tensor hidden =
            passes.forward(
                new Entering(x, List.of(), memory),
                Passes.Span.from(valid, standing, null, start, model.model().decoder().config()),
                cache,
                tap);
        current = scope.keep(model.model().decoder().logits(hidden, tap).select(1, -1).copy());
      }
      if (companion != null) {
        companion.next(next[0]);
      }
      listener.passed(step + 1);
      for (int row = 0; row < rows.size(); row++) {
        if (rows.get(row).open) {
          finals.set(row, current.narrow(0, row, 1));
        }
      }
    }
    rows.forEach(this::finish);
    return new Result(
        new Batch(extend(batch, ids, valid), ids, valid),
        Torch.cat(finals, 0),
        inputs,
        rows.stream().map(this::answer).toList());
  }

  /// What decoding gave.
  ///
  /// @param batch the prompts with the tokens that were passed
  /// @param logits `[batch, vocabulary]` after the last real position of each row
  /// @param inputs what entered the first layer at each step, `[batch, 1, width]`
  record Result(Batch batch, Tensor logits, List<Tensor> inputs, List<Generation.Answer> answers) {}

  private int[] choose(Tensor logits, Tap tap) {
    int vocabulary = (int) logits.size(-1);
    float[] raw = logits.to(DType.FLOAT32).toFloats();
    float[] all = model.settings().finite(raw);
    double[] normalizers;
    try (Scope scope = Scope.open()) {
      Tensor exact = Arrays.equals(all, raw) ? logits : Tensor.of(all, logits.shape());
      normalizers = Torch.logsumexp(exact.to(DType.FLOAT64), 1).toDoubles();
    }
    int[] next = new int[rows.size()];
    for (int r = 0; r < next.length; r++) {
      Row row = rows.get(r);
      if (row.open && !Double.isFinite(normalizers[r])) {
        throw NotFinite.of(model, tap);
      }
      float[] own = Arrays.copyOfRange(all, r * vocabulary, (r + 1) * vocabulary);
      int id = row.open ? decide(row, own) : model.padId();
      if (row.open) {
        row.mostProbable.add(Sampling.largest(own));
        take(row, r, id, own[id] - normalizers[r]);
        if (companion != null && row.closing.isEmpty()) {
          companion.chosen(id, own[id] - normalizers[r]);
        }
      }
      next[r] = row.open ? id : model.padId();
    }
    return next;
  }

  /// The next token of a row: settings of the checkpoint first, then the largest or a lot.
  private int decide(Row row, float[] logits) {
    if (options.sampling() instanceof Sampling.MostProbable) {
      return row.chooser.choose(logits);
    }
    Rule.Moment moment = new Rule.Moment(row.sequence(), row.prompt.length, options.maxTokens());
    return row.chooser.choose(model.settings().scores(logits, moment));
  }

  private void take(Row row, int index, int id, double logProbability) {
    Tokenizer tokenizer = model.tokenizer();
    boolean endless = options.ending() == GenerationOptions.Ending.NEVER;
    if (!endless && model.settings().ends().contains(id)) {
      row.open = false;
      row.end = Generation.End.END_OF_TEXT;
      row.closing = OptionalInt.of(id);
      return;
    }
    row.ids.add(id);
    row.logProbabilities.add(logProbability);
    if (id < tokenizer.vocabularySize()) {
      row.text.append(row.stream.push(id));
    }
    Optional<Integer> stop =
        options.stop().stream().map(row.text::indexOf).filter(at -> at >= 0).min(Integer::compare);
    if (stop.isPresent() && !endless) {
      row.text.setLength(stop.get());
      row.open = false;
      row.end = Generation.End.STOP_TEXT;
    } else if (!endless && stopTexts.end(row.sequence())) {
      // A stop text of the checkpoint is part of the answer, as in the reference.
      row.open = false;
      row.end = Generation.End.STOP_TEXT;
      row.text.append(row.stream.finish());
    }
    if (index == 0) {
      tell(row, row.text.length() - (row.open ? heldBack(row.text) : 0));
    }
  }

  /// How many characters at the end may yet turn out to be the beginning of a stop text.
  private int heldBack(StringBuilder text) {
    int held = 0;
    for (String stop : options.stop()) {
      for (int length = Math.min(stop.length() - 1, text.length()); length > held; length--) {
        if (stop.startsWith(text.substring(text.length() - length))) {
          held = length;
        }
      }
    }
    return held;
  }

  private void tell(Row row, int until) {
    if (until > row.told) {
      listener.text(row.text.substring(row.told, until));
      row.told = until;
    }
  }

  private void finish(Row row) {
    if (row.end != Generation.End.STOP_TEXT) {
      row.text.append(row.stream.finish());
    }
    if (row == rows.getFirst()) {
      tell(row, row.text.length());
    }
  }

  private Generation.Answer answer(Row row) {
    return new Generation.Answer(
        row.ids.stream().mapToInt(Integer::intValue).toArray(),
        row.logProbabilities.stream().mapToDouble(Double::doubleValue).toArray(),
        row.text.toString(),
        row.end,
        row.mostProbable.stream().limit(row.ids.size()).mapToInt(Integer::intValue).toArray(),
        row.closing);
  }

  /// The prompts with the tokens that were passed after them.
  private static List<Prompt> extend(Batch batch, int[][] ids, boolean[][] valid) {
    List<Prompt> extended = new ArrayList<>();
    for (int row = 0; row < ids.length; row++) {
      boolean[] real = valid[row];
      int[] own = ids[row];
      int[] passed =
          IntStream.range(batch.length(), own.length)
              .filter(p -> real[p])
              .map(p -> own[p])
              .toArray();
      extended.add(batch.prompts().get(row).withAnswer(passed));
    }
    return extended;
  }

  private static int[][] append(int[][] ids, int[] next) {
    int[][] longer = new int[ids.length][];
    for (int row = 0; row < ids.length; row++) {
      longer[row] = Arrays.copyOf(ids[row], ids[row].length + 1);
      longer[row][ids[row].length] = next[row];
    }
    return longer;
  }

  /// Whether each row goes on.
  private boolean[] going() {
    boolean[] going = new boolean[rows.size()];
    for (int row = 0; row < going.length; row++) {
      going[row] = rows.get(row).open;
    }
    return going;
  }

  /// The next position is real in rows that go on.
  private boolean[][] append(boolean[][] valid) {
    boolean[][] longer = new boolean[valid.length][];
    for (int row = 0; row < valid.length; row++) {
      longer[row] = Arrays.copyOf(valid[row], valid[row].length + 1);
      longer[row][valid[row].length] = rows.get(row).open;
    }
    return longer;
  }
}
