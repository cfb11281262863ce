package dev.lynceus.method.zone;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.reader.SpanScores;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Passages;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Reader;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// One window of a passage with every knock-out: what the model scores every position with.
///
/// @param window what was read
/// @param clean scores without a knock-out
/// @param cells scores of every knock-out of a layer, `[layers][ALL, QQ, QP, PQ, PP]`
/// @param controls of random rows and columns of the same numbers, `[layers][QQ, QP, PQ,
///   PP][draws]`
/// @param heads of one head of the chosen layer, `[heads][QQ, QP, PQ, PP]`; empty without
/// @param mass of the attention between zones, `[layers][heads][QQ, QP, PQ, PP]`
record ZoneRun(
    Passages.Window window,
    SpanScores clean,
    List<List<SpanScores>> cells,
    List<List<List<SpanScores>>> controls,
    List<List<SpanScores>> heads,
    double[][][] mass) {

  /// Columns of a layer: all attention, and each pair of zones.
  static final List<String> COLUMNS = List.of("ALL", "QQ", "QP", "PQ", "PP");

  /// Reads a window, and takes looks away from it.
  static ZoneRun of(
      LoadedModel model, Passages.Window window, ZoneOptions options, Progress progress) {
    TokenMap tokens = window.prompt().tokens();
    int layers = model.model().decoder().config().layers();
    int count = model.model().decoder().config().heads();
    List<Zones.Pair> pairs = Zones.pairs(tokens);
    Capture capture =
        Sweep.base(model).and(Capture.request(Point.PATTERN)).and(Capture.request(Point.LOGITS));
    try (Run run = model.run(window.prompt(), capture)) {
      List<List<Intervention>> replays = new ArrayList<>();
      SplittableRandom random = new SplittableRandom(options.seed());
      for (int l = 0; l < layers; l++) {
        int[] some = options.around(l, layers);
        replays.add(List.of(options.whole().change(Indices.of(some))));
        Knockout knockout = Knockout.of(options.kind(), options.rows(), some);
        for (Zones.Pair pair : pairs) {
          replays.add(knockout.changes(run, pair));
          for (int draw = 0; draw < options.draws(); draw++) {
            replays.add(
                knockout.changes(
                    run,
                    drawn(tokens, knockout.looking(run, pair).length, random),
                    drawn(tokens, pair.columns().positions().length, random)));
          }
        }
      }
      options
          .headsOf()
          .ifPresent(layer -> {
            if (layer < 0 || layer >= layers) {
              throw new LynceusException(
                  ErrorCode.BAD_REQUEST,
                  "there is no layer " + layer + " whose heads are knocked out",
                  "This model has layers 0 to " + (layers - 1) + ".");
            }
            for (int head = 0; head < count; head++) {
              Knockout one =
                  new Knockout(options.kind(), options.rows(), Indices.of(layer), Indices.of(head));
              pairs.forEach(pair -> replays.add(one.changes(run, pair)));
            }
          });
      return read(window, run, options, scores(run, replays, progress), layers, count);
    }
  }

  /// Positions of both texts, drawn without putting back.
  private static int[] drawn(TokenMap tokens, int count, SplittableRandom random) {
    int[] all =
        IntStream.concat(
                IntStream.of(tokens.positions(TokenMap.Role.QUESTION)),
                IntStream.of(tokens.positions(TokenMap.Role.PASSAGE)))
            .toArray();
    return Looks.drawn(all, count, random);
  }

  private static List<SpanScores> scores(
      Run run, List<List<Intervention>> replays, Progress progress) {
    int length = run.batch().length();
    Reader reader =
        new Reader.Activations(
            Capture.of(Capture.request(Point.LOGITS)),
            kept -> {
              SpanScores scores = SpanScores.of(kept.get(Point.LOGITS, 0));
              double[] both = Arrays.copyOf(scores.starts(), 2 * length);
              System.arraycopy(scores.ends(), 0, both, length, length);
              return both;
            });
    return Arrays.stream(
            Sweep.of(run, replays, reader).run(progress.as("knocking out"), Ledger.NONE))
        .map(both ->
            new SpanScores(
                Arrays.copyOf(both, length), Arrays.copyOfRange(both, length, 2 * length)))
        .toList();
  }

  private static ZoneRun read(
      Passages.Window window,
      Run run,
      ZoneOptions options,
      List<SpanScores> all,
      int layers,
      int count) {
    int pairs = COLUMNS.size() - 1;
    int each = 1 + pairs * (1 + options.draws());
    List<List<SpanScores>> cells = new ArrayList<>();
    List<List<List<SpanScores>>> controls = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      List<SpanScores> row = new ArrayList<>(List.of(all.get(l * each)));
      List<List<SpanScores>> beside = new ArrayList<>();
      for (int p = 0; p < pairs; p++) {
        int at = l * each + 1 + p * (1 + options.draws());
        row.add(all.get(at));
        beside.add(all.subList(at + 1, at + 1 + options.draws()));
      }
      cells.add(row);
      controls.add(beside);
    }
    List<List<SpanScores>> heads = new ArrayList<>();
    for (int at = layers * each; at < all.size(); at += pairs) {
      heads.add(all.subList(at, at + pairs));
    }
    double[][][] mass = new double[layers][count][pairs];
    List<Zones.Pair> zones = Zones.pairs(window.prompt().tokens());
    for (int l = 0; l < layers; l++) {
      for (int p = 0; p < pairs; p++) {
        double[] own = Zones.mass(run, l, zones.get(p));
        for (int h = 0; h < count; h++) {
          mass[l][h][p] = own[h];
        }
      }
    }
    return new ZoneRun(
        window, SpanScores.of(run.get(Point.LOGITS, 0)), cells, controls, heads, mass);
  }
}
