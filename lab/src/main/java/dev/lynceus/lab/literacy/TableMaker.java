package dev.lynceus.lab.literacy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// Draws the numbers of charts.
record TableMaker(Detail detail, Random random) {
  /// Sizes of bubbles, each twice as large in area as the last.
  static final int SIZES = 6;

  private static final int APART = 2;

  /// Numbers for the names of a chart.
  ChartTable table(Chart chart, ChartTask task) {
    return table(chart, task, List.of());
  }

  /// Other numbers for a chart that has some: of points without names, those that questions name
  /// stay where they were across.
  ChartTable again(Chart chart, ChartTask task) {
    boolean named =
        chart.kind() == ChartKind.SCATTER
            && (task == ChartTask.RETRIEVE_VALUE
                || task == ChartTask.COMPARE
                || task == ChartTask.FIND_ANOMALIES);
    return table(
        chart,
        task,
        named
            ? chart.table().column(0).stream().map(v -> v / chart.x().unit()).toList()
            : List.of());
  }

  private ChartTable table(Chart chart, ChartTask task, List<Integer> across) {
    ChartTable names = chart.table();
    int rows = names.size();
    int levels = chart.y().levels();
    List<List<Integer>> numbers =
        switch (chart.kind()) {
          case LINE, AREA ->
              columns(
                  task == ChartTask.FIND_TRENDS ? trend(rows, 1, levels) : distinct(rows, levels));
          case BAR, HISTOGRAM -> columns(distinct(rows, levels));
          case TREEMAP -> columns(spread(rows, levels));
          case MAP -> columns(shades(rows, chart.y()));
          case PIE -> columns(parts(rows, levels));
          case STACKED_BAR_100 ->
              IntStream.range(0, rows)
                  .mapToObj(r -> parts(names.columns().size(), levels))
                  .toList();
          case STACKED_BAR, STACKED_AREA -> stacks(chart, task);
          case SCATTER -> points(chart, task, across, rows);
          case BUBBLE -> bubbles(chart, task, rows);
        };
    return new ChartTable(names.rows(), names.columns(), names.groups(), scaled(chart, numbers));
  }

  private static List<List<Integer>> columns(List<Integer> column) {
    return column.stream().map(List::of).toList();
  }

  private static List<List<Integer>> scaled(Chart chart, List<List<Integer>> levels) {
    boolean points = chart.kind() == ChartKind.SCATTER || chart.kind() == ChartKind.BUBBLE;
    List<List<Integer>> scaled = new ArrayList<>();
    for (List<Integer> row : levels) {
      List<Integer> own = new ArrayList<>();
      for (int c = 0; c < row.size(); c++) {
        own.add(
            row.get(c)
                * (points && c == 0 ? chart.x().unit() : c == 2 && points ? 1 : chart.y().unit()));
      }
      scaled.add(own);
    }
    return scaled;
  }

  private int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  private List<Integer> distinct(int count, int levels) {
    List<Integer> all = new ArrayList<>(IntStream.rangeClosed(1, levels).boxed().toList());
    Collections.shuffle(all, random);
    return List.copyOf(all.subList(0, count));
  }

  /// Numbers whose areas can be told apart: steps of at least a tenth of the scale.
  private List<Integer> spread(int count, int levels) {
    int step = Math.max(1, levels / 10);
    return distinct(count, 8).stream().map(v -> (v + 1) * step).toList();
  }

  /// Numbers between `least` and `most` that never fall, never rise, or stay.
  private List<Integer> trend(int count, int least, int most) {
    List<Integer> sorted = new ArrayList<>();
    if (random.nextInt(3) == 0) {
      sorted.addAll(Collections.nCopies(count, between(least, most)));
      return sorted;
    }
    do {
      sorted.clear();
      for (int i = 0; i < count; i++) {
        sorted.add(between(least, most));
      }
      Collections.sort(sorted);
    } while (sorted.getLast() - sorted.getFirst() < Math.min(APART, most - least));
    if (random.nextBoolean()) {
      Collections.reverse(sorted);
    }
    return sorted;
  }

