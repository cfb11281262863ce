package dev.lynceus.cli;

import dev.lynceus.lab.describe.Comparing;
import dev.lynceus.lab.describe.DescribeReport;
import dev.lynceus.lab.describe.Refining;
import dev.lynceus.method.Spoken;
import org.jspecify.annotations.Nullable;

/// Descriptions on one screen.
final class DescribeText {
  private DescribeText() {}

  /// What a comparison shows, in a sentence.
  static String compared(Comparing.@Nullable Table table) {
    if (table == null) {
      throw new IllegalStateException("nothing was compared");
    }
    return "The second is better in %s of the steps, the first in %s, neither in %s."
        .formatted(
            Spoken.percent(table.better()),
            Spoken.percent(table.worse()),
            Spoken.percent(table.equal()));
  }

  /// Two captions and two pictures.
  static String of(DescribeCommand.Paired told) {
    TextTable table = new TextTable().row("caption", "picture 1", "picture 2");
    for (int c = 0; c < 2; c++) {
      table.row(
          told.pairs().captions().get(c),
          Spoken.signed(told.pairs().scores().get(c).get(0)),
          Spoken.signed(told.pairs().scores().get(c).get(1)));
    }
    return told.conclusion() + "\n\n" + table;
  }

  /// A description, or two that were compared.
  static String of(DescribeCommand.Told told) {
    StringBuilder text = new StringBuilder(told.conclusion()).append("\n\n");
    DescribeReport report = told.report();
    if (report == null) {
      return text.append(table(told.compared())).toString();
    }
    TextTable ways = new TextTable().row("way", "says", "with");
    for (DescribeReport.Way way : report.ways()) {
      ways.row(
          way.name(),
          way.answer(),
          Spoken.percent(way.choice().probabilities().get(way.choice().best())));
    }
    text.append(ways).append('\n');
    for (Refining.Round round : report.ledger().rounds()) {
      text.append(
          round.asked().isEmpty()
              ? "described: %s%n".formatted(round.said())
              : "asked: %s%nsaid: %s%n".formatted(round.asked(), round.said()));
      text.append(
          "  answer from it: %s (%s)%n"
              .formatted(round.prediction(), Spoken.percent(round.probability())));
    }
    TextTable parts = new TextTable().row(report.partKind(), "worth, nats");
    report.parts().forEach(part -> parts.row(part.text(), Spoken.signed(part.effect())));
    text.append('\n').append(parts);
    report.comparison().ifPresent(table -> text.append('\n').append(table(table)));
    report.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
    return text.toString();
  }

  private static String table(Comparing.@Nullable Table table) {
    TextTable steps = new TextTable().row("step", "A first", "B first", "better");
    if (table != null) {
      table
          .rows()
          .forEach(row -> steps.row(row.step(), row.inOrder(), row.turned(), row.verdict()));
    }
    return steps.toString();
  }
}
