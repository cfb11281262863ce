package dev.lynceus.method.evidence;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.LogitLens;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Internal confidence (arXiv 2410.02762): how probable the unembedding reads a word out of the
/// picture's own tokens, the largest over their layers and the word's pieces: `conf(o) = max over
/// l, i, k of softmax(lens(x_i^l))_k`. For each patch the largest over its layers segments the
/// picture.
///
/// @param reading how states are read
public record InternalConfidence(Reading reading) {
  /// States that are read at once: the scores of all patches over a large vocabulary would fill
  /// memory.
  private static final int BLOCK = 192;

  /// Scores that the authors' code keeps of each state.
  private static final int KEPT = 50;

  /// How a state becomes probabilities.
  public enum Reading {
    /// Through the last norm with the state's own scale, as the model itself would.
    NORMED,
    /// As the authors' code does: without the norm, but for the last layer's output, which its
    /// library hands out normed; only the 50 best tokens share the probability.
    COMPATIBLE;

    /// The name in options and results.
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Reads `normed` or `compatible`.
    public static Reading parse(String name) {
      return Arrays.stream(values())
          .filter(one -> one.label().equals(name))
          .findFirst()
          .orElseThrow(() ->
              new LynceusException(
                  ErrorCode.BAD_REQUEST,
                  "'" + name + "' is no way to read a word out of the picture",
                  "Use normed or compatible."));
    }
  }

  /// A word's confidence.
  ///
  /// @param value the largest probability, 0 to 1
  /// @param depth where: 0 = input of the first layer, l = output of layer l - 1
  /// @param index number of the visual token among those that were read
  /// @param patches the largest over the layers for each of them
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Result(double value, int depth, int index, double[] patches) {}

  /// Confidences of some words.
  ///
  /// @param run that kept the residual stream entering every layer, and leaving the last
  /// @param positions of the visual tokens that are read
  /// @param words token ids of each word's pieces
  public List<Result> of(Run run, int[] positions, List<int[]> words, Progress progress) {
    int[] ids = words.stream().flatMapToInt(IntStream::of).distinct().sorted().toArray();
    int depths = run.model().model().decoder().config().layers() + 1;
    double[][][] read = new double[depths][][];
    for (int depth = 0; depth < depths; depth++) {
      read[depth] = depth(run, positions, ids, depth, depths - 1);
      progress.at("picture", depth + 1L, depths);
    }
    return words.stream().map(word -> best(read, positions.length, columns(ids, word))).toList();
  }

  private static int[] columns(int[] ids, int[] word) {
    return IntStream.of(word).map(id -> Arrays.binarySearch(ids, id)).toArray();
  }

  private static Result best(double[][][] read, int patches, int[] columns) {
    double[] map = new double[patches];
    double best = -1;
    int depth = 0;
    int index = 0;
    for (int d = 0; d < read.length; d++) {
      for (int p = 0; p < patches; p++) {
        for (int column : columns) {
          double value = read[d][p][column];
          map[p] = Math.max(map[p], value);
          if (value > best) {
            best = value;
            depth = d;
            index = p;
          }
        }
      }
    }
    return new Result(best, depth, index, map);
  }

  /// Probabilities of some tokens at one depth, `[patches][ids]`.
  private double[][] depth(Run run, int[] positions, int[] ids, int depth, int layers) {
    TextStack decoder = run.model().model().decoder();
    List<double[]> rows = new ArrayList<>();
    for (int start = 0; start < positions.length; start += BLOCK) {
      int[] some = Arrays.copyOfRange(positions, start, Math.min(positions.length, start + BLOCK));
      try (Scope scope = Scope.open()) {
        Tensor kept =
            depth < layers
                ? run.get(Point.RESID_PRE, depth)
                : run.get(Point.RESID_POST, layers - 1);
        Tensor states = kept.select(0, 0).indexSelect(0, Tensor.indices(some));
        double[] flat = probabilities(decoder, states, ids, depth == layers).toDoubles();
        for (int p = 0; p < some.length; p++) {
          rows.add(Arrays.copyOfRange(flat, p * ids.length, (p + 1) * ids.length));
        }
      }
    }
    return rows.toArray(double[][]::new);
  }

  /// Probabilities of some tokens, `[rows, ids]`.
  ///
  /// @param states `[rows, width]`
  /// @param last whether they are the last layer's output
  Tensor probabilities(TextStack decoder, Tensor states, int[] ids, boolean last) {
    Tensor index = Tensor.indices(ids);
    return switch (reading) {
      case NORMED -> {
        Tensor logits = new LogitLens(LogitLens.Normalization.OWN).logits(decoder, states);
        yield Torch.logSoftmax(logits, 1).indexSelect(1, index).exp();
      }
      case COMPATIBLE -> {
        LogitLens.Normalization norm =
            last ? LogitLens.Normalization.OWN : LogitLens.Normalization.NONE;
        Tensor logits = new LogitLens(norm).logits(decoder, states);
        Tensor best = logits.topk(Math.min(KEPT, logits.size(1))).values();
        Tensor sum = Torch.logsumexp(best, 1).unsqueeze(1);
        Tensor least = best.narrow(1, best.size(1) - 1, 1);
        Tensor own = logits.indexSelect(1, index);
        yield own.sub(sum).exp().maskedFill(least.sub(own).gt(0), 0);
      }
    };
  }
}
