package dev.lynceus.method.score;

import dev.lynceus.method.score.AdviserFit.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Tries ways to choose a map on questions that nothing was fitted on: pictures are split into
/// [#FOLDS] parts, and each part is judged by what was fitted on the others. A way other than
/// taking one method always is taken only where it is right more often, and that is more than
/// chance.
final class AdviserTrial {
  static final String ALWAYS = "always";
  static final String FORM = "form";
  static final String PICTURE = "picture";
  static final String FAITHFUL = "faithful";
  static final String SHUFFLED = "shuffled";
  static final String RANDOM = "random";

  private static final int FOLDS = 5;

  /// Most groups of questions that are about as sure.
  private static final int GROUPS = 5;

  private static final double CHANCE = .05;

  private static final Map<String, String> WHAT = what();

  private final List<String> methods;
  private final List<Row> rows;
  private final int count;
  private final int pictures;

  /// The method that each way chose, and how sure the sum was of each method.
  private final Map<String, int[]> chosen = new LinkedHashMap<>();

  private final double[][] sure;

  AdviserTrial(List<String> methods, List<Row> rows) {
    this.methods = methods;
    this.rows = rows;
    this.count = rows.size();
    this.pictures = (int) rows.stream().mapToInt(Row::picture).distinct().count();
    this.sure = new double[count][];
    WHAT.keySet().forEach(way -> chosen.put(way, new int[count]));
  }

  private static Map<String, String> what() {
    Map<String, String> what = new LinkedHashMap<>();
    what.put(ALWAYS, "the method that was right most often, always");
    what.put(FORM, "that which was right most often where questions begin so");
    what.put(PICTURE, "the surest by its signs on the picture and how the question begins");
    what.put(FAITHFUL, "the best by insertion less deletion on the picture");
    what.put(SHUFFLED, "the surest by the signs of another question");
    what.put(RANDOM, "any of them");
    return what;
  }

  /// The adviser, fitted on all questions, with what it came to on those that were left out.
  Adviser adviser(String revision, int steps) {
    IntStream.range(0, FOLDS).forEach(this::judge);
    List<Adviser.Way> ways = ways();
    Advice.Choice choice = choice(ways);
    int[] own =
        picked(
            switch (choice) {
              case ALWAYS -> ALWAYS;
              case FORM -> FORM;
              case PICTURE -> PICTURE;
            });
    double[] told = IntStream.range(0, count).mapToDouble(i -> sure[i][own[i]]).toArray();
    double[] right =
        IntStream.range(0, count).mapToDouble(i -> rows.get(i).hits()[own[i]]).toArray();
    double brier = brier(told, right, GROUPS);
    double plain = brier(told, right, 1);
    int[] order = AdviserFit.order(rows, methods.size());
    return new Adviser(
        revision,
        steps,
        choice,
        AdviserFit.judges(methods, rows, order),
        AdviserFit.forms(rows, order),
        // Groups that are no better than one share for all tell nothing.
        groups(all(), told, right, brier < plain ? GROUPS : 1),
        new Adviser.Tried(count, pictures, ways, brier, plain));
  }

  private int[] picked(String way) {
    return chosen.getOrDefault(way, new int[count]);
  }

  private int[] all() {
    return IntStream.range(0, count).toArray();
  }

  private int[] part(int fold, boolean inside) {
    return IntStream.range(0, count)
        .filter(i -> (rows.get(i).picture() % FOLDS == fold) == inside)
        .toArray();
  }

  /// Judges one part by what the others taught.
  private void judge(int fold) {
    List<Row> others = IntStream.of(part(fold, false)).mapToObj(rows::get).toList();
    int[] own = part(fold, true);
    if (others.isEmpty() || own.length == 0) {
      return;
    }
    int[] order = AdviserFit.order(others, methods.size());
    Adviser adviser =
        new Adviser(
            "",
            0,
            Advice.Choice.PICTURE,
            AdviserFit.judges(methods, others, order),
            AdviserFit.forms(others, order),
            List.of(),
            new Adviser.Tried(0, 0, List.of(), 0, 0));
    SplittableRandom random = new SplittableRandom(fold);
    int turn = 1 + random.nextInt(Math.max(1, own.length - 1));
    for (int i = 0; i < own.length; i++) {
      Signs signs = inOrder(rows.get(own[i]).signs(), order);
      Signs another = inOrder(rows.get(own[(i + turn) % own.length]).signs(), order);
      double[] by = adviser.sure(signs);
      sure[own[i]] = new double[methods.size()];
      for (int m = 0; m < order.length; m++) {
        sure[own[i]][order[m]] = by[m];
      }
      picked(ALWAYS)[own[i]] = order[0];
      picked(FORM)[own[i]] = order[adviser.byForm(signs.form())];
      picked(PICTURE)[own[i]] = order[Adviser.best(by)];
      picked(FAITHFUL)[own[i]] = order[Adviser.best(worth(signs))];
      picked(SHUFFLED)[own[i]] = order[Adviser.best(adviser.sure(another))];
      picked(RANDOM)[own[i]] = random.nextInt(methods.size());
    }
  }