  /// Numbers that are not at the border of two classes.
  private List<Integer> shades(int count, Axis axis) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(between(0, axis.ticks() - 1) * axis.perTick() + between(1, axis.perTick() - 1));
    }
    return all;
  }

  /// Parts of a whole of so many levels, none of them nothing.
  private List<Integer> parts(int count, int levels) {
    List<Integer> cuts = new ArrayList<>(IntStream.range(1, levels).boxed().toList());
    Collections.shuffle(cuts, random);
    List<Integer> edges = new ArrayList<>(cuts.subList(0, count - 1));
    edges.add(0);
    edges.add(levels);
    Collections.sort(edges);
    List<Integer> parts = new ArrayList<>();
    for (int i = 1; i < edges.size(); i++) {
      parts.add(edges.get(i) - edges.get(i - 1));
    }
    return parts;
  }

  private List<List<Integer>> stacks(Chart chart, ChartTask task) {
    int columns = chart.table().columns().size();
    int rows = chart.table().size();
    int most = chart.y().levels() / columns;
    List<List<Integer>> byColumn = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      List<Integer> own = new ArrayList<>();
      if (task == ChartTask.FIND_TRENDS) {
        own.addAll(trend(rows, 1, most));
      } else {
        for (int r = 0; r < rows; r++) {
          own.add(between(1, most));
        }
      }
      byColumn.add(own);
    }
    if (task == ChartTask.COMPARE
        && chart.kind() == ChartKind.STACKED_AREA
        && random.nextBoolean()) {
      // One series above another throughout, which chance seldom makes.
      for (int r = 0; r < rows; r++) {
        int high = between(2, most);
        byColumn.get(0).set(r, high);
        byColumn.get(1).set(r, between(1, high - 1));
      }
    }
    return IntStream.range(0, rows)
        .mapToObj(r -> byColumn.stream().map(column -> column.get(r)).toList())
        .toList();
  }

  private List<List<Integer>> points(Chart chart, ChartTask task, List<Integer> across, int rows) {
    int levels = chart.y().levels();
    List<Integer> xs = across;
    List<Integer> ys = new ArrayList<>();
    if (task == ChartTask.FIND_CLUSTERS) {
      return clustered(rows, levels);
    }
    if (xs.isEmpty()) {
      xs = distinct(rows, levels - 1).stream().sorted().toList();
    }
    int sign = random.nextBoolean() ? 1 : -1;
    int apart = random.nextInt(rows);
    for (int i = 0; i < rows; i++) {
      int line = sign > 0 ? xs.get(i) : levels - xs.get(i);
      ys.add(
          switch (task) {
            case FIND_TRENDS -> Math.clamp(line + between(-1, 1), 1, levels - 1);
            case FIND_ANOMALIES ->
                i == apart ? (line + levels / 2) % levels : Math.clamp(line, 1, levels - 1);
            default -> between(1, levels - 1);
          });
      ys.set(i, Math.max(1, ys.get(i)));
    }
    List<Integer> all = xs;
    return IntStream.range(0, rows).mapToObj(i -> List.of(all.get(i), ys.get(i))).toList();
  }

  /// Half of the points in one place, the others elsewhere.
  private List<List<Integer>> clustered(int rows, int levels) {
    int near = Math.max(1, levels / 10);
    int cx = between(2 * near, levels - 2 * near);
    int cy = between(2 * near, levels - 2 * near);
    List<List<Integer>> points = new ArrayList<>();
    while (points.size() < rows) {
      boolean within = points.size() < rows / 2 + 1;
      int x = within ? cx + between(-near, near) : between(1, levels - 1);
      int y = within ? cy + between(-near, near) : between(1, levels - 1);
      boolean far = Math.hypot(x - cx, y - cy) > 4.5 * near;
      if ((within || far) && !points.contains(List.of(x, y))) {
        points.add(List.of(x, y));
      }
    }
    return points;
  }

  private List<List<Integer>> bubbles(Chart chart, ChartTask task, int rows) {
    while (true) {
      List<List<Integer>> places = points(chart, task, List.of(), rows);
      int levels = chart.y().levels();
      double room = task == ChartTask.FIND_CLUSTERS ? levels / 10.0 : levels / 6.0;
      boolean clear = true;
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < i; j++) {
          clear &=
              Math.hypot(
                      places.get(i).get(0) - places.get(j).get(0),
                      places.get(i).get(1) - places.get(j).get(1))
                  >= room;
        }
      }
      if (clear) {
        List<Integer> sizes = distinct(rows, SIZES);
        List<Integer> byX =
            IntStream.range(0, rows)
                .boxed()
                .sorted(java.util.Comparator.comparing(i -> places.get(i).get(0)))
                .toList();
        List<Integer> ordered = sizes.stream().sorted().toList();
        boolean rises = random.nextBoolean();
        List<List<Integer>> all = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
          int rank = byX.indexOf(i);
          int size =
              task == ChartTask.FIND_TRENDS
                  ? ordered.get(rises ? rank : rows - 1 - rank)
                  : sizes.get(i);
          all.add(List.of(places.get(i).get(0), places.get(i).get(1), size));
        }
        return all;
      }
    }
  }
}
