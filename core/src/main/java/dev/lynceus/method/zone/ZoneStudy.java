package dev.lynceus.method.zone;

import dev.lynceus.method.Progress;
import dev.lynceus.method.reader.SpanScores;
import dev.lynceus.method.reader.Squad;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Ranks;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Passages;
import dev.lynceus.run.Piece;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Attention between the zones of what is read, and what the answer loses without it (arXiv
/// 2108.11574): for one question, or over a data set.
///
/// @param columns `ALL` and the pairs of zones, row zone first: `QP` is the question looking at the
///   passage
/// @param layers one for each layer
/// @param heads of the chosen layer, `[heads][pairs]`: mean change of the log probability; empty
///   without
/// @param headMass attention of those heads, `[heads][pairs]`
/// @param exact share of exact answers, without knock-outs; of one question without an answer NaN
/// @param f1 words in common, the same
/// @param correlation Spearman's, of how much attention goes between two zones with how much the
///   answer loses without it, over layers and pairs
/// @param headCorrelation the same over heads and pairs of the chosen layer
/// @param types by what questions ask for
/// @param answers of the first question: what the model says without knock-outs, and with each
public record ZoneStudy(
    int questions,
    List<String> columns,
    List<LayerRow> layers,
    List<List<Double>> heads,
    List<List<Double>> headMass,
    Estimate exact,
    Estimate f1,
    OptionalDouble correlation,
    OptionalDouble headCorrelation,
    List<ByType> types,
    Answers answers) {

  /// A layer.
  ///
  /// @param cells one for each column
  /// @param mass attention between each pair of zones, mean over heads and questions
  public record LayerRow(int layer, List<Cell> cells, List<Double> mass) {}

  /// What a knock-out does, as mean over questions with its 95 % interval.
  ///
  /// @param log change of the log probability of the model's own answer, nats
  /// @param exact change of exact answers, points of a share
  /// @param f1 change of words in common
  /// @param random change of the log probability where as many random positions lose sight of as
  ///   many others; empty for `ALL`, or without draws
  public record Cell(Estimate log, Estimate exact, Estimate f1, Optional<Estimate> random) {}

  /// Questions of a type.
  ///
  /// @param change of words in common without each column, mean over layers
  public record ByType(String type, int questions, Estimate f1, List<Estimate> change) {}

  /// What the model answers to the first question.
  ///
  /// @param clean without knock-outs
  /// @param without `[layers][columns]`
  public record Answers(String question, String clean, List<List<String>> without) {}

  /// One question.
  private record Seen(
      Squad.Item item,
      String answer,
      String[][] answers,
      double[][] logs,
      double[][] randoms,
      double[][] heads,
      double[][][] mass) {}

  /// Studies some questions.
  ///
  /// @param items at least one; those without right answers have no scores
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL, BAD_REQUEST, CANCELLED
  public static ZoneStudy of(
      LoadedModel model,
      List<Squad.Item> items,
      Squad.Language language,
      ZoneOptions options,
      Progress progress) {
    List<Seen> all = new ArrayList<>();
    for (Squad.Item item : items) {
      int done = all.size();
      Progress told =
          items.size() == 1
              ? progress
              : new Progress() {
                @Override
                public void at(String stage, long part, long total) {
                  progress.at("questions", done, items.size());
                }

                @Override
                public boolean cancelled() {
                  return progress.cancelled();
                }
              };
      all.add(seen(model, item, options, told));
    }
    return new Maker(all, language, options).study();
  }

  private static Seen seen(
      LoadedModel model, Squad.Item item, ZoneOptions options, Progress progress) {
    List<ZoneRun> runs = new ArrayList<>();
    for (Passages.Window window :
        options.reading().windows(model, item.question(), item.passage())) {
      runs.add(ZoneRun.of(model, window, options, progress));
    }
    int longest = options.reading().longest();
    int best = best(runs, longest, ZoneRun::clean);
    ZoneRun there = runs.get(best);
    Piece piece = piece(there, there.clean(), longest).piece();
    double log = there.clean().logProbability(piece);
    int layers = there.cells().size();
    int columns = ZoneRun.COLUMNS.size();
    String[][] answers = new String[layers][columns];
    double[][] logs = new double[layers][columns];
    double[][] randoms = new double[layers][columns];
    for (int l = 0; l < layers; l++) {
      for (int c = 0; c < columns; c++) {
        int layer = l;
        int column = c;
        answers[l][c] = text(runs, longest, run -> run.cells().get(layer).get(column));
        logs[l][c] = there.cells().get(l).get(c).logProbability(piece) - log;
        randoms[l][c] =
            c == 0
                ? Double.NaN
                : there.controls().get(l).get(c - 1).stream()
                    .mapToDouble(one -> one.logProbability(piece) - log)
                    .average()
                    .orElse(Double.NaN);
      }
    }
    double[][] heads =
        there.heads().stream()
            .map(row -> row.stream().mapToDouble(one -> one.logProbability(piece) - log).toArray())
            .toArray(double[][]::new);
    return new Seen(
        item, text(runs, longest, ZoneRun::clean), answers, logs, randoms, heads, there.mass());
  }

  /// Scores of a window under some knock-out.
  private interface Under {
    SpanScores of(ZoneRun run);
  }

  private static SpanScores.Scored piece(ZoneRun run, SpanScores scores, int longest) {
    return scores.best(run.window().prompt().tokens(), 1, longest).getFirst();
  }

  private static int best(List<ZoneRun> runs, int longest, Under under) {
    double[] scores =
        runs.stream().mapToDouble(run -> piece(run, under.of(run), longest).score()).toArray();
    return Ranks.ranking(scores)[0];
  }

  private static String text(List<ZoneRun> runs, int longest, Under under) {
    ZoneRun run = runs.get(best(runs, longest, under));
    return run.window().text(piece(run, under.of(run), longest).piece());
  }

  /// Makes the study of what was seen.
  private record Maker(List<Seen> all, Squad.Language language, ZoneOptions options) {

    ZoneStudy study() {
      Seen first = all.getFirst();
      int count = first.logs.length;
      List<LayerRow> rows = new ArrayList<>();
      for (int l = 0; l < count; l++) {
        rows.add(row(l));
      }
      double[][] heads = mean(first.heads.length, one -> one.heads);
      double[][] headMass =
          options.headsOf().isEmpty()
              ? new double[0][]
              : mean(heads.length, one -> one.mass[options.headsOf().get()]);
      return new ZoneStudy(
          all.size(),
          ZoneRun.COLUMNS,
          rows,
          list(heads),
          list(headMass),
          mean(one -> score(one, one.answer).exact()),
          mean(one -> score(one, one.answer).f1()),
          correlation(
              rows.stream().flatMap(row -> row.mass.stream()).mapToDouble(m -> m).toArray(),
              rows.stream()
                  .flatMap(row -> row.cells.stream().skip(1))
                  .mapToDouble(cell -> -cell.log.value())
                  .toArray()),
          correlation(flat(headMass), Arrays.stream(flat(heads)).map(v -> -v).toArray()),
          types(),
          new Answers(
              first.item.question(),
              first.answer,
              Arrays.stream(first.answers).map(List::of).toList()));
    }

    private LayerRow row(int l) {
      List<Cell> cells = new ArrayList<>();
      for (int c = 0; c < ZoneRun.COLUMNS.size(); c++) {
        int column = c;
        cells.add(
            new Cell(
                mean(one -> one.logs[l][column]),
                mean(one ->
                    score(one, one.answers[l][column]).exact() - score(one, one.answer).exact()),
                mean(one -> score(one, one.answers[l][column]).f1() - score(one, one.answer).f1()),
                c == 0 || options.draws() == 0
                    ? Optional.empty()
                    : Optional.of(mean(one -> one.randoms[l][column]))));
      }
      List<Double> mass =
          IntStream.range(0, ZoneRun.COLUMNS.size() - 1)
              .mapToObj(p ->
                  all.stream()
                      .flatMapToDouble(one -> Arrays.stream(one.mass[l]).mapToDouble(h -> h[p]))
                      .average()
                      .orElse(Double.NaN))
              .toList();
      return new LayerRow(l, cells, mass);
    }

    private Estimate mean(ToDoubleFunction<Seen> number) {
      return Estimate.mean(all.stream().mapToDouble(number).toArray());
    }

    private Squad.Score score(Seen one, String answer) {
      return one.item.answers().isEmpty()
          ? new Squad.Score(Double.NaN, Double.NaN)
          : Squad.score(answer, one.item.answers(), language);
    }

    private List<ByType> types() {
      if (all.size() < 2) {
        return List.of();
      }
      List<ByType> types = new ArrayList<>();
      TreeSet<String> names = new TreeSet<>();
      all.forEach(one -> names.add(Squad.type(one.item.question(), language)));
      for (String name : names) {
        List<Seen> some =
            all.stream()
                .filter(one -> Squad.type(one.item.question(), language).equals(name))
                .toList();
        Maker own = new Maker(some, language, options);
        List<Estimate> change =
            IntStream.range(0, ZoneRun.COLUMNS.size())
                .mapToObj(c ->
                    own.mean(one ->
                        Arrays.stream(one.answers)
                                .mapToDouble(row -> own.score(one, row[c]).f1())
                                .average()
                                .orElse(Double.NaN)
                            - own.score(one, one.answer).f1()))
                .toList();
        types.add(
            new ByType(name, some.size(), own.mean(one -> score(one, one.answer).f1()), change));
      }
      return types;
    }

    private double[][] mean(int rows, java.util.function.Function<Seen, double[][]> which) {
      double[][] sum = new double[rows][ZoneRun.COLUMNS.size() - 1];
      for (Seen one : all) {
        double[][] own = which.apply(one);
        for (int r = 0; r < rows; r++) {
          for (int c = 0; c < sum[r].length; c++) {
            sum[r][c] += own[r][c] / all.size();
          }
        }
      }
      return sum;
    }

    private static List<List<Double>> list(double[][] values) {
      return Arrays.stream(values).map(row -> Arrays.stream(row).boxed().toList()).toList();
    }

    private static double[] flat(double[][] values) {
      return Arrays.stream(values).flatMapToDouble(Arrays::stream).toArray();
    }

    private static OptionalDouble correlation(double[] mass, double[] effect) {
      double value = mass.length < 3 ? Double.NaN : Ranks.spearman(mass, effect);
      return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
  }
}
