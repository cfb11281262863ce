package dev.lynceus.method.zone;

import dev.lynceus.method.reader.SpanScores;
import dev.lynceus.method.reader.Squad;
import dev.lynceus.method.score.Ranks;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Passages;
import dev.lynceus.run.Piece;
import dev.lynceus.run.Progress;
import java.util.ArrayList;
import java.util.List;

/// What looks between a question and a passage are worth to the piece that a model answers with.
public final class PassageZones {
  private PassageZones() {}

  /// Studies some questions.
  ///
  /// @param items at least one; those without right answers have no scores
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL, BAD_REQUEST, CANCELLED
  public static ZoneStudy study(
      LoadedModel model,
      List<Squad.Item> items,
      Squad.Language language,
      ZoneOptions options,
      Progress progress) {
    List<ZoneCase> all = new ArrayList<>();
    for (Squad.Item item : items) {
      all.add(one(model, item, language, options, told(progress, all.size(), items.size())));
    }
    return new ZoneTable(ZoneRun.COLUMNS, all, options).study();
  }

  /// Progress by questions, where there are several.
  static Progress told(Progress progress, int done, int of) {
    if (of == 1) {
      return progress;
    }
    return new Progress() {
      @Override
      public void at(String stage, long part, long total) {
        progress.at("questions", done, of);
      }

      @Override
      public boolean cancelled() {
        return progress.cancelled();
      }
    };
  }

  private static ZoneCase one(
      LoadedModel model,
      Squad.Item item,
      Squad.Language language,
      ZoneOptions options,
      Progress progress) {
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
    ZoneCase.Score[][] scores = new ZoneCase.Score[layers][columns];
    double[][] logs = new double[layers][columns];
    double[][] randoms = new double[layers][columns];
    for (int l = 0; l < layers; l++) {
      for (int c = 0; c < columns; c++) {
        int layer = l;
        int column = c;
        answers[l][c] = text(runs, longest, run -> run.cells().get(layer).get(column));
        scores[l][c] = score(item, answers[l][c], language);
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
    String answer = text(runs, longest, ZoneRun::clean);
    return new ZoneCase(
        item.question(),
        Squad.type(item.question(), language),
        answer,
        score(item, answer, language),
        answers,
        scores,
        logs,
        randoms,
        heads,
        there.mass());
  }

  private static ZoneCase.Score score(Squad.Item item, String answer, Squad.Language language) {
    if (item.answers().isEmpty()) {
      return new ZoneCase.Score(Double.NaN, Double.NaN);
    }
    Squad.Score score = Squad.score(answer, item.answers(), language);
    return new ZoneCase.Score(score.exact(), score.f1());
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
}
