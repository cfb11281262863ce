/// Visualization literacy: charts of twelve kinds with questions whose answers are known, how a
/// model does on them, and whether it read the chart. Start with
/// [dev.lynceus.lab.literacy.ChartItems] for the items and [dev.lynceus.lab.literacy.LiteracyStudy]
/// for the measure.
@NullMarked
package dev.lynceus.lab.literacy;

import org.jspecify.annotations.NullMarked;
