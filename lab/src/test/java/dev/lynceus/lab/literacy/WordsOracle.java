package dev.lynceus.lab.literacy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Answers questions by their words and the table alone: it knows neither queries nor keys, so that
/// it finds a wording that does not ask for what the key says.
final class WordsOracle {
  private final String question;
  private final Chart chart;
  private final ChartTable table;
  private String[] found = {};

  private WordsOracle(String question, Chart chart) {
    this.question = question;
    this.chart = chart;
    this.table = chart.table();
  }

  static String answer(String question, Chart chart) {
    return new WordsOracle(question, chart).answer();
  }

  private boolean is(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(question);
    if (!matcher.matches()) {
      return false;
    }
    found = new String[matcher.groupCount()];
    for (int i = 0; i < found.length; i++) {
      found[i] = matcher.group(i + 1);
    }
    return true;
  }

  private int row(String name) {
    return table.rows().indexOf(name);
  }

  private int column(String name) {
    return table.columns().indexOf(name);
  }

  private int v(int row, int column) {
    return table.values().get(row).get(column);
  }

  private int atX(String x) {
    for (int r = 0; r < table.rows().size(); r++) {
      if (v(r, 0) == Integer.parseInt(x)) {
        return r;
      }
    }
    throw new IllegalStateException("no point at " + x);
  }

  private List<Integer> all(int column) {
    List<Integer> all = new ArrayList<>();
    for (List<Integer> row : table.values()) {
      all.add(row.get(column));
    }
    return all;
  }

  private String named(int row, int column) {
    boolean share = chart.kind() == ChartKind.PIE || chart.kind() == ChartKind.STACKED_BAR_100;
    return v(row, column) + (share ? "%" : "");
  }

  private String first(int column, boolean largest) {
    Comparator<Integer> order = Comparator.comparing(row -> v(row, column));
    List<Integer> rows = new ArrayList<>();
    for (int r = 0; r < table.rows().size(); r++) {
      rows.add(r);
    }
    rows.sort(largest ? order.reversed() : order);
    return table.rows().get(rows.getFirst());
  }

  private String range(List<Integer> all) {
    List<Integer> sorted = all.stream().sorted().toList();
    return sorted.getFirst() + " - " + sorted.getLast();
  }

  private String answer() {
    if (question.startsWith("True or false: ")) {
      return claim() ? "True" : "False";
    }
    if (is("What is the value of (\\w+) in (\\w+)\\?")
        || is("What is the share of (\\w+) in (\\w+)\\?")) {
      return named(row(found[1]), column(found[0]));
    }
    if (is("What is the (?:value|share) of (\\w+)\\?") || is("How many are in ([\\d-]+)\\?")) {
      return named(row(found[0]), 0);
    }
    if (is("What is the y of the point at x (\\d+)\\?")) {
      return Integer.toString(v(atX(found[0]), 1));
    }
    if (is("What is the y of (\\w+)\\?")) {
      return Integer.toString(v(row(found[0]), 1));
    }
    if (is("In which range is the value of (\\w+)\\?")) {
      int quarter = chart.y().top() / 4;
      int from = v(row(found[0]), 0) / quarter * quarter;
      return from + " - " + (from + quarter);
    }
    if (is("What share of (\\w+) is (\\w+)\\?")) {
      int sum = table.values().get(row(found[0])).stream().mapToInt(Integer::intValue).sum();
      return 100 * v(row(found[0]), column(found[1])) / sum + "%";
    }
    if (is("Which one has the (highest|lowest) value of (\\w+)\\?")) {
      return first(column(found[1]), found[0].equals("highest"));
    }
    if (is("Which one has the (highest|lowest) value\\?")) {
      return first(0, found[0].equals("highest"));
    }
    if (is("Which one is the (largest|smallest)\\?")) {
      return first(chart.kind() == ChartKind.BUBBLE ? 2 : 0, found[0].equals("largest"));
    }
    if (is("What is the (highest|lowest) y of all points\\?")) {
      List<Integer> sorted = all(1).stream().sorted().toList();
      return Integer.toString(found[0].equals("highest") ? sorted.getLast() : sorted.getFirst());
    }
    if (is("What is the range of the values\\?")) {
      return range(all(0));
    }
    if (is("What is the range of y\\?")) {
      return range(all(1));
    }
    if (is("What is the trend of (the values|\\w+)\\?")) {
      List<Integer> all = all(found[0].equals("the values") ? 0 : column(found[0]));
      int by = all.getLast() - all.getFirst();
      return by > 0 ? "Rising" : by < 0 ? "Falling" : "Steady";
    }
    if (is("How much higher is (\\w+) than (\\w+)\\?")) {
      return Integer.toString(v(row(found[0]), 0) - v(row(found[1]), 0));
    }
    if (is("How many are lower than (\\w+)\\?")) {
      int own = v(row(found[0]), 0);
      return Long.toString(all(0).stream().filter(one -> one < own).count());
    }
    if (is("What is the x of the point that lies apart from the others\\?")) {
      return Integer.toString(v(apart(), 0));
    }
    if (is("Which one lies apart from the others\\?")) {
      return table.rows().get(apart());
    }
    throw new IllegalStateException("no such question: " + question);
  }

