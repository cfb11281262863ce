package dev.lynceus.lab.literacy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Makes items of visualization literacy: charts of synthetic numbers, with questions in own words
/// on the places of VLAT's blueprint.
public final class ChartItems {
  /// Numbers are drawn anew until they settle the question; a place that needs more is a fault.
  private static final int TRIES = 10_000;

  private final Detail detail;
  private final Random random;

  /// @param random all items follow from it
  public ChartItems(Detail detail, Random random) {
    this.detail = detail;
    this.random = random;
  }

  /// A suite: some items of each place.
  ///
  /// @param seed which sequence; the items of a place do not depend on which others are asked for
  /// @param places what is tested
  /// @param each items of a place
  public static List<ChartItem> suite(Detail detail, long seed, List<Blueprint> places, int each) {
    List<ChartItem> items = new ArrayList<>();
    for (Blueprint place : places) {
      int number = Blueprint.all().indexOf(place);
      for (int i = 0; i < each; i++) {
        long own = new SplittableRandom(seed * 1_000_003 + number * 4_099L + i).nextLong();
        Random random = new Random(own);
        items.add(
            new ChartItems(detail, random)
                .item(
                    "%s-%s%s-%d"
                        .formatted(
                            place.chart().label(),
                            place.task().code().toLowerCase(java.util.Locale.ROOT),
                            place.variant() == Variant.PLAIN ? "" : "-" + place.variant().label(),
                            i + 1),
                    place));
      }
    }
    return List.copyOf(items);
  }

  /// An item of a place.
  public ChartItem item(String id, Blueprint place) {
    ChartMaker charts = new ChartMaker(detail, random);
    QueryMaker queries = new QueryMaker(random);
    // Statements hold as often as not.
    Optional<String> wanted =
        place.options() == 2
            ? Optional.of(random.nextBoolean() ? Query.TRUE : Query.FALSE)
            : Optional.empty();
    for (int i = 0; i < TRIES; i++) {
      Chart chart = charts.chart(place.chart(), place.task());
      Query query = queries.query(place, chart);
      Optional<String> answer = query.answer(chart);
      if (answer.isEmpty() || wanted.isPresent() && !wanted.equals(answer)) {
        continue;
      }
      Optional<Chart> other = swapped(charts, chart, place, query, answer.get());
      if (other.isEmpty()) {
        continue;
      }
      String swapped = query.answer(other.get()).orElseThrow();
      List<String> options =
          new Distractors(random).options(query, chart, answer.get(), swapped, place.options());
      return new ChartItem(
          id,
          place,
          chart,
          query,
          ChartWords.of(query, chart),
          options,
          options.indexOf(answer.get()),
          other.get(),
          options.indexOf(swapped),
          Evidence.of(query, chart));
    }
    throw new IllegalStateException("no numbers settle " + place);
  }

  /// The same chart of other numbers, with another answer.
  private Optional<Chart> swapped(
      ChartMaker charts, Chart chart, Blueprint place, Query query, String answer) {
    return IntStream.range(0, 100)
        .mapToObj(i -> changed(charts, chart, place, query))
        .filter(other -> query.answer(other).filter(one -> !one.equals(answer)).isPresent())
        .findFirst();
  }

  private Chart changed(ChartMaker charts, Chart chart, Blueprint place, Query query) {
    if (query instanceof Query.Member) {
      // What belongs to what: each tile goes to another group.
      ChartTable table = chart.table();
      List<String> groups = chart.legend();
      int by = 1 + random.nextInt(groups.size() - 1);
      return chart.with(
          new ChartTable(
              table.rows(),
              table.columns(),
              table.groups().stream()
                  .map(group -> groups.get((groups.indexOf(group) + by) % groups.size()))
                  .toList(),
              table.values()));
    }
    return charts.again(chart, place.task());
  }
}
