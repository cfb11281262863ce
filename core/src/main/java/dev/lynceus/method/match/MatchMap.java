package dev.lynceus.method.match;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.match.Matcher;
import dev.lynceus.run.Lease;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.MatchText;
import dev.lynceus.run.Sight;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Where a verdict looked: Grad-CAM of cross-attention, as ALBEF and BLIP show it (Li and others,
/// arXiv 2107.07651).
///
/// With `A` the pattern of the cross-attention of one layer, `[heads, rows, positions]`, and `y`
/// the score of “matches”, the map of a row is `mean over heads of max(0, dy/dA) * A`, at the
/// patches: where the row looked, as far as looking there speaks for a match. Rows are the tokens
/// of the text, those of a word averaged (BLIP), or the queries (BLIP-2, whose words read no
/// picture). The map of the text is the mean over all its tokens, or over the queries; tokens that
/// the tokenizer puts around it are left out.
///
/// It is a first-order estimate at one layer; [MatchTest] takes the patches away and looks.
///
/// @param layer of the reader
/// @param rows rows of patches
/// @param columns columns of patches
/// @param names of what looked: words, or queries
/// @param maps `[names][patches]`
/// @param whole map of the text, `[patches]`
// Plain numbers of a result; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record MatchMap(
    int layer, int rows, int columns, List<String> names, double[][] maps, double[] whole) {
  public MatchMap {
    names = List.copyOf(names);
  }

  /// The pattern of a layer and the gradient of the score with respect to it.
  ///
  /// @param pattern `[1, heads, rows, positions]`
  /// @param gradient like it
  public record Slope(Tensor pattern, Tensor gradient) {}

  /// The layer that the field takes: the eighth of BLIP's twelve, and of other depths the one as
  /// deep; of a Q-Former the last before there that reads the tower.
  public static int usualLayer(Matcher model) {
    int layers = model.layers(model.reader());
    int deep = Math.max(0, Math.ceilDiv(2 * layers, 3) - 1);
    return IntStream.rangeClosed(0, deep).filter(model::reads).max().orElse(0);
  }

  /// Requires a layer that reads the picture.
  ///
  /// @throws LynceusException BAD_REQUEST for another one, with those that do
  public static void requireReading(Matcher model, int layer) {
    int layers = model.layers(model.reader());
    if (layer >= 0 && layer < layers && model.reads(layer)) {
      return;
    }
    String reading =
        IntStream.range(0, layers)
            .filter(model::reads)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", "));
    throw new LynceusException(
        ErrorCode.BAD_REQUEST,
        layer >= 0 && layer < layers
            ? "layer %d reads no picture".formatted(layer)
            : "there is no layer %d: this model has layers 0 to %d".formatted(layer, layers - 1),
        "Give one that reads the picture: %s.".formatted(reading));
  }

  /// Patterns of the layers that read the tower, and the gradients of the score of “matches”. They
  /// belong to the scope that is open.
  ///
  /// @return one for each layer that reads, in order
  public static List<Slope> slopes(LoadedMatcher loaded, Sight sight, MatchText words) {
    Matcher model = loaded.model();
    DType dtype = loaded.computeType();
    Point point = Point.of(model.reader(), Site.CROSS_PATTERN);
    int[] layers = IntStream.range(0, model.layers(model.reader())).filter(model::reads).toArray();
    int tokens = model.reader() == Stack.QFORMER ? model.speakers() : words.tokens().length();
    int heads = heads(model);
    try (Lease lease = loaded.lease()) {
      Tensor seen = model.seen(List.of(sight.picture()), dtype, sight.flow(), Tap.idle());
      List<Tensor> zeros = new ArrayList<>();
      List<Intervention> added = new ArrayList<>();
      for (int layer : layers) {
        // The pattern stays what it is, and there is a gradient with respect to it.
        Tensor zero = Torch.zeros(dtype, 1, heads, tokens, seen.size(1)).requiresGrad();
        zeros.add(zero);
        added.add(Intervention.at(point, layer, new Op.Add(Values.of(zero), 1)));
      }
      Tap tap = Tap.of(Capture.of(Capture.request(point)), added, model.labels(words.tokens()));
      Tensor verdicts = model.verdicts(seen, List.of(words.tokens()), tap);
      Tensor score = verdicts.mean(1).select(1, 1).sum();
      try (Captured captured = tap.finish()) {
        var found = Torch.gradients(score, Torch.full(dtype, 1, score.shape()), zeros);
        List<Slope> slopes = new ArrayList<>();
        for (int i = 0; i < layers.length; i++) {
          Tensor zero = zeros.get(i);
          slopes.add(
              new Slope(
                  captured.get(point, layers[i]).detach().copy(),
                  found.get(i).orElseGet(() -> Torch.zeros(dtype, zero.shape()))));
        }
        return slopes;
      }
    }
  }

  private static int heads(Matcher model) {
    return model.reader() == Stack.QFORMER
        ? model.queries().orElseThrow().config().heads()
        : model.textEncoder().orElseThrow().config().shape().heads().count();
  }

  /// The map of a picture and a text.
  ///
  /// @param layer of the reader
  /// @throws LynceusException BAD_REQUEST for a layer that reads no picture
  public static MatchMap of(LoadedMatcher loaded, Sight sight, MatchText words, int layer) {
    Matcher model = loaded.model();
    requireReading(model, layer);
    int side = model.tower().config().grid();
    try (Scope scope = Scope.open()) {
      int at = (int) IntStream.range(0, layer).filter(model::reads).count();
      Slope slope = slopes(loaded, sight, words).get(at);
      Tensor cam =
          slope.gradient().clampMin(0).mul(slope.pattern()).to(DType.FLOAT64).mean(1).select(0, 0);
      int patches = side * side;
      // Patches come last, after a class token.
      double[][] rows = rows(cam.narrow(1, cam.size(1) - patches, patches));
      if (model.reader() == Stack.QFORMER) {
        List<String> names =
            IntStream.range(0, rows.length).mapToObj(query -> "query " + query).toList();
        return new MatchMap(layer, side, side, names, rows, mean(rows, all(rows.length)));
      }
      double[][] maps =
          words.words().stream().map(word -> mean(rows, word.positions())).toArray(double[][]::new);
      int[] tokens =
          words.words().stream().flatMapToInt(word -> IntStream.of(word.positions())).toArray();
      List<String> names = words.words().stream().map(MatchText.Word::text).toList();
      return new MatchMap(layer, side, side, names, maps, mean(rows, tokens));
    }
  }

  private static int[] all(int count) {
    return IntStream.range(0, count).toArray();
  }

  private static double[] mean(double[][] rows, int[] some) {
    double[] mean = new double[rows[0].length];
    for (int row : some) {
      for (int p = 0; p < mean.length; p++) {
        mean[p] += rows[row][p] / some.length;
      }
    }
    return mean;
  }

  private static double[][] rows(Tensor matrix) {
    int columns = (int) matrix.size(1);
    double[] flat = matrix.contiguous().toDoubles();
    return IntStream.range(0, flat.length / columns)
        .mapToObj(row -> Arrays.copyOfRange(flat, row * columns, (row + 1) * columns))
        .toArray(double[][]::new);
  }

  /// The patches that the map of the text points at most, most first.
  public int[] most(int count) {
    return IntStream.range(0, whole.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer patch) -> -whole[patch]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /// Whether the map is zero everywhere: no look at this layer speaks for a match.
  public boolean isEmpty() {
    return Arrays.stream(whole).allMatch(value -> value == 0);
  }
}
