package dev.lynceus.method.cleann;

import dev.lynceus.method.Inputs;
import dev.lynceus.method.Words;
import dev.lynceus.method.cleann.CausalExplanation.Masking;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Reader;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap.Role;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Masks tokens and sees whether the answer changes: the test without which a causal graph over
/// attention is only a drawing.
final class MaskingTest {
  /// Most sets that the search for the smallest one tries.
  private static final int MOST = 200;

  private static final int LARGEST = 2;

  private final Run clean;
  private final int id;
  private final Progress progress;
  private final double cleanLog;

  /// @param clean a run whose last row is the explained one, with what [Sweep#base] keeps
  /// @param id the token whose log probability is told
  MaskingTest(Run clean, int id, Progress progress) {
    this.clean = clean;
    this.id = id;
    this.progress = progress;
    try (Scope scope = Scope.open()) {
      this.cleanLog = read(clean.logits(), id)[1];
    }
  }

  /// The most probable token and the log probability of one.
  private static double[] read(Tensor logits, int id) {
    try (Scope scope = Scope.open()) {
      Tensor logs = Torch.logSoftmax(logits.to(DType.FLOAT64).reshape(-1), 0);
      return new double[] {logs.argmax(0).item(), logs.narrow(0, id, 1).item()};
    }
  }

  /// Tests one set against random ones.
  CausalExplanation.SetTest test(
      int radius, int[] set, Masking masking, int trials, SplittableRandom random) {
    List<int[]> sets = new ArrayList<>(List.of(set));
    for (int t = 0; t < trials; t++) {
      sets.add(like(set, random));
    }
    double[][] found = masked(sets, masking);
    int own = (int) read(clean)[0];
    List<double[]> others = Arrays.asList(found).subList(1, found.length);
    return new CausalExplanation.SetTest(
        radius,
        masking,
        set,
        cleanLog,
        found[0][1],
        (int) found[0][0] != own,
        word((int) found[0][0]),
        others.stream().mapToDouble(one -> one[1]).average().orElse(Double.NaN),
        others.stream().mapToDouble(one -> (int) one[0] != own ? 1 : 0).average().orElse(0),
        others.stream().mapToDouble(one -> one[1] <= found[0][1] ? 1 : 0).average().orElse(0));
  }

  private double[] read(Run run) {
    try (Scope scope = Scope.open()) {
      return read(run.logits(), id);
    }
  }

  /// As many other patches, and as many other text tokens between the picture and the row; some of
  /// the same where there are not enough others.
  private int[] like(int[] set, SplittableRandom random) {
    int[] image = clean.tokens().positions(Role.IMAGE);
    int last = clean.batch().length() - 1;
    int after = image.length == 0 ? 1 : image[image.length - 1] + 1;
    int[] text = IntStream.range(after, last).toArray();
    int patches = (int) IntStream.of(set).filter(this::isPatch).count();
    return IntStream.concat(
            drawn(image, set, patches, random), drawn(text, set, set.length - patches, random))
        .sorted()
        .toArray();
  }

  private static IntStream drawn(int[] pool, int[] set, int count, SplittableRandom random) {
    int[] others =
        IntStream.of(pool).filter(p -> IntStream.of(set).noneMatch(s -> s == p)).toArray();
    int[] from = others.length >= count ? others : pool.clone();
    int size = Math.min(count, from.length);
    for (int i = 0; i < size; i++) {
      int j = i + random.nextInt(from.length - i);
      int swap = from[i];
      from[i] = from[j];
      from[j] = swap;
    }
    return Arrays.stream(from, 0, size);
  }

  private boolean isPatch(int position) {
    return clean.tokens().spots().get(position).role() == Role.IMAGE;
  }

  /// The smallest set of some positions that changes the answer, of one or two of them.
  ///
  /// @param ordered positions, nearest first
  Optional<CausalExplanation.Smallest> smallest(int[] ordered, int[] tried) {
    int own = (int) read(clean)[0];
    for (int size = 1; size <= LARGEST; size++) {
      List<int[]> sets = sets(ordered, size);
      sets = sets.subList(0, Math.min(sets.size(), MOST - tried[0]));
      if (sets.isEmpty()) {
        break;
      }
      double[][] found = masked(sets, Masking.MEAN);
      for (int i = 0; i < found.length; i++) {
        tried[0]++;
        if ((int) found[i][0] != own) {
          int[] set = sets.get(i);
          return Optional.of(
              new CausalExplanation.Smallest(
                  set,
                  IntStream.of(set).mapToObj(clean.tokens()::label).toList(),
                  word((int) found[i][0])));
        }
      }
    }
    return Optional.empty();
  }

  /// Sets of one or two of some positions, nearest first.
  private static List<int[]> sets(int[] ordered, int size) {
    if (size == 1) {
      return IntStream.of(ordered).mapToObj(p -> new int[] {p}).toList();
    }
    List<int[]> ranks = new ArrayList<>();
    for (int i = 0; i < ordered.length; i++) {
      for (int j = i + 1; j < ordered.length; j++) {
        ranks.add(new int[] {i, j});
      }
    }
    return ranks.stream()
        .sorted(Comparator.comparingInt(pair -> pair[0] + pair[1]))
        .map(pair -> new int[] {ordered[pair[0]], ordered[pair[1]]})
        .toList();
  }

  private double[][] masked(List<int[]> sets, Masking masking) {
    List<List<Intervention>> replays = sets.stream().map(set -> changes(set, masking)).toList();
    return Sweep.of(clean, replays, new Reader.Logits(logits -> read(logits, id)))
        .run(progress.as("masking"), Ledger.NONE);
  }

  private List<Intervention> changes(int[] set, Masking masking) {
    if (set.length == 0) {
      return List.of();
    }
    int last = clean.batch().length() - 1;
    return switch (masking) {
      case KNOCKOUT ->
          List.of(
              new Intervention(
                  Point.ATTN_SCORES,
                  Indices.ALL,
                  Indices.ALL,
                  Positions.of(last),
                  new Op.Mask(Positions.of(set))));
      case MEAN -> {
        int[] patches = IntStream.of(set).filter(this::isPatch).toArray();
        int[] words = IntStream.of(set).filter(p -> !isPatch(p)).toArray();
        List<Intervention> changes = new ArrayList<>();
        if (patches.length > 0) {
          changes.addAll(mean(patches, Positions.parse("image")));
        }
        if (words.length > 0) {
          int[] text = IntStream.rangeClosed(0, last).filter(p -> !isPatch(p)).toArray();
          changes.addAll(mean(words, Positions.of(text)));
        }
        yield changes;
      }
    };
  }

  private List<Intervention> mean(int[] positions, Positions over) {
    return Inputs.at(clean, Positions.of(positions), new Op.Mean(over));
  }

  private String word(int token) {
    return new Words(clean.model().tokenizer()).text(token).strip();
  }
}