  /// The point that is farthest from the line of the median slope and the median offset of all
  /// points (Theil and Sen), which one point does not move: other arithmetic than the key's.
  private int apart() {
    List<Double> slopes = new ArrayList<>();
    List<Double> offsets = new ArrayList<>();
    for (int a = 0; a < table.rows().size(); a++) {
      for (int b = 0; b < a; b++) {
        slopes.add((v(a, 1) - v(b, 1)) / (double) (v(a, 0) - v(b, 0)));
      }
    }
    double slope = median(slopes);
    all(0).forEach(x -> offsets.add(v(all(0).indexOf(x), 1) - slope * x));
    double offset = median(offsets);
    double best = -1;
    int row = -1;
    for (int r = 0; r < table.rows().size(); r++) {
      double far = Math.abs(v(r, 1) - slope * v(r, 0) - offset);
      if (far > best) {
        best = far;
        row = r;
      }
    }
    return row;
  }

  private static double median(List<Double> all) {
    List<Double> sorted = all.stream().sorted().toList();
    return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
  }

  private boolean claim() {
    String all = "True or false: ";
    if (is(all + "the share of (\\w+) is higher in (\\w+) than in (\\w+)\\.")) {
      return share(found[1], found[0]) > share(found[2], found[0]);
    }
    if (is(all + "(\\w+) is always higher than (\\w+)\\.")) {
      boolean holds = true;
      for (int r = 0; r < table.rows().size(); r++) {
        holds &= v(r, column(found[0])) > v(r, column(found[1]));
      }
      return holds;
    }
    if (is(all + "a group of points lies at x (\\d+) and y (\\d+)\\.")) {
      int near = 0;
      for (List<Integer> at : table.values()) {
        double dx = (at.get(0) - Integer.parseInt(found[0])) / (chart.x().top() / 5.0);
        double dy = (at.get(1) - Integer.parseInt(found[1])) / (chart.y().top() / 5.0);
        near += dx * dx + dy * dy <= 1.5 * 1.5 ? 1 : 0;
      }
      return near >= 3;
    }
    if (is(all + "(y|size) is (rising|falling) as x is rising\\.")) {
      int column = column(found[0]);
      int up = 0;
      for (int a = 0; a < table.rows().size(); a++) {
        for (int b = 0; b < a; b++) {
          up += Integer.signum((v(a, 0) - v(b, 0)) * (v(a, column) - v(b, column)));
        }
      }
      return up > 0 == found[1].equals("rising");
    }
    if (is(all + "(\\w+) is part of (\\w+)\\.")) {
      return table.groups().get(row(found[0])).equals(found[1]);
    }
    if (is(all + "the point at x (\\d+) is higher than the point at x (\\d+)\\.")) {
      return v(atX(found[0]), 1) > v(atX(found[1]), 1);
    }
    if (is(all + "more are in ([\\d-]+) than in ([\\d-]+)\\.")) {
      return v(row(found[0]), 0) > v(row(found[1]), 0);
    }
    if (is(all + "(\\w+) in (\\w+) is higher than (\\w+) in (\\w+)\\.")) {
      return v(row(found[1]), column(found[0])) > v(row(found[3]), column(found[2]));
    }
    if (is(all + "(\\w+) is (higher|larger) than (\\w+)\\.")) {
      int column = chart.kind() == ChartKind.BUBBLE ? 2 : 0;
      return v(row(found[0]), column) > v(row(found[2]), column);
    }
    throw new IllegalStateException("no such claim: " + question);
  }

  private double share(String row, String column) {
    List<Integer> own = table.values().get(row(row));
    return own.get(column(column)) / (double) own.stream().mapToInt(Integer::intValue).sum();
  }
}
