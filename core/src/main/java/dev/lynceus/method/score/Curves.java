package dev.lynceus.method.score;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.Target;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Reader;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Deletion and insertion (Petsiuk and others 2018): the probability of a word while the patches of
/// a map are taken away, the most important first, and while they are given back. A patch is taken
/// away by putting the mean visual token of the prompt in its place.
///
/// @param parts parts of all patches that are gone or back, 0 to 1
/// @param deletion probability at each part while patches are taken away; falls fast for a good map
/// @param insertion probability while they are given back; rises fast for a good map
public record Curves(double[] parts, double[] deletion, double[] insertion) {

  /// Both curves of a map.
  ///
  /// @param run what is changed; fastest if it kept what [Sweep#base] says
  /// @param target a token at the last row
  /// @param map one number for each patch of the view
  /// @param steps points of each curve beside its beginning
  public static Curves of(Run run, Target target, TokenMap.View view, double[] map, int steps) {
    int[] order = Pointing.order(map).stream().mapToInt(p -> view.positions()[p]).toArray();
    int count = Math.min(steps, order.length);
    double[] parts = IntStream.rangeClosed(0, count).mapToDouble(i -> i / (double) count).toArray();
    int[] sizes =
        IntStream.rangeClosed(0, count)
            .map(i -> (int) Math.round(order.length * (double) i / count))
            .toArray();
    // The last of the taken away are all: the first step of giving back.
    List<List<Intervention>> replays =
        java.util.stream.Stream.concat(
                IntStream.rangeClosed(1, count)
                    .mapToObj(i -> without(run, Arrays.copyOf(order, sizes[i]))),
                IntStream.range(1, count)
                    .mapToObj(i -> without(run, Arrays.copyOfRange(order, sizes[i], order.length))))
            .toList();
    int word = target.aims().getFirst().id();
    double whole = probability(run.logits(), word);
    double[][] read =
        Sweep.of(
                run, replays, new Reader.Logits(logits -> new double[] {probability(logits, word)}))
            .run(Progress.NONE, Ledger.NONE);
    double[] deletion = new double[count + 1];
    double[] insertion = new double[count + 1];
    deletion[0] = whole;
    insertion[count] = whole;
    for (int i = 1; i <= count; i++) {
      deletion[i] = read[i - 1][0];
    }
    insertion[0] = deletion[count];
    for (int i = 1; i < count; i++) {
      insertion[i] = read[count + i - 1][0];
    }
    return new Curves(parts, deletion, insertion);
  }

  /// Area under the deletion curve, 0 to 1; small is good. Part of the JSON, made anew when it is
  /// read.
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public double deletionArea() {
    return area(deletion);
  }

  /// Area under the insertion curve, 0 to 1; large is good. Part of the JSON, made anew when it is
  /// read.
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public double insertionArea() {
    return area(insertion);
  }

  private double area(double[] values) {
    double area = 0;
    for (int i = 1; i < parts.length; i++) {
      area += (parts[i] - parts[i - 1]) * (values[i] + values[i - 1]) / 2;
    }
    return area;
  }

  private static List<Intervention> without(Run run, int[] positions) {
    return Inputs.at(run, Positions.of(positions), new Op.Mean(Positions.parse("image")));
  }

  private static double probability(dev.lynceus.tensor.Tensor logits, int word) {
    try (Scope scope = Scope.open()) {
      return Torch.softmax(logits.to(DType.FLOAT64).reshape(-1), 0).narrow(0, word, 1).item();
    }
  }
}
