package dev.lynceus.lab.literacy;

import dev.lynceus.lab.picture.Mask;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.train.Exercises;
import dev.lynceus.pupil.world.Exercise;
import dev.lynceus.pupil.world.Exercise.Asked;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;

/// What a model of charts is trained on: small charts of five kinds with questions as the suite has
/// them, answered in the words of the right option. Beside the answers it is taught what patches
/// show: which step of the scale a mark reaches, and what the mark is called.
public final class ChartWorld implements Exercises {
  /// Side of its pictures, which is that of the bundled models.
  public static final int SIDE = 112;

  /// The charts that it is taught.
  public static final List<ChartKind> KINDS =
      List.of(
          ChartKind.BAR, ChartKind.STACKED_BAR, ChartKind.LINE, ChartKind.PIE, ChartKind.SCATTER);

  private static final int PATCH = 14;
  private static final int GRID = SIDE / PATCH;
  private static final int QUESTIONS = 6;
  private static final int TRIES = 40;

  /// Part of a patch that a mark or a name must cover to be what the patch shows.
  private static final double COVERED = .12;

  @Override
  public Exercise draw(SplittableRandom from) {
    Random random = Random.from(from);
    ChartKind kind = KINDS.get(random.nextInt(KINDS.size()));
    List<Blueprint> places =
        Blueprint.all().stream().filter(place -> place.chart() == kind).toList();
    // A chart has one question of some tasks, and many of others: charts for those come more often.
    List<Blueprint> seldom = places.stream().filter(ChartWorld::once).toList();
    Blueprint first =
        !seldom.isEmpty() && random.nextInt(2) == 0
            ? seldom.get(random.nextInt(seldom.size()))
            : places.get(random.nextInt(places.size()));
    Chart chart = new ChartMaker(Detail.SMALL, random).chart(kind, first.task());
    Drawn drawn = ChartPainter.draw(chart, SIDE, SIDE);
    QueryMaker queries = new QueryMaker(random);
    List<Asked> asked = new ArrayList<>();
    for (int i = 0; asked.size() < QUESTIONS && i < TRIES; i++) {
      Blueprint place = i < 4 ? first : places.get(random.nextInt(places.size()));
      Query query = queries.query(place, chart);
      Optional<String> answer = query.answer(chart);
      String text = ChartWords.of(query, chart);
      boolean known = asked.stream().anyMatch(one -> one.text().equals(text));
      if (answer.isPresent() && !known) {
        String label = kind.label() + " " + place.task().code().toLowerCase(java.util.Locale.ROOT);
        asked.add(Asked.of(label, text, "", answer.get(), ""));
      }
    }
    return asked.isEmpty()
        ? draw(from)
        : new Exercise(List.of(drawn.image()), asked, patches(chart, drawn));
  }

  private static boolean once(Blueprint place) {
    return switch (place.task()) {
      case FIND_TRENDS, FIND_ANOMALIES, FIND_CLUSTERS, DETERMINE_RANGE -> true;
      case RETRIEVE_VALUE, FIND_EXTREMUM, COMPARE, FIND_HIERARCHY -> false;
    };
  }

  private static List<Exercise.Patch> patches(Chart chart, Drawn drawn) {
    int[] steps = new int[GRID * GRID];
    int[] names = new int[GRID * GRID];
    double[] most = new double[GRID * GRID];
    for (Part part : drawn.parts()) {
      double[] shares = shares(part.region());
      for (int patch = 0; patch < most.length; patch++) {
        if (shares[patch] >= COVERED && shares[patch] > most[patch]) {
          most[patch] = shares[patch];
          steps[patch] = Math.clamp(step(chart, part), 0, Exercise.MARKS - 1);
          names[patch] = Math.clamp(name(chart, part), 0, Exercise.COLOURS - 1);
        }
      }
    }
    List<Exercise.Patch> patches = new ArrayList<>();
    for (int patch = 0; patch < most.length; patch++) {
      if (most[patch] > 0) {
        patches.add(new Exercise.Patch(0, patch, steps[patch], names[patch]));
      }
    }
    return patches;
  }

  /// What part of each patch a region covers.
  private static double[] shares(Region region) {
    double[] shares = new double[GRID * GRID];
    Mask mask = region instanceof Region.Box ? null : region.mask(SIDE, SIDE);
    for (int patch = 0; patch < shares.length; patch++) {
      double x = patch % GRID * (double) PATCH;
      int line = patch / GRID;
      double y = line * (double) PATCH;
      shares[patch] =
          region instanceof Region.Box box
              ? overlap(box.x0(), box.x1(), x) * overlap(box.y0(), box.y1(), y) / (PATCH * PATCH)
              : Objects.requireNonNull(mask).share(x, y, PATCH, PATCH);
    }
    return shares;
  }

  private static double overlap(double from, double to, double patch) {
    return Math.max(0, Math.min(to, patch + PATCH) - Math.max(from, patch));
  }

  private static int step(Chart chart, Part part) {
    return switch (part.what()) {
      case MARK ->
          chart.table().value(part.row(), chart.kind() == ChartKind.SCATTER ? 1 : part.column())
              / chart.y().unit();
      case TICK -> part.row() * chart.y().perTick();
      case NAME, LEGEND -> 0;
    };
  }

  /// The number of a name among all names, or of a scale among all scales; of a point, where it
  /// lies across.
  private static int name(Chart chart, Part part) {
    ChartTable table = chart.table();
    return switch (part.what()) {
      case MARK ->
          switch (chart.kind()) {
            case SCATTER -> table.value(part.row(), 0) / chart.x().unit() / 2;
            case STACKED_BAR -> ChartMaker.number(table.columns().get(part.column()));
            default -> ChartMaker.number(table.rows().get(part.row()));
          };
      case NAME -> ChartMaker.number(table.rows().get(part.row()));
      case LEGEND -> ChartMaker.number(chart.legend().get(part.column()));
      case TICK -> ChartMaker.scale(part.column() == 0 ? chart.x() : chart.y());
    };
  }
}
