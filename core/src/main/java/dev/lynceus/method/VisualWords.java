package dev.lynceus.method;

import dev.lynceus.method.Explanation.PatchWords;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.model.llama.Llama;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Words that hide in visual tokens: the projected patch against the input embeddings (inner
/// product) and through the unembedding (frozen variance), and the own-norm logit lens at a few
/// depths of each patch position.
public final class VisualWords {
  /// Patches that are read at once.
  private static final long BLOCK = 192;

  private VisualWords() {}

  /// Words of every patch of one image.
  ///
  /// @param positions of its visual tokens
  /// @param row the predicting row whose variance the lens takes
  /// @param listed words in each list
  public static List<PatchWords> of(Run run, int[] positions, int row, int listed) {
    Llama decoder = run.model().model().decoder();
    Words words = new Words(run.model().tokenizer());
    int layers = decoder.config().layers();
    try (Scope scope = Scope.open()) {
      Tensor index = Tensor.indices(positions);
      Tensor visual = RowTrace.wide(run.get(Point.RESID_PRE, 0).select(0, 0).indexSelect(0, index));
      dev.lynceus.nn.Linear embeddings =
          new dev.lynceus.nn.Linear(decoder.weights().embedding(), null);
      List<List<Word>> input = words(words, visual, embeddings::apply, listed);
      FrozenLens frozen = FrozenLens.of(decoder, new RowTrace(run, row).last());
      List<List<Word>> output = words(words, visual, frozen::logits, listed);
      Map<Integer, List<List<Word>>> depths = new LinkedHashMap<>();
      LogitLens lens = new LogitLens(LogitLens.Normalization.OWN);
      for (int depth : depths(layers)) {
        try (Scope inner = Scope.open()) {
          Tensor kept =
              depth < layers
                  ? run.get(Point.RESID_PRE, depth)
                  : run.get(Point.RESID_POST, layers - 1);
          Tensor states = kept.select(0, 0).indexSelect(0, index);
          depths.put(
              depth,
              words(
                  words,
                  states,
                  rows -> Torch.softmax(lens.logits(decoder, rows), 1),
                  Math.min(listed, 5)));
        }
      }
      List<PatchWords> patches = new ArrayList<>();
      for (int i = 0; i < positions.length; i++) {
        Map<Integer, List<Word>> byDepth = new LinkedHashMap<>();
        for (Map.Entry<Integer, List<List<Word>>> entry : depths.entrySet()) {
          byDepth.put(entry.getKey(), entry.getValue().get(i));
        }
        patches.add(new PatchWords(input.get(i), output.get(i), byDepth));
      }
      return patches;
    }
  }

  /// Words of some vectors, block by block: the scores of all patches over a large vocabulary would
  /// fill memory.
  private static List<List<Word>> words(
      Words words, Tensor vectors, UnaryOperator<Tensor> scores, int listed) {
    List<List<Word>> all = new ArrayList<>();
    for (long start = 0; start < vectors.size(0); start += BLOCK) {
      try (Scope scope = Scope.open()) {
        Tensor rows = vectors.narrow(0, start, Math.min(BLOCK, vectors.size(0) - start));
        all.addAll(words.top(scores.apply(rows), listed));
      }
    }
    return all;
  }

  /// Depths at which patches are read: all of a shallow model, a few of a deep one.
  private static int[] depths(int layers) {
    if (layers <= 8) {
      return IntStream.rangeClosed(1, layers).toArray();
    }
    TreeSet<Integer> chosen = new TreeSet<>();
    for (int quarter = 1; quarter <= 4; quarter++) {
      chosen.add(layers * quarter / 4);
    }
    return chosen.stream().mapToInt(Integer::intValue).toArray();
  }
}
