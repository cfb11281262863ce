package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.dependence.Dependence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// What `explain` tells on a screen of models whose logits have no shares.
record DependenceText(Dependence found) {
  private static final int LISTED = 5;

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(found.answer()).append("\n\n").append(found.conclusion()).append("\n\n");
    text.append(
        "“%s”: %s%n"
            .formatted(
                found.word().text(), Spoken.percent(Math.exp(found.word().logProbability()))));
    TextTable wholes = new TextTable().row("without", "then", "nats");
    found
        .wholes()
        .forEach(whole ->
            wholes.row(
                whole.name(),
                Spoken.percent(Math.exp(whole.without())),
                Spoken.signed(-whole.loss())));
    text.append(wholes);
    for (int t = 0; t < found.texts().size(); t++) {
      text.append('\n').append(words(t));
    }
    for (int v = 0; v < found.views().size(); v++) {
      text.append('\n').append(patches(v));
    }
    text.append("\ntested: what holds half of each map taken away, beside others\n");
    TextTable tests =
        new TextTable().row("map", "of", "taken away", "lost", "others", "others as much");
    for (Dependence.Test test : found.tests()) {
      tests.row(
          test.map(),
          test.part(),
          test.units() + " of " + test.of(),
          number(test.loss()),
          test.draws() == 0 ? "–" : number(test.elsewhere()),
          test.asMuch() + " of " + test.draws());
    }
    text.append(tests).append("\nheads, nats lost without them\n");
    TextTable heads = new TextTable().row("head", "", "estimated", "measured");
    for (Dependence.Tried head : found.tried()) {
      heads.row(
          "%s %s %d.%d".formatted(head.stack(), head.kind(), head.layer(), head.head()),
          head.random() ? "drawn" : "",
          Spoken.signed(head.estimated()),
          Spoken.signed(head.loss()));
    }
    return text.append(heads).append(Notes.text(found.notes())).toString();
  }

  private String words(int text) {
    List<String> head = new ArrayList<>(List.of("the " + found.texts().get(text).name()));
    found.maps().forEach(map -> head.add(map.title().toLowerCase(Locale.ROOT)));
    TextTable table = new TextTable().row(head.toArray(String[]::new));
    for (int w : strongest(found.maps().getFirst().words().get(text))) {
      List<String> row = new ArrayList<>(List.of(found.texts().get(text).words().get(w)));
      found.maps().forEach(map -> row.add(value(map, map.words().get(text)[w])));
      table.row(row.toArray(String[]::new));
    }
    return table.toString();
  }

  private String patches(int view) {
    Dependence.View seen = found.views().get(view);
    List<String> head = new ArrayList<>(List.of(seen.label()));
    found.maps().forEach(map -> head.add(map.title().toLowerCase(Locale.ROOT)));
    TextTable table = new TextTable().row(head.toArray(String[]::new));
    for (int p : strongest(found.maps().getFirst().patches().get(view))) {
      List<String> row = new ArrayList<>(List.of(Spoken.patch(p, seen.columns())));
      found.maps().forEach(map -> row.add(value(map, map.patches().get(view)[p])));
      table.row(row.toArray(String[]::new));
    }
    return table.toString();
  }

  private static int[] strongest(double[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -Math.abs(values[i])))
        .limit(LISTED)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static String value(Dependence.Values map, double value) {
    return map.unit().equals("share") ? Spoken.percent(value) : Spoken.signed(value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
