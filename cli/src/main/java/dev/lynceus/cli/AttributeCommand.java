package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.causal.AttributionMap;
import dev.lynceus.method.causal.AttributionPatching.Form;
import dev.lynceus.method.causal.Component;
import dev.lynceus.method.causal.Conclusion;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.report.AttributionFigure;
import dev.lynceus.request.AttributeRequest;
import dev.lynceus.request.Measure;
import dev.lynceus.request.ModelSpec;
import dev.lynceus.request.Question;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus attribute`: attribution patching.
@Command(
    name = "attribute",
    header =
        "Estimate by gradients what patching would show in every cell, and test the estimates.",
    description = {
      "",
      "One pass with gradients in place of a run for each cell; the strongest cells and a random",
      "sample are then patched. Corruptions are those of trace.",
      ""
    },
    sortOptions = false)
final class AttributeCommand extends CausalCommand<AttributionMap> {
  private static final int LISTED = 10;

  @Mixin CorruptOptions corruption = new CorruptOptions();

  @Option(
      names = "--site",
      defaultValue = "layer",
      paramLabel = "STATE",
      description = {
        "What is put in: layer, attention, feed-forward, head, neuron, query, key or value.",
        "Default: ${DEFAULT-VALUE}."
      })
  String site = "layer";

  @Option(
      names = "--positions",
      paramLabel = "WHICH",
      description = {
        "Where: all, last, a number, 5:21, 3,5,8 or a label such as image or question; each is a",
        "column. Heads and neurons are changed at all of them together. Default: all; for neurons",
        "last."
      })
  String positions = "";

  @Option(
      names = "--estimate",
      defaultValue = "qk-fix",
      paramLabel = "HOW",
      description = {
        "atp, first order everywhere; qk-fix, queries and keys through the attention that they",
        "make; atp-star, also with each layer passed by in turn. Default: ${DEFAULT-VALUE}."
      })
  String estimate = "qk-fix";

  @Option(
      names = "--retest",
      defaultValue = "20",
      paramLabel = "N",
      description = "Patch the N strongest cells. Default: ${DEFAULT-VALUE}.")
  int strongest;

  @Option(
      names = "--sample",
      defaultValue = "200",
      paramLabel = "N",
      description = "Patch N random cells as well. Default: ${DEFAULT-VALUE}.")
  int sample;

  AttributeCommand(Console console) {
    super(console);
  }

  @Override
  AttributeRequest request(ModelSpec model, Question question, Measure measure) {
    return new AttributeRequest(
        model,
        question,
        measure,
        corruption.corrupted(),
        CausalOptions.choice("--site", site, Component.class),
        positions,
        CausalOptions.choice("--estimate", estimate, Form.class),
        causal.metric(),
        strongest,
        sample);
  }

  @Override
  String told(AttributionMap map, CausalResult<AttributionMap> result, Metric metric) {
    StringBuilder text = new StringBuilder(Conclusion.of(map, result.target())).append("\n\n");
    text.append(map.what()).append('\n');
    text.append(result.line("changed run", map.base()));
    text.append(result.line("other run", map.other()));
    map.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
    text.append("changes of the ").append(metric.label()).append('\n');
    TextTable table = new TextTable().row("", "estimated", "patched");
    for (AttributionMap.Cell cell :
        map.strongest().cells().subList(0, Math.min(LISTED, map.strongest().cells().size()))) {
      table.row(
          "  " + map.label(cell.row(), cell.column()),
          Spoken.signed(cell.estimate()),
          Spoken.signed(cell.change()));
    }
    text.append(table);
    text.append(agreement("strongest cells", map.strongest()));
    text.append(agreement("random cells", map.sample()));
    return text.toString();
  }

  private static String agreement(String which, AttributionMap.Tested tested) {
    return "%d %s patched: rank correlation of estimates and changes %s, of their sizes %s\n"
        .formatted(
            tested.cells().size(), which, number(tested.agreement()), number(tested.sizes()));
  }

  private static String number(Optional<Double> number) {
    return number.map(Spoken::number).orElse("not defined");
  }

  @Override
  String drawn(AttributionMap map, String conclusion, Metric metric) {
    return AttributionFigure.svg(map, conclusion, said());
  }
}
