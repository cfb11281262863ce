package dev.lynceus.verify;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Safetensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Compares a value computed here with the reference value of that name.
sealed interface Judge {

  /// The name of the reference file.
  String file();

  /// Every number within a tolerance.
  record Within(String file, Tolerance tolerance) implements Judge {}

  /// For values of 16-bit arithmetic, whose rounding errors differ with the order of every sum: the
  /// mean distance between the two programs may be at most [#SLACK] times the mean distance of the
  /// reference program from its own float32 run of the same weights. Where both round equally much
  /// and independently, it is sqrt(2) times it.
  ///
  /// One row of a tensor is judged by that row of the whole which the reference rounds worst: how
  /// much one row is off is chance.
  ///
  /// @param rounded the reference values
  /// @param exact the same values computed in float32
  record AsCloseAsRounding(String file, Safetensors rounded, Safetensors exact) implements Judge {

    /// Above sqrt(2) for chance: in a tensor of one row the errors of all elements come from the
    /// same few numbers.
    static final double SLACK = 2;

    /// Rows of tensors, and the tensors that they are rows of.
    private static final Map<String, String> ROWS = Map.of("logits_last", "logits");

    /// The largest mean distance.
    double limit(String name) {
      String whole = ROWS.getOrDefault(name, name);
      if (whole.equals(name) || !rounded.names().contains(whole)) {
        return SLACK * off(name).mean().item();
      }
      Tensor off = off(whole);
      return SLACK * off.reshape(-1, off.size(-1)).mean(1).max().item();
    }

    private Tensor off(String name) {
      Tensor reference = rounded.tensor(name).to(DType.FLOAT64);
      return exact.tensor(name).to(DType.FLOAT64).sub(reference).abs();
    }
  }

  /// Ids and texts only: for 16-bit arithmetic, in which probabilities carry two or three digits
  /// and the order of near-equal words is chance.
  record TextsOnly(String file) implements Judge {}

  /// Compares numbers; whole numbers (ids, masks) must be equal.
  default Check tensor(String name, Tensor ours, Tensor reference) {
    long[] shape = reference.shape();
    if (!Arrays.equals(withoutLeadingOnes(ours.shape()), withoutLeadingOnes(shape))) {
      return new Check(
          file(),
          name,
          shape,
          Double.NaN,
          Double.NaN,
          Verdict.FAIL,
          "the shape here is " + Arrays.toString(ours.shape()));
    }
    if (!reference.dtype().isFloating()) {
      return ids(name, ours.toInts(), reference.toInts(), shape);
    }
    try (Scope scope = Scope.open()) {
      Tensor expected = reference.to(DType.FLOAT64).reshape(-1);
      Tensor difference = ours.detach().to(DType.FLOAT64).reshape(-1).sub(expected).abs();
      double absolute = difference.max().item();
      double largest = expected.abs().max().item();
      double relative = absolute == 0 ? 0 : absolute / largest;
      String reason = failure(name, difference, absolute, largest);
      return new Check(
          file(),
          name,
          shape,
          absolute,
          relative,
          reason.isEmpty() ? Verdict.PASS : Verdict.FAIL,
          reason);
    }
  }

  private String failure(String name, Tensor difference, double absolute, double largest) {
    // An infinite reference would make every limit infinite.
    if (!Double.isFinite(absolute) || !Double.isFinite(largest)) {
      return "a number is not finite";
    }
    return switch (this) {
      case Within within -> {
        double limit = within.tolerance.limit(largest);
        yield absolute <= limit ? "" : "the limit is %.2g".formatted(limit);
      }
      case AsCloseAsRounding rounding -> {
        double mean = difference.mean().item();
        double limit = rounding.limit(name);
        yield mean <= limit
            ? ""
            : "the mean difference is %.2g, the limit %.2g".formatted(mean, limit);
      }
      case TextsOnly texts -> "";
    };
  }

  /// Compares the most probable words and their probabilities.
  ///
  /// @param probabilities float64 `[vocabulary]`
  default List<Check> ranking(Tensor probabilities, int[] ids, double[] reference) {
    return switch (this) {
      case TextsOnly texts -> {
        String reason = "16-bit probabilities have no fixed order; the logits are compared";
        yield List.of(
            Check.skipped(file(), "top5.id", new long[] {ids.length}, reason),
            Check.skipped(file(), "top5.prob", new long[] {ids.length}, reason));
      }
      case Within within -> compareRanking(probabilities, ids, reference);
      case AsCloseAsRounding rounding -> compareRanking(probabilities, ids, reference);
    };
  }

  private List<Check> compareRanking(Tensor probabilities, int[] ids, double[] reference) {
    return List.of(
        ids("top5.id", probabilities.topk(ids.length).indices().toInts(), ids, ids.length),
        tensor(
            "top5.prob",
            probabilities.indexSelect(0, Tensor.indices(ids)),
            Tensor.of(reference, reference.length)));
  }

  /// Compares whole numbers; any difference fails.
  default Check ids(String name, int[] ours, int[] reference, long... shape) {
    int compared = Math.max(ours.length, reference.length);
    long different =
        IntStream.range(0, compared)
            .filter(i -> i >= ours.length || i >= reference.length || ours[i] != reference[i])
            .count();
    return exact(name, different, compared, shape, shorten(Arrays.toString(ours)));
  }

  /// Compares texts.
  default Check texts(String name, List<String> ours, List<String> reference) {
    int compared = Math.max(ours.size(), reference.size());
    List<Integer> different =
        IntStream.range(0, compared)
            .filter(i ->
                i >= ours.size() || i >= reference.size() || !ours.get(i).equals(reference.get(i)))
            .boxed()
            .toList();
    String here = "";
    if (!different.isEmpty()) {
      int first = different.getFirst();
      here =
          (compared == 1 ? "" : "entry " + first + ": ")
              + (first < ours.size() ? "'" + shorten(ours.get(first)) + "'" : "missing")
              + (first < reference.size()
                  ? ", expected '" + shorten(reference.get(first)) + "'"
                  : "");
    }
    long[] shape = compared == 1 ? new long[0] : new long[] {reference.size()};
    return exact(name, different.size(), compared, shape, here);
  }

  private Check exact(String name, long different, int compared, long[] shape, String here) {
    return new Check(
        file(),
        name,
        shape,
        different,
        compared == 0 ? 0 : (double) different / compared,
        different == 0 ? Verdict.PASS : Verdict.FAIL,
        different == 0 ? "" : "here " + here);
  }

  private static String shorten(String text) {
    return text.length() <= 80 ? text : text.substring(0, 79) + "…";
  }

  private static long[] withoutLeadingOnes(long[] shape) {
    int from = 0;
    while (from < shape.length - 1 && shape[from] == 1) {
      from++;
    }
    return Arrays.copyOfRange(shape, from, shape.length);
  }
}
