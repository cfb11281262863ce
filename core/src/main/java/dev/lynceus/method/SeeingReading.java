package dev.lynceus.method;

import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// What heads read of a picture on the way to a word, wherever in the text they read it.
///
/// A word's own row is seldom the only reader: asked where a thing is, a model looks at the thing
/// when it reads the thing's name, and the answer is fetched from there. So the reading of a head
/// `h` of layer `l` is taken at every row of text after the picture, and each row counts by what it
/// can still bring to the word:
///
/// `map_h[p] = sum over rows r of reach_(l+1)[r] * A_h[r, p] * |v_h[p] O_h|`
///
/// with the attention `A_h`, the length of what the head moves from patch `p` (Kobayashi and
/// others, arXiv 2004.10102), and `reach` a rollout (Abnar and Zuidema, arXiv 2005.00928) among
/// these rows only, from the word's row down: `reach_l = (reach_(l+1) + reach_(l+1) B) / 2`, where
/// `B[r, s]` is the sum over all heads of `A_h[r, s] * |v_h[s] O_h|`, its rows made to sum to 1. No
/// gradient enters and no pass beside the run's own; a value has no unit, and tells patches apart,
/// not words of one row.
public final class SeeingReading {
  /// Most rows of text that are followed, the last ones.
  static final int ROWS = 64;

  private final Run run;
  private final int[] rows;
  private final int[] kept;

  /// @param run kept what [#patterns] says
  /// @param row that predicts the word
  public SeeingReading(Run run, int row) {
    this.run = run;
    TokenMap tokens = run.tokens();
    int[] captured = run.captured().positions(Point.PATTERN, 0);
    this.kept =
        IntStream.range(0, captured.length)
            .filter(i -> captured[i] <= row)
            .filter(i ->
                switch (tokens.spots().get(captured[i]).role()) {
                  case QUESTION, PASSAGE, MASK, ANSWER, TEMPLATE -> true;
                  // The word's own row reads, whatever it is.
                  case IMAGE, PADDING -> captured[i] == row;
                })
            .toArray();
    this.rows = IntStream.of(kept).map(i -> captured[i]).toArray();
  }

  /// First row whose patterns are read: after the first picture, at most [#ROWS] before the word.
  ///
  /// @param row the first that predicts a word
  public static int start(TokenMap tokens, int row) {
    int[] first = tokens.image(0);
    int after = first.length == 0 ? row : first[first.length - 1] + 1;
    return Math.clamp(after, Math.max(0, row - ROWS + 1), row);
  }

  /// The patterns that are read, and what norms behind the attention divided by in their rows.
  public static Capture patterns(TextConfig config, TokenMap tokens, int row) {
    Positions rows = Positions.from(start(tokens, row));
    Capture patterns = Capture.of(Capture.request(Point.PATTERN).at(rows));
    return config.norms().behind()
        ? patterns.and(Capture.request(Point.LN1_POST_SCALE).at(rows))
        : patterns;
  }

  /// The reading of each of some heads, `[heads][patches]`, not negative.
  ///
  /// @param heads in any order
  /// @param view whose patches are read
  public double[][] of(List<SeeingHeads.Head> heads, TokenMap.View view) {
    TextConfig config = run.model().model().decoder().config();
    double[][] maps = new double[heads.size()][];
    double[] reach = new double[rows.length];
    reach[rows.length - 1] = 1;
    for (int l = config.layers() - 1; l >= 0; l--) {
      try (Scope scope = Scope.open()) {
        Tensor pattern =
            scaled(
                run.get(Point.PATTERN, l)
                    .select(0, 0)
                    .indexSelect(1, Tensor.indices(kept))
                    .to(DType.FLOAT64),
                l);
        int layer = l;
        int[] here =
            IntStream.range(0, maps.length).filter(i -> heads.get(i).layer() == layer).toArray();
        if (here.length > 0) {
          int[] some = IntStream.of(here).map(i -> heads.get(i).head()).toArray();
          double[][] read = read(pattern, l, some, reach, view.positions());
          for (int i = 0; i < here.length; i++) {
            maps[here[i]] = read[i];
          }
        }
        reach = further(reach, moved(pattern, l));
      }
    }
    return maps;
  }

