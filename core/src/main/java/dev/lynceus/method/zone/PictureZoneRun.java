package dev.lynceus.method.zone;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Target;
import dev.lynceus.method.Words;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Reader;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// One question about pictures with every knock-out.
///
/// @param seen what came of it
record PictureZoneRun(ZoneCase seen) {
  /// Draws of rows and columns of which the one is kept that has most nearly as many looks as the
  /// zones.
  private static final int TRIES = 30;

  /// A word under some knock-out.
  ///
  /// @param log its log probability
  /// @param best the most probable token
  private record Said(double log, int best) {}

  /// Takes looks away from a question.
  ///
  /// @param mass of the pairs, `[layers][heads][pairs]`
  static PictureZoneRun of(
      LoadedModel model,
      PictureZones.Asked asked,
      List<Zones.Pair> pairs,
      double[][][] mass,
      ZoneOptions options,
      Progress progress) {
    int layers = model.model().decoder().config().layers();
    int heads = options.headsOf().isEmpty() ? 0 : model.model().decoder().config().heads();
    try (Run run = model.run(asked.prompt(), Sweep.base(model))) {
      List<List<Intervention>> replays = new ArrayList<>();
      SplittableRandom random = new SplittableRandom(options.seed());
      int[] drawable =
          pairs.stream()
              .flatMapToInt(pair ->
                  IntStream.concat(
                      IntStream.of(pair.rows().positions()),
                      IntStream.of(pair.columns().positions())))
              .distinct()
              .sorted()
              .toArray();
      for (int l = 0; l < layers; l++) {
        int[] some = options.around(l, layers);
        replays.add(List.of(options.whole().change(Indices.of(some))));
        Knockout knockout = Knockout.of(options.kind(), options.rows(), some);
        for (Zones.Pair pair : pairs) {
          int[] looking = knockout.looking(run, pair);
          replays.add(knockout.changes(run, pair));
          for (int draw = 0; draw < options.draws(); draw++) {
            int[][] other = drawn(run, drawable, looking, pair.columns().positions(), random);
            replays.add(knockout.changes(run, other[0], other[1]));
          }
        }
      }
      if (options.headsOf().isPresent()) {
        int layer = layer(options.headsOf().get(), layers);
        for (int head = 0; head < heads; head++) {
          Knockout one =
              new Knockout(options.kind(), options.rows(), Indices.of(layer), Indices.of(head));
          pairs.forEach(pair -> replays.add(one.changes(run, pair)));
        }
      }
      int id = asked.target().aims().getFirst().id();
      Said clean = said(run.logits(), id);
      List<Said> all = said(run, replays, id, clean, progress);
      return new PictureZoneRun(
          new Made(model, asked, pairs.size(), options.draws(), clean, all)
              .seen(layers, heads, mass));
    }
  }

  private static int layer(int layer, int layers) {
    if (layer < 0 || layer >= layers) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no layer " + layer + " whose heads are knocked out",
          "This model has layers 0 to " + (layers - 1) + ".");
    }
    return layer;
  }

  /// As many rows and columns of all zones, drawn without putting back, with as many looks as may
  /// be: a row that stands before a column does not see it anyway.
  private static int[][] drawn(
      Run run, int[] drawable, int[] rows, int[] columns, SplittableRandom random) {
    Looks looks = Looks.of(run);
    long wanted = looks.count(rows, columns);
    int[][] best = {};
    long least = Long.MAX_VALUE;
    for (int i = 0; i < TRIES && least > 0; i++) {
      int[][] one = {
        Looks.drawn(drawable, rows.length, random), Looks.drawn(drawable, columns.length, random)
      };
      long off = Math.abs(looks.count(one[0], one[1]) - wanted);
      if (off < least) {
        least = off;
        best = one;
      }
    }
    return best;
  }

  private static Said said(Tensor logits, int id) {
    try (Scope scope = Scope.open()) {
      Tensor logs = Torch.logSoftmax(logits.to(DType.FLOAT64).reshape(-1), 0);
      return new Said(logs.narrow(0, id, 1).item(), logs.argmax(0).toInts()[0]);
    }
  }

  /// What is said under each change; where nothing is taken away, what is said without.
  private static List<Said> said(
      Run run, List<List<Intervention>> replays, int id, Said clean, Progress progress) {
    List<List<Intervention>> changing =
        replays.stream().filter(changes -> !changes.isEmpty()).toList();
    Reader reader =
        new Reader.Logits(logits -> {
          Said said = said(logits, id);
          return new double[] {said.log, said.best};
        });
    double[][] found =
        Sweep.of(run, changing, reader).run(progress.as("knocking out"), Ledger.NONE);
    List<Said> all = new ArrayList<>();
    int next = 0;
    for (List<Intervention> changes : replays) {
      if (changes.isEmpty()) {
        all.add(clean);
      } else {
        all.add(new Said(found[next][0], (int) found[next][1]));
        next++;
      }
    }
    return all;
  }

  /// Puts what was said where it belongs.
  private record Made(
      LoadedModel model,
      PictureZones.Asked asked,
      int pairs,
      int draws,
      Said clean,
      List<Said> all) {

    ZoneCase seen(int layers, int heads, double[][][] mass) {
      int columns = pairs + 1;
      int each = 1 + pairs * (1 + draws);
      String[][] answers = new String[layers][columns];
      ZoneCase.Score[][] scores = new ZoneCase.Score[layers][columns];
      double[][] logs = new double[layers][columns];
      double[][] randoms = new double[layers][columns];
      for (int l = 0; l < layers; l++) {
        for (int c = 0; c < columns; c++) {
          int at = l * each + (c == 0 ? 0 : 1 + (c - 1) * (1 + draws));
          Said said = all.get(at);
          answers[l][c] = word(said);
          scores[l][c] = score(said);
          logs[l][c] = said.log - clean.log;
          randoms[l][c] =
              c == 0
                  ? Double.NaN
                  : all.subList(at + 1, at + 1 + draws).stream()
                      .mapToDouble(one -> one.log - clean.log)
                      .average()
                      .orElse(Double.NaN);
        }
      }
      double[][] byHead = new double[heads][pairs];
      for (int h = 0; h < heads; h++) {
        for (int p = 0; p < pairs; p++) {
          byHead[h][p] = all.get(layers * each + h * pairs + p).log - clean.log;
        }
      }
      return new ZoneCase(
          asked.prompt().question(),
          "",
          word(clean),
          score(clean),
          answers,
          scores,
          logs,
          randoms,
          byHead,
          mass);
    }

    private ZoneCase.Score score(Said said) {
      Target.Aim aim = asked.target().aims().getFirst();
      return new ZoneCase.Score(said.best == aim.id() ? 1 : 0, Double.NaN);
    }

    private String word(Said said) {
      return new Words(model.tokenizer()).text(said.best).strip();
    }
  }
}
