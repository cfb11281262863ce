package dev.lynceus.method.words;

import dev.lynceus.method.PatchViews;
import dev.lynceus.method.Unit;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.run.AnswerListener;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// How much of a picture fits into the vocabulary: what enters the decoder in the place of patches
/// is replaced by what their words stand for, `sum_v w_i[v] E[v]` with `E` the input embeddings
/// (pseudo image features, arXiv 2403.07720), and the model answers again. Beside it stand words
/// that were dealt out to other patches, and one average word for all: what these leave of the
/// answer has nothing to do with the words of the patches.
///
/// The contextual lens has a twin of its own: states at a depth are replaced by the nearest states
/// of texts, and for comparison by states of other words.
///
/// @param maxTokens most tokens of the answers
/// @param seed of how words are dealt out
public record PseudoFeatures(int maxTokens, long seed) {
  /// What one replacement did.
  ///
  /// @param name what stood in the place of the patches
  /// @param control whether it is one that should take the picture away
  /// @param change of the log probability of the model's own answer, nats
  /// @param said what the model answers
  /// @param same whether that is its own answer
  public record Row(String name, boolean control, double change, String said, boolean same) {}

  /// What becomes of an answer.
  ///
  /// @param answer the model's own
  /// @param logProbability of it, nats
  /// @param rows one for each replacement
  public record Result(String answer, @Unit("nats") double logProbability, List<Row> rows) {
    public Result {
      rows = List.copyOf(rows);
    }
  }

  /// A replacement that is tried.
  private record Trial(String name, boolean control, List<Intervention> changes) {}

  /// Asks again with other things in the place of patches.
  ///
  /// @param words the distribution that says which words; [WordView.Head], or a lens
  /// @param contexts contextual lenses whose states are put in; may be empty
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST without a picture; UNSUPPORTED_MODEL
  ///   where pictures do not stand among words
  public Result of(
      LoadedModel model,
      Prompt prompt,
      WordView.Distribution words,
      List<WordView.Context> contexts,
      Progress progress) {
    PatchViews.requireAmongWords(model.model(), "words in their place");
    int[] positions =
        PatchViews.of(model, prompt, "to put words into").stream()
            .flatMapToInt(view -> Arrays.stream(view.positions()))
            .toArray();
    try (Generation own = answer(model, prompt, List.of());
        Scope scope = Scope.open();
        Run run = model.run(prompt, PatchStates.capture(model.model().decoder().config()))) {
      int[] ids = own.answer().ids();
      double base = logProbability(model, prompt, ids, List.of());
      List<Trial> trials = trials(new PatchStates(run, positions), words, contexts);
      List<Row> rows = new ArrayList<>();
      for (Trial trial : trials) {
        double log = logProbability(model, prompt, ids, trial.changes);
        try (Generation now = answer(model, prompt, trial.changes)) {
          String said = now.answer().text();
          rows.add(
              new Row(
                  trial.name, trial.control, log - base, said, said.equals(own.answer().text())));
        }
        progress.at("words in the place of patches", rows.size(), trials.size());
      }
      return new Result(own.answer().text(), base, rows);
    }
  }

  private List<Trial> trials(
      PatchStates states, WordView.Distribution words, List<WordView.Context> contexts) {
    Positions places = Positions.of(states.positions());
    Tensor w = words.log(states).exp();
    List<Trial> trials = new ArrayList<>();
    trials.add(trial("all words", false, places, 0, features(states.decoder(), w)));
    for (int kept : new int[] {50, 5, 1}) {
      if (kept < w.size(1)) {
        String name = kept == 1 ? "the best word" : "the best %d words".formatted(kept);
        trials.add(trial(name, false, places, 0, features(states.decoder(), best(w, kept))));
      }
    }
    int[] dealt = dealt(states.positions().length);
    trials.add(
        trial(
            "all words, dealt out to other patches",
            true,
            places,
            0,
            features(states.decoder(), w.indexSelect(0, Tensor.indices(dealt)))));
    Tensor even = Torch.full(DType.FLOAT32, 1.0 / w.size(1), w.shape());
    trials.add(
        trial("the average of all embeddings", true, places, 0, features(states.decoder(), even)));
    for (WordView.Context context : contexts) {
      int depth = context.depth();
      // What leaves the last layer is read by nothing; at depth 0 words have no context yet.
      if (depth >= states.depths() - 1 || !context.bank().keeps(depth)) {
        continue;
      }
      Tensor at = states.at(depth);
      trials.add(
          trial(
              "nearest states of texts, depth " + depth,
              false,
              places,
              depth,
              context.bank().replacement(at, depth, ContextBank.Chosen.NEAREST)));
      trials.add(
          trial(
              "states of other words, depth " + depth,
              true,
              places,
              depth,
              context.bank().replacement(at, depth, ContextBank.Chosen.OTHER)));
    }
    return trials;
  }

  private static Trial trial(
      String name, boolean control, Positions places, int depth, Tensor values) {
    Point point = depth == 0 ? Point.EMBED_MERGED : Point.RESID_PRE;
    Op set = new Op.Set(Values.of(values.unsqueeze(0)));
    return new Trial(name, control, List.of(Intervention.at(point, depth, set).at(places)));
  }

  /// What words stand for, `[patches, vocabulary]` to `[patches, width]`: sums of input embeddings,
  /// scaled as the family scales those of text.
  ///
  /// @param words weights of the vocabulary for each patch
  public static Tensor features(TextStack decoder, Tensor words) {
    Tensor table = decoder.weights().embedding();
    Tensor sum = words.to(DType.FLOAT32).matmul(table.to(DType.FLOAT32));
    double scale = decoder.config().embeddingScale();
    return scale == 1 ? sum : sum.mul(scale);
  }

  /// The best words alone, their weights divided by their sum.
  static Tensor best(Tensor words, int kept) {
    Tensor.TopK top = words.topk(kept);
    Tensor least = top.values().narrow(1, kept - 1L, 1);
    Tensor some = words.maskedFill(least.sub(words).gt(0), 0);
    return some.div(some.sum(1).unsqueeze(1));
  }

  /// Patches in another order, no patch in its own place where there are two or more.
  private int[] dealt(int count) {
    int[] order = IntStream.range(0, count).toArray();
    Random random = new Random(seed);
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    return order;
  }

  private Generation answer(LoadedModel model, Prompt prompt, List<Intervention> changes) {
    return model.generate(
        Batch.of(prompt),
        GenerationOptions.greedy(maxTokens),
        Capture.NONE,
        changes,
        AnswerListener.NONE);
  }

  /// Log probability of an answer after a prompt, nats.
  private static double logProbability(
      LoadedModel model, Prompt prompt, int[] ids, List<Intervention> changes) {
    if (ids.length == 0) {
      return 0;
    }
    Positions rows = Positions.from(prompt.length() - 1);
    try (Run run =
            model.run(
                Batch.of(prompt.withAnswer(Arrays.copyOf(ids, ids.length - 1))),
                Capture.of(Capture.request(Point.LOGITS).at(rows)),
                changes);
        Scope scope = Scope.open()) {
      Tensor log = Torch.logSoftmax(run.get(Point.LOGITS, 0).select(0, 0).to(DType.FLOAT64), 1);
      double sum = 0;
      for (int i = 0; i < ids.length; i++) {
        sum += log.select(0, i).select(0, ids[i]).item();
      }
      return sum;
    }
  }
}
