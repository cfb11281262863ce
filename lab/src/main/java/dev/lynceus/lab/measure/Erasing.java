package dev.lynceus.lab.measure;

import dev.lynceus.method.score.Pointing;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// Takes patches away from a model, in the order of a map: their visual tokens are replaced by the
/// mean of the visual tokens of many pictures, which is the least surprising token that says
/// nothing about this picture. All steps run side by side.
final class Erasing {
  /// Parts of all patches at which the probability is read, closest together at the beginning: a
  /// few patches of a thing suffice to give an answer back.
  static final double[] STEPS = {
    0, 1 / 64., 2 / 64., 3 / 64., 4 / 64., 6 / 64., 8 / 64., 12 / 64., 16 / 64., 24 / 64., 40 / 64.,
    1
  };

  /// Number of the last step of the first quarter.
  private static final int QUARTER = 8;

  private final Pictures pictures;
  private final float[] blank;

  /// @param blank what takes the place of a visual token, `[width]`
  Erasing(Pictures pictures, float[] blank) {
    this.pictures = pictures;
    this.blank = blank;
  }

  /// Areas under the two curves, over the part of the patches, 0 to 1.
  ///
  /// @param deletion mean probability of the word while patches are taken away, the best first; a
  ///   good map makes it small
  /// @param insertion mean probability while patches are given back, the best first; a good map
  ///   makes it large
  /// @param given mean log probability, nats, while the first quarter of the patches is given back;
  ///   parts methods where `insertion` no longer does
  record Areas(double deletion, double insertion, double given) {}

  /// Runs a prompt with ever more patches taken away, and with ever more given back.
  ///
  /// @param picture that the prompt is about
  /// @param word the id whose probability is read after the prompt
  Areas areas(Prompt prompt, int picture, TokenMap.View view, double[] map, int word) {
    List<Integer> best = Pointing.order(map);
    List<boolean[]> erased = new ArrayList<>();
    for (double step : STEPS) {
      erased.add(erased(best, (int) Math.round(step * map.length), true));
    }
    // Nothing given back is everything taken away: the two ends are the same for both curves.
    int last = STEPS.length - 1;
    for (int i = 1; i < last; i++) {
      erased.add(erased(best, (int) Math.round(STEPS[i] * map.length), false));
    }
    double[] p = probabilities(prompt, picture, view, erased, word);
    double[] deletion = Arrays.copyOf(p, STEPS.length);
    double[] insertion = new double[STEPS.length];
    insertion[0] = p[last];
    insertion[last] = p[0];
    System.arraycopy(p, STEPS.length, insertion, 1, last - 1);
    return areas(deletion, insertion);
  }

  private static boolean[] erased(List<Integer> best, int count, boolean taken) {
    boolean[] flags = new boolean[best.size()];
    for (int i = 0; i < flags.length; i++) {
      flags[best.get(i)] = i < count == taken;
    }
    return flags;
  }

  /// Probability of a word after a prompt, for each choice of patches that are taken away.
  private double[] probabilities(
      Prompt prompt, int picture, TokenMap.View view, List<boolean[]> erased, int word) {
    try (Scope scope = Scope.open();
        Run run = run(prompt, picture, view, erased)) {
      return Torch.softmax(run.logits().to(DType.FLOAT64), 1).select(1, word).toDoubles();
    }
  }

  /// The most probable token after a prompt, for each choice of patches that are taken away.
  int[] answers(Prompt prompt, int picture, TokenMap.View view, List<boolean[]> erased) {
    try (Scope scope = Scope.open();
        Run run = run(prompt, picture, view, erased)) {
      return run.logits().argmax(1).toInts();
    }
  }

  private Run run(Prompt prompt, int picture, TokenMap.View view, List<boolean[]> erased) {
    return pictures.run(
        Collections.nCopies(erased.size(), prompt),
        without(prompt, picture, view, erased),
        Capture.NONE,
        List.of());
  }

  /// The input of the first layer with patches taken away, `[choices, pos, width]`.
  private Tensor without(Prompt prompt, int picture, TokenMap.View view, List<boolean[]> erased) {
    Tensor whole = pictures.merged(List.of(prompt), new int[] {picture});
    int length = prompt.length();
    long width = whole.size(2);
    Tensor merged =
        whole
            .expand(erased.size(), length, width)
            .copy()
            .reshape((long) erased.size() * length, width);
    List<Integer> places = new ArrayList<>();
    for (int row = 0; row < erased.size(); row++) {
      for (int patch = 0; patch < erased.get(row).length; patch++) {
        if (erased.get(row)[patch]) {
          places.add(row * length + view.positions()[patch]);
        }
      }
    }
    if (!places.isEmpty()) {
      Tensor index = Tensor.indices(places.stream().mapToInt(Integer::intValue).toArray());
      Tensor blanks =
          Tensor.of(blank, 1, width).to(whole.dtype()).expand(places.size(), width).contiguous();
      merged.indexCopy_(0, index, blanks);
    }
    return merged.reshape(erased.size(), length, width);
  }

  /// The areas of two curves over [#STEPS].
  static Areas areas(double[] deletion, double[] insertion) {
    int last = STEPS.length - 1;
    double[] logs = Arrays.stream(insertion).map(p -> Math.log(Math.max(p, 1e-12))).toArray();
    return new Areas(
        area(deletion, last), area(insertion, last), area(logs, QUARTER) / STEPS[QUARTER]);
  }

  private static double area(double[] values, int last) {
    double area = 0;
    for (int i = 1; i <= last; i++) {
      area += (STEPS[i] - STEPS[i - 1]) * (values[i] + values[i - 1]) / 2;
    }
    return area;
  }
}
