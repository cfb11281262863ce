package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Conclusion;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.report.CausalFigure;
import java.util.List;

/// What the commands have in common that measure every cell of a grid.
abstract class MapCommand extends CausalCommand<CausalMap> {
  private static final int LISTED = 8;

  /// So many cells are all listed.
  private static final int FEW = 12;

  /// Smaller changes would be rows of 0.000.
  private static final double SHOWN = .001;

  MapCommand(Console console) {
    super(console);
  }

  @Override
  String told(CausalMap map, CausalResult<CausalMap> result, Metric metric) {
    StringBuilder text = new StringBuilder(Conclusion.of(map, result.target())).append("\n\n");
    map.gate().ifPresent(gate -> text.append(gate.text()).append('\n'));
    text.append(map.what()).append('\n');
    text.append(result.line(map.other().isPresent() ? "changed run" : "clean run", map.base()));
    map.other().ifPresent(other -> text.append(result.line("other run", other)));
    map.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
    List<CausalMap.Cell> every = map.strongest(metric, Integer.MAX_VALUE);
    List<CausalMap.Cell> all =
        every.stream().filter(cell -> Math.abs(cell.change()) >= SHOWN).toList();
    // Towards the other run, or down where nothing is put in: what the map asks for comes first.
    double gap = map.other().map(run -> run.of(metric) - map.base().of(metric)).orElse(-1.);
    listed(text, map, metric, all.stream().filter(cell -> cell.change() * gap > 0).toList(), gap);
    listed(text, map, metric, all.stream().filter(cell -> cell.change() * gap < 0).toList(), -gap);
    if (all.isEmpty() || every.size() <= FEW) {
      rest(text, map, metric, every.subList(all.size(), every.size()));
    }
    return text.toString();
  }

  /// What makes no difference; of many cells only how many they are.
  private static void rest(
      StringBuilder text, CausalMap map, Metric metric, List<CausalMap.Cell> cells) {
    if (cells.isEmpty()) {
      return;
    }
    text.append("change the %s by less than %s\n".formatted(metric.label(), SHOWN));
    TextTable table = new TextTable();
    if (cells.size() > FEW) {
      table.row("  all " + cells.size());
    } else {
      cells.forEach(cell -> table.row("  " + map.label(cell), Spoken.signed(cell.change())));
    }
    text.append(table);
  }

  private static void listed(
      StringBuilder text, CausalMap map, Metric metric, List<CausalMap.Cell> cells, double gap) {
    if (cells.isEmpty()) {
      return;
    }
    text.append(gap > 0 ? "raise" : "lower")
        .append(" the ")
        .append(metric.label())
        .append(" most\n");
    TextTable table = new TextTable();
    for (CausalMap.Cell cell : cells.subList(0, Math.min(LISTED, cells.size()))) {
      table.row(
          "  " + map.label(cell),
          Spoken.signed(cell.change())
              + map.spreads()
                  .map(spreads -> spreads.get(cell.row()).get(cell.column()).of(metric))
                  .map(spread -> " \u00b1 " + Spoken.number(spread))
                  .orElse(""));
    }
    text.append(table);
  }

  @Override
  String drawn(CausalMap map, String conclusion, Metric metric) {
    return CausalFigure.svg(map, metric, conclusion, sources(), said());
  }
}
