package dev.lynceus.lab.literacy;

import static dev.lynceus.lab.literacy.ChartTask.COMPARE;
import static dev.lynceus.lab.literacy.ChartTask.DETERMINE_RANGE;
import static dev.lynceus.lab.literacy.ChartTask.FIND_ANOMALIES;
import static dev.lynceus.lab.literacy.ChartTask.FIND_CLUSTERS;
import static dev.lynceus.lab.literacy.ChartTask.FIND_EXTREMUM;
import static dev.lynceus.lab.literacy.ChartTask.FIND_HIERARCHY;
import static dev.lynceus.lab.literacy.ChartTask.FIND_TRENDS;
import static dev.lynceus.lab.literacy.ChartTask.RETRIEVE_VALUE;
import static dev.lynceus.lab.literacy.Variant.ABSOLUTE;
import static dev.lynceus.lab.literacy.Variant.APPROXIMATE;
import static dev.lynceus.lab.literacy.Variant.DERIVED;
import static dev.lynceus.lab.literacy.Variant.PLAIN;
import static dev.lynceus.lab.literacy.Variant.RELATIVE;

import java.util.List;

/// One place of the test: which task on which chart, and among how many options. The places are
/// those of VLAT (Lee, Kim and Kwon 2017), 53 of them; charts, data and words are our own.
///
/// @param options 4; 3 for trends of lines; 2 where a statement is true or false
public record Blueprint(ChartKind chart, ChartTask task, Variant variant, int options) {

  // spotless:off: a line for each chart
  private static final List<Blueprint> ALL = List.of(
      of(ChartKind.LINE, RETRIEVE_VALUE, PLAIN, 4), of(ChartKind.LINE, FIND_EXTREMUM, PLAIN, 4),
      of(ChartKind.LINE, DETERMINE_RANGE, PLAIN, 4), of(ChartKind.LINE, FIND_TRENDS, PLAIN, 3),
      of(ChartKind.LINE, COMPARE, PLAIN, 4),
      of(ChartKind.BAR, RETRIEVE_VALUE, PLAIN, 4), of(ChartKind.BAR, FIND_EXTREMUM, PLAIN, 4),
      of(ChartKind.BAR, DETERMINE_RANGE, PLAIN, 4), of(ChartKind.BAR, COMPARE, PLAIN, 4),
      of(ChartKind.STACKED_BAR, RETRIEVE_VALUE, ABSOLUTE, 4), of(ChartKind.STACKED_BAR, RETRIEVE_VALUE, RELATIVE, 4),
      of(ChartKind.STACKED_BAR, FIND_EXTREMUM, PLAIN, 4),
      of(ChartKind.STACKED_BAR, COMPARE, ABSOLUTE, 2), of(ChartKind.STACKED_BAR, COMPARE, RELATIVE, 2),
      of(ChartKind.STACKED_BAR_100, RETRIEVE_VALUE, RELATIVE, 4), of(ChartKind.STACKED_BAR_100, FIND_EXTREMUM, RELATIVE, 4),
      of(ChartKind.STACKED_BAR_100, COMPARE, RELATIVE, 2),
      of(ChartKind.PIE, RETRIEVE_VALUE, RELATIVE, 4), of(ChartKind.PIE, FIND_EXTREMUM, RELATIVE, 4),
      of(ChartKind.PIE, COMPARE, RELATIVE, 2),
      of(ChartKind.HISTOGRAM, RETRIEVE_VALUE, DERIVED, 4), of(ChartKind.HISTOGRAM, FIND_EXTREMUM, DERIVED, 4),
      of(ChartKind.HISTOGRAM, COMPARE, DERIVED, 2),
      of(ChartKind.SCATTER, RETRIEVE_VALUE, PLAIN, 4), of(ChartKind.SCATTER, FIND_EXTREMUM, PLAIN, 4),
      of(ChartKind.SCATTER, DETERMINE_RANGE, PLAIN, 4), of(ChartKind.SCATTER, FIND_ANOMALIES, PLAIN, 4),
      of(ChartKind.SCATTER, FIND_CLUSTERS, PLAIN, 2), of(ChartKind.SCATTER, FIND_TRENDS, PLAIN, 2),
      of(ChartKind.SCATTER, COMPARE, PLAIN, 2),
      of(ChartKind.AREA, RETRIEVE_VALUE, PLAIN, 4), of(ChartKind.AREA, FIND_EXTREMUM, PLAIN, 4),
      of(ChartKind.AREA, DETERMINE_RANGE, PLAIN, 4), of(ChartKind.AREA, FIND_TRENDS, PLAIN, 3),
      of(ChartKind.STACKED_AREA, RETRIEVE_VALUE, ABSOLUTE, 4), of(ChartKind.STACKED_AREA, RETRIEVE_VALUE, RELATIVE, 4),
      of(ChartKind.STACKED_AREA, FIND_EXTREMUM, PLAIN, 4), of(ChartKind.STACKED_AREA, FIND_TRENDS, PLAIN, 3),
      of(ChartKind.STACKED_AREA, COMPARE, ABSOLUTE, 2), of(ChartKind.STACKED_AREA, COMPARE, RELATIVE, 2),
      of(ChartKind.BUBBLE, RETRIEVE_VALUE, PLAIN, 4), of(ChartKind.BUBBLE, FIND_EXTREMUM, PLAIN, 4),
      of(ChartKind.BUBBLE, DETERMINE_RANGE, PLAIN, 4), of(ChartKind.BUBBLE, FIND_ANOMALIES, PLAIN, 4),
      of(ChartKind.BUBBLE, FIND_CLUSTERS, PLAIN, 2), of(ChartKind.BUBBLE, FIND_TRENDS, PLAIN, 2),
      of(ChartKind.BUBBLE, COMPARE, PLAIN, 2),
      of(ChartKind.MAP, RETRIEVE_VALUE, APPROXIMATE, 4), of(ChartKind.MAP, FIND_EXTREMUM, APPROXIMATE, 4),
      of(ChartKind.MAP, COMPARE, APPROXIMATE, 2),
      of(ChartKind.TREEMAP, FIND_EXTREMUM, RELATIVE, 4), of(ChartKind.TREEMAP, COMPARE, RELATIVE, 2),
      of(ChartKind.TREEMAP, FIND_HIERARCHY, PLAIN, 2));
  // spotless:on

  private static Blueprint of(ChartKind chart, ChartTask task, Variant variant, int options) {
    return new Blueprint(chart, task, variant, options);
  }

  /// All places, chart after chart.
  public static List<Blueprint> all() {
    return ALL;
  }
}
