package dev.lynceus.method;

import dev.lynceus.method.Explanation.PatchWords;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.nn.Linear;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Point;
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

/// Words that hide in visual tokens: the projected patch against the input embeddings (inner
/// product) and through the unembedding (frozen variance), and the own-norm logit lens at a few
/// depths of each patch position.
///
/// A patch costs two products of a row with the vocabulary, and one for each depth. So that an
/// explanation costs little beside the answer, those of a large picture are read for as many
/// patches as a fortieth of the decoder's own multiplications over the prompt pays for, those with
/// the largest values of a map first; see [#affordable].
public final class VisualWords {
  /// The decoder's multiplications for one of the words'.
  private static final long SHARE = 40;

  /// Multiplications that nobody waits for: a few thousandths of a second.
  private static final long SMALL = 50_000_000L;

  private VisualWords() {}

  /// Patches that can be read within the share; all of a small model.
  ///
  /// @param positions of the sequence
  public static int affordable(TextStack decoder, int positions) {
    TextConfig c = decoder.config();
    long one = (depths(c.layers()).length + 2L) * c.vocabulary() * c.width();
    long layer = 2L * c.width() * c.headWidth() * (c.heads() + c.keyHeads());
    long pass = (long) positions * c.layers() * (layer + 3L * c.width() * c.inner());
    return (int) Math.max(pass / SHARE / one, SMALL / one);
  }

  /// Words of every patch of one image.
  ///
  /// @param positions of its visual tokens
  /// @param row the predicting row whose variance the lens takes
  /// @param listed words in each list
  public static List<PatchWords> of(Run run, int[] positions, int row, int listed) {
    boolean[] all = new boolean[positions.length];
    Arrays.fill(all, true);
    return of(run, positions, all, row, listed);
  }

  /// Words of some patches of one image; those of the others are empty.
  ///
  /// @param read for each position whether it is read
  static List<PatchWords> of(Run run, int[] positions, boolean[] read, int row, int listed) {
    int[] chosen = IntStream.range(0, positions.length).filter(i -> read[i]).toArray();
    TextStack decoder = run.model().model().decoder();
    int block = Math.max(1, FrozenLens.most(decoder));
    List<PatchWords> found = new ArrayList<>();
    int[] depths = depths(decoder.config().layers());
    int patches = Math.max(1, block / (depths.length + 1));
    try (Scope scope = Scope.open()) {
      FrozenLens frozen = FrozenLens.of(decoder, new RowTrace(run, row).last());
      for (int start = 0; start < chosen.length; start += patches) {
        int[] some =
            Arrays.stream(chosen, start, Math.min(start + patches, chosen.length))
                .map(i -> positions[i])
                .toArray();
        try (Scope inner = Scope.open()) {
          found.addAll(block(run, some, depths, frozen, listed));
        }
      }
    }
    PatchWords none = new PatchWords(List.of(), List.of(), Map.of());
    List<PatchWords> all = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < positions.length; i++) {
      all.add(read[i] ? found.get(next++) : none);
    }
    return all;
  }

  /// Words of some positions: one product with the unembedding for all depths of all of them, and
  /// one with the embedding.
  private static List<PatchWords> block(
      Run run, int[] positions, int[] depths, FrozenLens frozen, int listed) {
    TextStack decoder = run.model().model().decoder();
    Words words = new Words(run.model().tokenizer());
    int layers = decoder.config().layers();
    int count = positions.length;
    Tensor index = Tensor.indices(positions);
    Tensor visual = RowTrace.wide(run.get(Point.RESID_PRE, 0).select(0, 0).indexSelect(0, index));
    List<Tensor> rows = new ArrayList<>(List.of(frozen.scaled(visual)));
    for (int depth : depths) {
      Tensor kept =
          depth < layers ? run.get(Point.RESID_PRE, depth) : run.get(Point.RESID_POST, layers - 1);
      Tensor states = RowTrace.wide(kept.select(0, 0).indexSelect(0, index));
      rows.add(decoder.finished(states));
    }
    Tensor logits = decoder.weights().head().apply(Torch.cat(rows, 0));
    List<List<Word>> output = words.top(logits.narrow(0, 0, count), listed);
    List<List<List<Word>>> byDepth = new ArrayList<>();
    for (int d = 0; d < depths.length; d++) {
      Tensor read = Torch.softmax(logits.narrow(0, (d + 1L) * count, count), 1);
      byDepth.add(words.top(read, Math.min(listed, 5)));
    }
    List<List<Word>> input =
        words.top(new Linear(decoder.weights().embedding(), null).apply(visual), listed);
    List<PatchWords> patches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<Integer, List<Word>> at = new LinkedHashMap<>();
      for (int d = 0; d < depths.length; d++) {
        at.put(depths[d], byDepth.get(d).get(i));
      }
      patches.add(new PatchWords(input.get(i), output.get(i), at));
    }
    return patches;
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
