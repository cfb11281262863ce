package dev.lynceus.lab.literacy;

import dev.lynceus.lab.picture.Rgb;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// Draws charts at random: names, scale and colours first, then numbers that suit a task.
///
/// @param detail how much they show
/// @param random all of it follows from this
record ChartMaker(Detail detail, Random random) {
  private static final List<String> LETTERS = List.of("A", "K", "M", "T", "X");
  private static final List<String> SERIES_LETTERS = List.of("F", "H", "N");
  private static final List<String> PLACES =
      List.of("Oslo", "Rome", "Lima", "Bern", "Kyiv", "Doha", "Cork", "Nice", "Baku", "Cali");
  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct");
  private static final List<String> GOODS = List.of("Tea", "Milk", "Rice", "Oats", "Figs", "Salt");
  private static final List<String> GROUPS = List.of("Food", "Toys", "Tools");
  private static final List<Rgb> COLOURS =
      List.of(
          new Rgb(31, 119, 180),
          new Rgb(255, 127, 14),
          new Rgb(44, 160, 44),
          new Rgb(214, 39, 40),
          new Rgb(148, 103, 189),
          new Rgb(90, 60, 40));
  private static final List<Rgb> SHADES =
      List.of(
          new Rgb(222, 235, 247),
          new Rgb(158, 202, 225),
          new Rgb(66, 146, 198),
          new Rgb(8, 48, 107));
  private static final int[] UNITS = {1, 2, 5, 10};

  /// The whole of shares.
  static final int WHOLE = 100;

  /// The number of a letter among those that name rows, or series; 0 for any other name.
  static int number(String letter) {
    return Math.max(0, Math.max(LETTERS.indexOf(letter), SERIES_LETTERS.indexOf(letter)));
  }

  /// The number of a scale among all.
  static int scale(Axis axis) {
    return IntStream.range(0, UNITS.length)
        .filter(i -> UNITS[i] == axis.unit())
        .findFirst()
        .orElse(0);
  }

  private boolean small() {
    return detail == Detail.SMALL;
  }

  /// A chart whose numbers suit a task.
  Chart chart(ChartKind kind, ChartTask task) {
    List<String> rows = rows(kind);
    List<String> columns = columns(kind);
    List<String> groups = groups(kind, rows.size());
    Axis y = y(kind);
    Axis x = scale(UNITS[random.nextInt(UNITS.length)]);
    List<Rgb> colours = kind == ChartKind.MAP ? SHADES : shuffled(COLOURS);
    ChartTable names = new ChartTable(rows, columns, groups, List.of());
    Chart frame = new Chart(kind, title(kind), names, x, y, colours, random.nextLong());
    return frame.with(new TableMaker(detail, random).table(frame, task));
  }

  /// The same chart of other numbers; what a question names stays.
  Chart again(Chart chart, ChartTask task) {
    return chart.with(new TableMaker(detail, random).again(chart, task));
  }

  private Axis scale(int unit) {
    return new Axis(unit, small() ? 2 : 4, 5);
  }

  private Axis y(ChartKind kind) {
    int unit = UNITS[random.nextInt(UNITS.length)];
    return switch (kind) {
      case PIE, STACKED_BAR_100 -> scale(small() ? 10 : 5);
      // Four classes of five values each.
      case MAP -> new Axis(unit, 5, Chart.CLASSES);
      case LINE, BAR, STACKED_BAR, HISTOGRAM, SCATTER, AREA, STACKED_AREA, BUBBLE, TREEMAP ->
          scale(unit);
    };
  }

  private String title(ChartKind kind) {
    if (small()) {
      return "";
    }
    return switch (kind) {
      case LINE, AREA -> "price by month";
      case BAR -> "visits by town";
      case STACKED_BAR -> "sales by town";
      case STACKED_BAR_100 -> "share of sales";
      case PIE -> "share of sales";
      case HISTOGRAM -> "orders by size";
      case SCATTER -> "height y by age x";
      case STACKED_AREA -> "sales by month";
      case BUBBLE -> "towns";
      case MAP -> "value by region";
      case TREEMAP -> "sales by group";
    };
  }

  private int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  private List<String> rows(ChartKind kind) {
    int few = between(4, 5);
    return switch (kind) {
      case LINE, AREA, STACKED_AREA ->
          small() ? sorted(LETTERS, few) : inOrder(MONTHS, kind == ChartKind.STACKED_AREA ? 5 : 6);
      case BAR, STACKED_BAR, STACKED_BAR_100 -> small() ? some(LETTERS, few) : some(PLACES, 5);
      case PIE -> small() ? some(LETTERS, 4) : some(GOODS, between(4, 5));
      case HISTOGRAM -> ranges(small() ? 4 : 5);
      case SCATTER ->
          IntStream.rangeClosed(1, small() ? between(5, 6) : between(10, 12))
              .mapToObj(Integer::toString)
              .toList();
      case BUBBLE -> small() ? some(LETTERS, few) : some(PLACES, 6);
      case MAP -> small() ? some(LETTERS, 4) : some(PLACES, 9);
      case TREEMAP -> small() ? some(LETTERS, few) : some(PLACES, between(6, 7));
    };
  }

  private List<String> ranges(int count) {
    int wide = UNITS[random.nextInt(UNITS.length)] * 2;
    return IntStream.range(0, count).mapToObj(i -> i * wide + "-" + (i + 1) * wide).toList();
  }

  private List<String> columns(ChartKind kind) {
    return switch (kind) {
      case STACKED_BAR, STACKED_BAR_100, STACKED_AREA ->
          small() ? some(SERIES_LETTERS, between(2, 3)) : some(GOODS, 3);
      case SCATTER -> List.of("x", "y");
      case BUBBLE -> List.of("x", "y", "size");
      case LINE, BAR, PIE, HISTOGRAM, AREA, MAP, TREEMAP -> List.of("value");
    };
  }

  private List<String> groups(ChartKind kind, int rows) {
    if (kind != ChartKind.TREEMAP) {
      return List.of();
    }
    List<String> names = small() ? some(SERIES_LETTERS, 2) : shuffled(GROUPS);
    List<String> sorted = names.stream().sorted().toList();
    return IntStream.range(0, rows).mapToObj(i -> sorted.get(i * sorted.size() / rows)).toList();
  }

  private <T> List<T> shuffled(List<T> all) {
    List<T> copy = new ArrayList<>(all);
    Collections.shuffle(copy, random);
    return copy;
  }

  private List<String> some(List<String> all, int count) {
    return List.copyOf(shuffled(all).subList(0, count));
  }

  private List<String> sorted(List<String> all, int count) {
    return some(all, count).stream().sorted().toList();
  }

  private List<String> inOrder(List<String> all, int count) {
    int from = random.nextInt(all.size() - count + 1);
    return all.subList(from, from + count);
  }
}
