package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.attention.AttentionResult;
import dev.lynceus.method.attention.HeadGrid;
import dev.lynceus.method.attention.QueryKeyAttribution;
import dev.lynceus.method.attention.VisualRedistribution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// What `attention` tells on a screen.
record AttentionText(AttentionResult result) {
  private static final int PARTS = 6;

  String text() {
    StringBuilder text = new StringBuilder();
    text.append("answer: ").append(result.answer()).append("\n\n");
    text.append("share of attention, mean over layers and heads\n").append(words());
    text.append("\nof \u201c").append(result.read()).append("\u201d by layer\n").append(layers());
    text.append("\nheads that look at the picture, in one place first\n").append(heads());
    text.append('\n').append(sinks());
    result.patches().ifPresent(readers -> text.append('\n').append(readers(readers)));
    result.redistribution().ifPresent(effect -> text.append('\n').append(effect(effect)));
    result.why().ifPresent(why -> text.append('\n').append(why(why)));
    return text.append(Notes.text(result.notes())).toString();
  }

  private TextTable words() {
    TextTable table = new TextTable().row("word", "image", result.grids().get(1).zone(), "sinks");
    for (AttentionResult.Word word : result.words()) {
      table.row(word.text(), share(word.image()), share(word.question()), share(word.sinks()));
    }
    return table;
  }

  private TextTable layers() {
    HeadGrid image = result.grids().get(0);
    HeadGrid question = result.grids().get(1);
    HeadGrid first = result.grids().get(2);
    TextTable table =
        new TextTable().row("layer", "image", question.zone(), first.zone(), "most to the image");
    for (int l = 0; l < image.mass().length; l++) {
      double[] heads = image.mass()[l];
      int best =
          IntStream.range(0, heads.length)
              .boxed()
              .max(Comparator.comparingDouble(h -> heads[h]))
              .orElse(0);
      table.row(
          Integer.toString(l),
          share(mean(heads)),
          share(mean(question.mass()[l])),
          share(mean(first.mass()[l])),
          "%s %s".formatted(Spoken.head(l, best), share(heads[best])));
    }
    return table;
  }

  private TextTable heads() {
    TextTable table =
        new TextTable().row("rank", "head", "image", "entropy", "spread", "strongest patches");
    for (AttentionResult.HeadMap head : result.heads()) {
      table.row(
          head.rank() + (head.localises() ? "" : " *"),
          head.head().text(),
          share(head.mass()),
          head.entropy().isPresent() ? entropy(head.entropy().getAsDouble()) : "none",
          Spoken.number(head.spread()),
          patches(head));
    }
    if (result.heads().stream().anyMatch(head -> !head.localises())) {
      table.row("* pays the picture little");
    }
    return table;
  }

  /// The three patches with most attention.
  private String patches(AttentionResult.HeadMap head) {
    record Patch(int view, int index, double value) {}
    List<Patch> all = new ArrayList<>();
    for (int v = 0; v < head.maps().size(); v++) {
      double[] map = head.maps().get(v);
      for (int i = 0; i < map.length; i++) {
        all.add(new Patch(v, i, map[i]));
      }
    }
    all.sort(Comparator.comparingDouble((Patch p) -> -p.value));
    return String.join(
        "; ",
        all.stream()
            .limit(3)
            .map(p -> {
              AttentionResult.View view = result.views().get(p.view);
              String name = result.views().size() > 1 ? view.label() + " " : "";
              return "%s%s (%s)"
                  .formatted(name, Spoken.patch(p.index, view.columns()), share(p.value));
            })
            .toList());
  }

  private String sinks() {
    AttentionResult.SinkMarks sinks = result.sinks();
    if (sinks.dimensions().length == 0) {
      return "sinks: none; no dimension of the first position reaches %s times its root mean square\n"
          .formatted(number(sinks.threshold()));
    }
    StringBuilder text =
        new StringBuilder(
            "sinks by dimension %s, at %s or more: %d in half of the layers; they get %s of the"
                    .formatted(
                        Arrays.toString(sinks.dimensions()),
                        number(sinks.threshold()),
                        sinks.positions().length,
                        share(sinks.imageShare()))
                + " attention to the image\n");
    for (int i = 0; i < Math.min(8, sinks.positions().length); i++) {
      text.append(
          "  %s, up to %s\n"
              .formatted(Spoken.label(sinks.labels().get(i)), number(sinks.largest()[i])));
    }
    return text.toString();
  }

  private String readers(AttentionResult.PatchReaders readers) {
    TextTable table = new TextTable();
    List<String> head = new ArrayList<>(List.of("word", "all heads"));
    result.heads().forEach(one -> head.add(one.head().text()));
    table.row(head);
    for (int w = 0; w < result.words().size(); w++) {
      List<String> row = new ArrayList<>();
      row.add(result.words().get(w).text());
      row.add(share(readers.all()[w]));
      for (double[] one : readers.heads()) {
        row.add(share(one[w]));
      }
      table.row(row);
    }
    return "who reads %s, mean attention to one of its %d positions\n"
            .formatted(readers.patches(), readers.positions())
        + table;
  }

  private static String effect(VisualRedistribution.Effect effect) {
    if (effect.layers().length == 0) {
      return "redistribution: no layer has sinks, so nothing was changed\n";
    }
    TextTable table = new TextTable().row("word", "log p", "with redistribution");
    for (VisualRedistribution.WordEffect word : effect.words()) {
      table.row(word.word(), number(word.clean()), number(word.changed()));
    }
    return "redistribution of %s of what %d sinks get, in layers %s\n"
            .formatted(number(effect.share()), effect.sinks(), Arrays.toString(effect.layers()))
        + table
        + "log probability of the answer %s -> %s\nthe model then says: %s\n"
            .formatted(
                number(effect.cleanLog()), number(effect.changedLog()), effect.changedAnswer());
  }

  private static String why(AttentionResult.WhyThere why) {
    QueryKeyAttribution.Result parts = why.parts();
    StringBuilder text =
        new StringBuilder(
            "why head %s, predicting \u201c%s\u201d at position %d, looked at %s\n"
                .formatted(
                    parts.head().text(), why.word(), parts.row(), Spoken.label(why.label())));
    text.append(
        "score %s (mean of all %s), attention %s, rank %d\n"
            .formatted(
                number(parts.score()),
                number(parts.mean()),
                share(parts.probability()),
                parts.rank()));
    TextTable query = new TextTable().row("by what the row holds", "score", "above the mean");
    parts.query().stream()
        .sorted(Comparator.comparingDouble(part -> -Math.abs(part.above())))
        .limit(PARTS)
        .forEach(part -> query.row(part.name(), number(part.score()), number(part.above())));
    TextTable key = new TextTable().row("by what the position holds", "score");
    parts.key().stream()
        .sorted(Comparator.comparingDouble(part -> -Math.abs(part.score())))
        .limit(PARTS)
        .forEach(part -> key.row(part.name(), number(part.score())));
    TextTable pairs = new TextTable().row("row", "position", "score");
    parts.pairs().stream()
        .limit(PARTS)
        .forEach(pair -> pairs.row(pair.query(), pair.key(), number(pair.score())));
    return text.append(query).append(key).append(pairs).toString();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  /// A head in one place has none; what rounds to that is said in words.
  private static String entropy(double value) {
    return value < .0005 ? "one place" : Spoken.number(value);
  }

  private static String share(double value) {
    return Spoken.percent(value);
  }

  private static String number(double value) {
    return Spoken.number(value);
  }
}
