package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.attention.ReadingLooks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What `attention` tells on a screen of models that read pictures by cross-attention, or texts.
record LooksText(ReadingLooks result) {
  private static final int LISTED = 3;

  String text() {
    StringBuilder text = new StringBuilder();
    text.append("answer: ").append(result.answer()).append('\n');
    if (!result.read().equals(result.answer())) {
      text.append("read: ").append(result.read()).append('\n');
    }
    for (ReadingLooks.Look look : result.looks()) {
      text.append('\n').append(told(look));
    }
    return text.append(Notes.text(result.notes())).toString();
  }

  private String told(ReadingLooks.Look look) {
    String rest =
        look.atPicture()
            ? "the rest goes to the class token"
            : "the rest goes to what stands around the words";
    StringBuilder text = new StringBuilder();
    text.append(
        "%s at %s, %s of the %s; %s%n"
            .formatted(look.from(), look.to(), look.kind(), look.stack(), rest));
    TextTable layers = new TextTable().row("layer", "mean", "most");
    for (int l = 0; l < look.mass().length; l++) {
      double[] heads = look.mass()[l];
      int best =
          IntStream.range(0, heads.length)
              .boxed()
              .max(Comparator.comparingDouble(h -> heads[h]))
              .orElse(0);
      layers.row(
          Integer.toString(l),
          Spoken.percent(Arrays.stream(heads).average().orElse(0)),
          Spoken.head(l, best) + " " + Spoken.percent(heads[best]));
    }
    text.append(layers);
    TextTable heads = new TextTable().row("head", "share", "strongest");
    heads.row("all heads", "", strongest(look, look.mean()));
    look.heads()
        .forEach(head ->
            heads.row(head.text(), Spoken.percent(head.mass()), strongest(look, head.values())));
    return text.append(heads).toString();
  }

  private String strongest(ReadingLooks.Look look, List<double[]> values) {
    List<String> parts = new ArrayList<>();
    for (int v = 0; v < values.size(); v++) {
      double[] map = values.get(v);
      int view = v;
      parts.add(
          IntStream.range(0, map.length)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -map[i]))
              .limit(LISTED)
              .map(i ->
                  "%s (%s)"
                      .formatted(
                          look.atPicture()
                              ? Spoken.patch(i, result.views().get(view).columns())
                              : look.columns().get(i),
                          Spoken.percent(map[i])))
              .collect(Collectors.joining("; ")));
    }
    return String.join("; ", parts);
  }
}