  /// Patterns by what reaches the stream of each row: a norm behind the attention divides there.
  private Tensor scaled(Tensor pattern, int layer) {
    if (!run.model().model().decoder().config().norms().behind()) {
      return pattern;
    }
    int[] held = run.captured().positions(Point.LN1_POST_SCALE, layer);
    int[] places = IntStream.of(rows).map(row -> Arrays.binarySearch(held, row)).toArray();
    Tensor scale = run.get(Point.LN1_POST_SCALE, layer).select(0, 0).to(DType.FLOAT64);
    return pattern.div(scale.indexSelect(0, Tensor.indices(places)));
  }

  /// What some heads of a layer read of each patch.
  private double[][] read(Tensor pattern, int layer, int[] heads, double[] reach, int[] patches) {
    try (Scope scope = Scope.open()) {
      Tensor some = Tensor.indices(heads);
      Tensor places = Tensor.indices(patches);
      double[] read =
          Tensor.of(reach, 1, rows.length)
              .matmul(pattern.indexSelect(0, some).indexSelect(2, places))
              .mul(lengths(layer, places).indexSelect(0, some).unsqueeze(1))
              .toDoubles();
      return IntStream.range(0, heads.length)
          .mapToObj(h -> Arrays.copyOfRange(read, h * patches.length, (h + 1) * patches.length))
          .toArray(double[][]::new);
    }
  }

  /// Length of what each head of a layer moves from each place with full attention, `[heads,
  /// places]`, float64. Of many places it is the root of `v (O O^T) v`, `O` the head's output
  /// directions, which is much less work than the vectors themselves.
  private Tensor lengths(int layer, Tensor places) {
    TextConfig config = run.model().model().decoder().config();
    int width = config.headWidth();
    Tensor shared = new RowTrace(run, rows[rows.length - 1]).values(layer).indexSelect(1, places);
    Tensor values = shared.repeatInterleave(config.heads() / config.keyHeads(), 0);
    // Nothing else of the run need be kept but its weights.
    Layer w = run.model().model().decoder().weights().layers().get(layer);
    Tensor directions =
        w.attention()
            .output()
            .weight(values.dtype())
            .t()
            .reshape(config.heads(), width, config.width());
    if (w.behind() != null) {
      directions = directions.mul(w.behind().attention().weight().to(values.dtype()));
    }
    Tensor squares;
    if (places.numel() > width) {
      Tensor products = directions.matmul(directions.transpose(1, 2));
      squares = values.matmul(products).mul_(values).sum(2).clampMin(0);
    } else {
      squares = values.matmul(directions).square().sum(2);
    }
    return squares.to(DType.FLOAT64).sqrt();
  }

  /// What all heads of a layer move from each row to each, `[rows * rows]`, row by row.
  private double[] moved(Tensor pattern, int layer) {
    try (Scope scope = Scope.open()) {
      Tensor places = Tensor.indices(rows);
      return pattern
          .indexSelect(2, places)
          .mul(lengths(layer, places).unsqueeze(1))
          .sum(0)
          .toDoubles();
    }
  }

  private static double[] further(double[] reach, double[] moved) {
    int count = reach.length;
    double[] below = new double[count];
    for (int r = 0; r < count; r++) {
      double sum = 0;
      for (int s = 0; s < count; s++) {
        sum += moved[r * count + s];
      }
      below[r] += reach[r] / 2;
      for (int s = 0; s < count && sum > 0; s++) {
        below[s] += reach[r] / 2 * moved[r * count + s] / sum;
      }
    }
    return below;
  }

  /// The sum of some maps.
  public static double[] sum(List<double[]> maps, int patches) {
    double[] sum = new double[patches];
    maps.forEach(map -> Arrays.setAll(sum, p -> sum[p] + map[p]));
    return sum;
  }

  /// The geometric mean of a map's positive part with its own mean over 3 by 3 patches (fewer at
  /// the edges): what lies together stays, single patches far from the rest fade.
  ///
  /// @param rows of patches
  public static double[] gathered(double[] map, int rows, int columns) {
    double[] gathered = new double[map.length];
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        double sum = 0;
        int count = 0;
        for (int v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++) {
          for (int u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++) {
            sum += Math.max(0, map[v * columns + u]);
            count++;
          }
        }
        gathered[y * columns + x] = Math.sqrt(Math.max(0, map[y * columns + x]) * sum / count);
      }
    }
    return gathered;
  }
}
