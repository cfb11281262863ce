package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.zone.ZoneStudy;
import java.util.ArrayList;
import java.util.List;

/// A study of zones for a screen.
final class ZonesText {
  private ZonesText() {}

  /// The answer, and the word of it that is studied.
  private static String one(ZonesCommand.Told told) {
    String clean = told.study().answers().clean();
    return told.answer() == null ? clean : "%s%nexplained: \"%s\"".formatted(told.answer(), clean);
  }

  static String of(ZonesCommand.Told told) {
    ZoneStudy study = told.study();
    StringBuilder text = new StringBuilder();
    text.append(
        study.questions() == 1
            ? one(told)
            : Double.isNaN(study.f1().value())
                ? study.questions() + " questions"
                : "%d questions; exact %s, words in common %s"
                    .formatted(study.questions(), study.exact().text(), study.f1().text()));
    text.append("\n\n").append(told.conclusion()).append("\n\n");
    text.append(
        told.order() == null
            ? "change of the log probability of the model's own answer, nats\n"
            : "change of the log probability of the model's own word, nats\n");
    List<String> head = new ArrayList<>(List.of("layer"));
    head.addAll(study.columns());
    study.columns().stream().skip(1).forEach(column -> head.add("random " + column));
    TextTable table = new TextTable().row(head.toArray(String[]::new));
    for (ZoneStudy.LayerRow layer : study.layers()) {
      List<String> row = new ArrayList<>(List.of(Integer.toString(layer.layer())));
      layer.cells().forEach(cell -> row.add(Spoken.signed(cell.log().value())));
      layer.cells().stream()
          .skip(1)
          .forEach(
              cell -> row.add(cell.random().map(one -> Spoken.signed(one.value())).orElse("–")));
      table.row(row.toArray(String[]::new));
    }
    return text.append(table).toString();
  }
}
