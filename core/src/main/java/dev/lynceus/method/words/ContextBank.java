package dev.lynceus.method.words;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.RowTrace;
import dev.lynceus.method.Words;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// States of the words of texts, each in its context, at some depths of a decoder. A state of a
/// visual token is read as the word whose state is nearest by cosine, at whichever of these depths
/// (arXiv 2602.00462). Special tokens are left out, and so is the first token of a text, which many
/// models use as a place to rest attention on.
///
/// Tensors live until this is closed.
public final class ContextBank implements AutoCloseable {
  /// Depths that are kept of a deep decoder.
  private static final int QUARTERS = 4;

  private static final int SHALLOW = 8;

  /// Entries that are looked through for words that differ.
  private static final int PER_WORD = 16;

  /// Entries between a state and the one of another word that stands for it in a control.
  private static final int FAR = 7919;

  /// What a bank may hold.
  ///
  /// @param depths of the decoder whose states are kept; empty for [#depths(TextConfig)]
  /// @param bytes most memory
  public record Limits(List<Integer> depths, long bytes) {
    /// The usual depths, and 2 GiB.
    public static final Limits DEFAULT = new Limits(List.of(), 2L << 30);

    public Limits {
      depths = List.copyOf(depths);
    }
  }

  /// A word in its text.
  private record Entry(int id, int text, int position) {}

  private final LoadedModel model;
  private final List<int[]> texts;
  private final List<Entry> entries;
  private final List<Integer> depths;

  /// Unit rows, `[depths * entries, width]`, depth by depth.
  private final Tensor rows;

  private ContextBank(
      LoadedModel model,
      List<int[]> texts,
      List<Entry> entries,
      List<Integer> depths,
      Tensor rows) {
    this.model = model;
    this.texts = texts;
    this.entries = entries;
    this.depths = depths;
    this.rows = rows;
  }

