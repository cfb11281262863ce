package dev.lynceus.lab.contest;

import dev.lynceus.lab.experiment.Summary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is told of the kinds of questions of a contest.
final class ContestKinds {
  private final List<ContestRow> rows;

  private ContestKinds(List<ContestRow> rows) {
    this.rows = rows;
  }

  static List<ContestReport.Kind> of(List<ContestRow> rows) {
    List<ContestReport.Kind> kinds = new ArrayList<>();
    Map<String, List<ContestRow>> groups = new LinkedHashMap<>();
    rows.forEach(row -> groups.computeIfAbsent(row.kind(), kind -> new ArrayList<>()).add(row));
    List<ContestRow> whole = new ArrayList<>();
    double guessed = 0;
    for (Map.Entry<String, List<ContestRow>> group : groups.entrySet()) {
      ContestReport.Kind kind = new ContestKinds(group.getValue()).kind(group.getKey());
      kinds.add(kind);
      if (!kind.name().equals(ContestRow.SMALL) && !kind.name().equals(ContestRow.UNNAMED)) {
        whole.addAll(group.getValue());
        guessed += kind.chance() * kind.questions();
      }
    }
    if (!whole.isEmpty()) {
      kinds.addFirst(
          new ContestReport.Kind(
              Summary.ALL, "all kinds about whole scenes", whole.size(), guessed / whole.size()));
    }
    return kinds;
  }

  private ContestReport.Kind kind(String name) {
    return new ContestReport.Kind(
        name,
        switch (name) {
          case ContestRow.SMALL ->
              "which thing has a colour, in a picture seven times as wide as what the model sees";
          case ContestRow.UNNAMED ->
              "the colour of one of several things that the question does not name; of the colours that are there";
          default -> "for example “" + rows.getFirst().example().question() + "”";
        },
        rows.size(),
        name.equals(ContestRow.UNNAMED) ? guessed() : frequent());
  }

  private double guessed() {
    return rows.stream()
        .mapToDouble(row -> 1.0 / row.example().choices().size())
        .average()
        .orElse(Double.NaN);
  }

  private double frequent() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    rows.forEach(row -> counts.merge(row.example().answers().getFirst(), 1, Integer::sum));
    return counts.values().stream().max(Comparator.naturalOrder()).orElse(0) / (double) rows.size();
  }
}