  private static Signs inOrder(Signs signs, int[] order) {
    return new Signs(
        signs.form(),
        IntStream.of(order).mapToObj(m -> signs.values()[m]).toArray(double[][]::new));
  }

  /// Insertion less deletion.
  private static double[] worth(Signs signs) {
    return Arrays.stream(signs.values()).mapToDouble(row -> row[1] - row[0]).toArray();
  }

  // ---- how good each way was

  private List<Adviser.Way> ways() {
    List<Adviser.Way> ways = new ArrayList<>();
    double[] always = hits(picked(ALWAYS));
    for (Map.Entry<String, String> way : WHAT.entrySet()) {
      double[] own = hits(picked(way.getKey()));
      double[] gains = IntStream.range(0, count).mapToDouble(i -> own[i] - always[i]).toArray();
      ways.add(
          new Adviser.Way(
              way.getKey(),
              way.getValue(),
              Share.around(Arrays.stream(own).average().orElse(0), pictures),
              mean(gains),
              Chance.ofSum(sums(gains)),
              1));
    }
    return corrected(ways);
  }

  private double[] hits(int[] methodOf) {
    return IntStream.range(0, count).mapToDouble(i -> rows.get(i).hits()[methodOf[i]]).toArray();
  }

  /// Sums over the questions of each picture.
  private double[] sums(double[] values) {
    double[] sums = new double[rows.stream().mapToInt(Row::picture).max().orElse(0) + 1];
    for (int i = 0; i < count; i++) {
      sums[rows.get(i).picture()] += values[i];
    }
    return sums;
  }

  /// The mean over questions, its interval by drawing whole pictures.
  private Estimate mean(double[] values) {
    double[] sums = sums(values);
    double[] counts = sums(IntStream.range(0, count).mapToDouble(i -> 1).toArray());
    int[] present = IntStream.range(0, sums.length).filter(p -> counts[p] > 0).toArray();
    return Estimate.of(
        present.length,
        drawn -> {
          double sum = 0;
          double of = 0;
          for (int d : drawn) {
            sum += sums[present[d]];
            of += counts[present[d]];
          }
          return sum / of;
        });
  }

  private static boolean isCandidate(Adviser.Way way) {
    return way.name().equals(FORM) || way.name().equals(PICTURE);
  }

  private static List<Adviser.Way> corrected(List<Adviser.Way> ways) {
    double[] holm =
        Chance.holm(
            ways.stream().filter(AdviserTrial::isCandidate).mapToDouble(Adviser.Way::p).toArray());
    List<Adviser.Way> all = new ArrayList<>();
    int at = 0;
    for (Adviser.Way way : ways) {
      double p = isCandidate(way) ? holm[at++] : 1;
      all.add(new Adviser.Way(way.name(), way.what(), way.hit(), way.gain(), way.p(), p));
    }
    return all;
  }

  private static Advice.Choice choice(List<Adviser.Way> ways) {
    return ways.stream()
        .filter(way -> isCandidate(way) && way.holm() < CHANCE && way.gain().value() > 0)
        .max(Comparator.comparingDouble(way -> way.gain().value()))
        .map(way -> way.name().equals(FORM) ? Advice.Choice.FORM : Advice.Choice.PICTURE)
        .orElse(Advice.Choice.ALWAYS);
  }

  // ---- how sure it is

  /// Mean square of what the shares of groups are off, each part judged by groups of the others.
  private double brier(double[] told, double[] right, int most) {
    double sum = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
      int[] own = part(fold, true);
      int[] others = part(fold, false);
      if (own.length == 0 || others.length == 0) {
        continue;
      }
      List<Adviser.Group> groups = groups(others, told, right, most);
      for (int i : own) {
        double off = Adviser.group(groups, told[i]).right().value() - right[i];
        sum += off * off;
      }
    }
    return sum / count;
  }

  /// Questions from the least sure to the surest in groups of about the same size; neighbours that
  /// are out of order become one.
  private List<Adviser.Group> groups(int[] some, double[] told, double[] right, int most) {
    List<Integer> sorted =
        IntStream.of(some).boxed().sorted(Comparator.comparingDouble(i -> told[i])).toList();
    List<List<Integer>> pools = new ArrayList<>();
    for (int g = 0; g < most; g++) {
      List<Integer> pool =
          new ArrayList<>(sorted.subList(g * sorted.size() / most, (g + 1) * sorted.size() / most));
      while (!pools.isEmpty() && share(pools.getLast(), right) >= share(pool, right)) {
        List<Integer> joined = new ArrayList<>(pools.removeLast());
        joined.addAll(pool);
        pool = joined;
      }
      pools.add(pool);
    }
    return pools.stream()
        .map(pool ->
            new Adviser.Group(
                told[pool.getFirst()],
                Share.around(
                    share(pool, right),
                    (int) pool.stream().map(i -> rows.get(i).picture()).distinct().count())))
        .toList();
  }

  private static double share(List<Integer> pool, double[] right) {
    return pool.stream().mapToDouble(i -> right[i]).average().orElse(0);
  }
}