  /// Passes texts through a model, each without its chat template, and keeps the states of their
  /// words.
  ///
  /// @throws LynceusException BAD_REQUEST without a word, for depths that there are not, or for
  ///   more words than fit into the memory; CANCELLED
  public static ContextBank of(
      LoadedModel model, List<String> texts, Limits limits, Progress progress) {
    TextConfig config = model.model().decoder().config();
    List<Integer> depths = limits.depths().isEmpty() ? depths(config) : limits.depths();
    for (int depth : depths) {
      if (depth < 0 || depth > config.layers()) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "there is no depth %d in a decoder of %d layers".formatted(depth, config.layers()),
            "Use depths from 0 to %d.".formatted(config.layers()));
      }
    }
    List<Prompt> prompts = texts.stream().filter(text -> !text.isBlank()).map(model::raw).toList();
    List<Entry> entries = entries(model, prompts);
    long bytes = (long) entries.size() * depths.size() * config.width() * Float.BYTES;
    if (entries.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the texts of the contextual lens hold no word",
          "Give texts of several words, one a line.");
    }
    if (bytes > limits.bytes()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the states of %,d words at %d depths take %,d MiB; there is room for %,d"
              .formatted(entries.size(), depths.size(), bytes >> 20, limits.bytes() >> 20),
          "Give fewer texts, or fewer depths.");
    }
    Tensor rows =
        Torch.empty(DType.FLOAT32, (long) depths.size() * entries.size(), config.width()).own();
    try {
      int from = 0;
      for (int text = 0; text < prompts.size(); text++) {
        if (progress.cancelled()) {
          throw new LynceusException(
              ErrorCode.CANCELLED,
              "stopped at text %d of %d".formatted(text, prompts.size()),
              "Run it again to begin anew.");
        }
        int number = text;
        int[] positions =
            entries.stream()
                .filter(entry -> entry.text == number)
                .mapToInt(Entry::position)
                .toArray();
        if (positions.length > 0) {
          keep(model, prompts.get(text), positions, depths, entries.size(), from, rows);
        }
        from += positions.length;
        progress.at("texts", text + 1L, prompts.size());
      }
    } catch (RuntimeException failure) {
      rows.close();
      throw failure;
    }
    return new ContextBank(
        model, prompts.stream().map(Prompt::ids).toList(), entries, depths, rows);
  }

  /// Depths at which words have a context: all of a shallow decoder, the quarters of a deep one.
  public static List<Integer> depths(TextConfig config) {
    int layers = config.layers();
    if (layers <= SHALLOW) {
      return IntStream.rangeClosed(1, layers).boxed().toList();
    }
    TreeSet<Integer> some = new TreeSet<>();
    for (int quarter = 1; quarter <= QUARTERS; quarter++) {
      some.add(layers * quarter / QUARTERS);
    }
    return List.copyOf(some);
  }

  private static List<Entry> entries(LoadedModel model, List<Prompt> prompts) {
    List<Entry> entries = new ArrayList<>();
    for (int text = 0; text < prompts.size(); text++) {
      int[] ids = prompts.get(text).ids();
      for (int position = 1; position < ids.length; position++) {
        if (!model.tokenizer().isSpecial(ids[position])) {
          entries.add(new Entry(ids[position], text, position));
        }
      }
    }
    return entries;
  }

  private static void keep(
      LoadedModel model,
      Prompt prompt,
      int[] positions,
      List<Integer> depths,
      int entries,
      int from,
      Tensor rows) {
    try (Scope scope = Scope.open();
        Run run = model.run(prompt, PatchStates.capture(model.model().decoder().config()))) {
      PatchStates states = new PatchStates(run, positions);
      for (int d = 0; d < depths.size(); d++) {
        Tensor unit = Cosines.unit(RowTrace.wide(states.at(depths.get(d)))).to(DType.FLOAT32);
        rows.narrow(0, (long) d * entries + from, positions.length).copy_(unit);
      }
    }
  }

  /// How many words it holds.
  public int size() {
    return entries.size();
  }

  /// Whether it has states of a depth, which can stand in the place of others there.
  public boolean keeps(int depth) {
    return depths.contains(depth);
  }

  /// The nearest words of each state, each word once, nearest first.
  ///
  /// @param states `[patches, width]`
  public List<List<Found>> nearest(Tensor states, int count) {
    Words words = new Words(model.tokenizer());
    try (Scope scope = Scope.open()) {
      Tensor all = cosines(states);
      int kept = (int) Math.min(all.size(1), (long) count * PER_WORD * depths.size());
      Tensor.TopK top = all.topk(kept);
      float[] values = top.values().toFloats();
      int[] places = top.indices().toInts();
      List<List<Found>> found = new ArrayList<>();
      for (int row = 0; row < states.size(0); row++) {
        Map<Integer, Found> own = new LinkedHashMap<>();
        for (int i = row * kept; i < (row + 1) * kept && own.size() < count; i++) {
          Entry entry = entries.get(places[i] % entries.size());
          float cosine = values[i];
          own.computeIfAbsent(
              entry.id, id -> new Found(id, words.text(id), cosine, context(entry)));
        }
        found.add(List.copyOf(own.values()));
      }
      return found;
    }
  }

  /// The largest cosine of each state with a state of each of some words, `[words][patches]`; NaN
  /// where no text has the word.
  double[][] search(Tensor states, int[] ids) {
    double[][] found = new double[ids.length][(int) states.size(0)];
    try (Scope scope = Scope.open()) {
      Tensor all = cosines(states);
      for (int i = 0; i < ids.length; i++) {
        int id = ids[i];
        int[] own =
            IntStream.range(0, depths.size() * entries.size())
                .filter(place -> entries.get(place % entries.size()).id == id)
                .toArray();
        if (own.length == 0) {
          Arrays.fill(found[i], Double.NaN);
        } else {
          found[i] = all.indexSelect(1, Tensor.indices(own)).amax(1).toDoubles();
        }
      }
    }
    return found;
  }

  /// Which states of texts stand in the place of others.
  enum Chosen {
    /// The nearest.
    NEAREST,
    /// Others, of other words, as a control.
    OTHER
  }

  /// States of texts at one depth for putting them in the place of others, `[patches, width]`, each
  /// scaled to the length of what it replaces; in the scope that is open.
  ///
  /// @param depth one of those that are kept
  Tensor replacement(Tensor states, int depth, Chosen chosen) {
    int at = depths.indexOf(depth);
    if (at < 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the contextual lens keeps no states of depth " + depth,
          "Use one of " + depths + ".");
    }
    Tensor own = rows.narrow(0, (long) at * entries.size(), entries.size());
    int[] places = Cosines.unit(states).to(DType.FLOAT32).matmul(own.t()).argmax(1).toInts();
    if (chosen == Chosen.OTHER) {
      places = Arrays.stream(places).map(this::elsewhere).toArray();
    }
    Tensor lengths = states.square().sum(1).sqrt().unsqueeze(1);
    return own.indexSelect(0, Tensor.indices(places)).mul(lengths.to(DType.FLOAT32));
  }

  /// An entry of another word, far down the list.
  private int elsewhere(int place) {
    for (int step = 0; step < entries.size(); step++) {
      int other = (place + FAR + step) % entries.size();
      if (entries.get(other).id != entries.get(place).id) {
        return other;
      }
    }
    throw new LynceusException(
        ErrorCode.BAD_REQUEST,
        "the texts of the contextual lens hold one word alone, and no other for a control",
        "Give texts of several words, one a line.");
  }

  private Tensor cosines(Tensor states) {
    return Cosines.unit(states).to(DType.FLOAT32).matmul(rows.t());
  }

  /// The text of an entry, its word between marks.
  private String context(Entry entry) {
    int[] ids = texts.get(entry.text);
    StringBuilder text = new StringBuilder();
    for (int position = 0; position < ids.length; position++) {
      if (model.tokenizer().isSpecial(ids[position])) {
        continue;
      }
      String word = model.tokenizer().text(ids[position]);
      text.append(position == entry.position ? "«" + word.strip() + "»" : word);
    }
    return text.toString().strip();
  }

  @Override
  public void close() {
    rows.close();
  }
}
