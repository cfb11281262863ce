package dev.lynceus.cli;

import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Conclusion;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.report.CausalFigure;
import java.util.Locale;

/// What the commands have in common that measure every cell of a grid.
abstract class MapCommand extends CausalCommand<CausalMap> {
  private static final int LISTED = 10;

  MapCommand(Console console) {
    super(console);
  }

  @Override
  String conclusion(CausalMap map, String word) {
    return Conclusion.of(map, word);
  }

  @Override
  String told(CausalMap map, CausalResult<CausalMap> result, Metric metric) {
    StringBuilder text = new StringBuilder(conclusion(map, result.target())).append("\n\n");
    text.append(map.what()).append('\n');
    text.append(result.line(map.other().isPresent() ? "changed run" : "clean run", map.base()));
    map.other().ifPresent(other -> text.append(result.line("other run", other)));
    map.gate().ifPresent(gate -> text.append(gate.text()).append('\n'));
    map.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
    text.append("largest changes of the ").append(metric.label()).append(":\n");
    for (CausalMap.Cell cell : map.strongest(metric, LISTED)) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %s %-6s %s %-24s %+.4f%s%n",
              map.rowAxis(),
              cell.rowLabel(),
              map.columnAxis(),
              cell.columnLabel(),
              cell.change(),
              map.spreads()
                  .map(spreads -> spreads.get(cell.row()).get(cell.column()).of(metric))
                  .map(spread -> String.format(Locale.ROOT, " \u00b1 %.4f", spread))
                  .orElse("")));
    }
    return text.toString();
  }

  @Override
  String drawn(CausalMap map, Metric metric) {
    return CausalFigure.svg(map, metric);
  }
}
