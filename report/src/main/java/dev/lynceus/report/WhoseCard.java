package dev.lynceus.report;

import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.evidence.EvidenceWords;
import dev.lynceus.method.evidence.Whose;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The card about a word that rests on the picture although what is asked for is not there.
final class WhoseCard {
  private WhoseCard() {}

  static StaticPage.Section of(Evidence found, Whose whose, List<BufferedImage> seen) {
    List<StaticPage.Part> parts = new ArrayList<>();
    parts.add(new StaticPage.Text(EvidenceWords.whose(whose)));
    parts.add(new StaticPage.Gallery(shots(found, whose, seen)));
    parts.add(test(whose));
    if (!whose.candidates().isEmpty()) {
      parts.add(candidates(whose));
    }
    return new StaticPage.Section(
        "Whose “" + whose.word() + "” is it?",
        "What each patch brings to the word ("
            + whose.method()
            + "), and what becomes of the word"
            + " where the outlined patches are replaced by the mean visual token of the picture.",
        parts,
        (whose.boxed()
                ? "The outline is that of the given box which holds most of the map. "
                : "The outline is the part of the picture around the strongest patch, with the patches"
                    + " next to it. ")
            + "That the map points somewhere shows nothing alone; the test does.");
  }

  private static List<StaticPage.Shot> shots(
      Evidence found, Whose whose, List<BufferedImage> seen) {
    List<StaticPage.Shot> shots = new ArrayList<>();
    for (int v = 0; v < found.views().size(); v++) {
      Evidence.View view = found.views().get(v);
      BufferedImage map =
          MapPicture.over(seen.get(v), whose.maps().get(v), view.rows(), view.columns());
      boolean here = v == whose.view();
      String where = found.views().size() > 1 ? whose.word() + " · " + view.label() : whose.word();
      shots.add(
          new StaticPage.Shot(
              where,
              here && whose.owner() != null ? "outlined: the " + whose.owner() : "",
              here ? Outline.patches(map, whose.region(), view.rows(), view.columns()) : map));
    }
    return shots;
  }

  private static StaticPage.Table test(Whose whose) {
    Whose.Test test = whose.test();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("nothing", number(Math.exp(test.before())), "", whose.word()));
    rows.add(
        List.of(
            "the outlined patches",
            number(Math.exp(test.after())),
            String.format(Locale.ROOT, "%+.2f", -test.loss()),
            test.said()));
    int of = test.elsewhere().size();
    if (of > 0) {
      double mean = test.elsewhere().stream().mapToDouble(Double::doubleValue).average().orElse(0);
      rows.add(
          List.of(
              "as many elsewhere, mean of " + of,
              number(test.elsewhere().stream().mapToDouble(Math::exp).average().orElse(0)),
              String.format(Locale.ROOT, "%+.2f", mean - test.before()),
              "another in " + test.changed() + " of " + of));
    }
    return new StaticPage.Table(
        "Taken away",
        List.of("patches", "probability of “" + whose.word() + "”", "change, nats", "then said"),
        rows);
  }

  private static StaticPage.Table candidates(Whose whose) {
    return new StaticPage.Table(
        whose.boxed()
            ? "How much of the map lies on each box"
            : "Things of the model’s own description, by how much of their map lies there",
        List.of("thing", "share"),
        whose.candidates().stream()
            .map(one -> List.of(one.name(), String.format(Locale.ROOT, "%.2f", one.share())))
            .toList());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
