package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.evidence.EvidenceWords;
import dev.lynceus.method.evidence.Whose;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/// The card about a word that rests on the picture although what is asked for is not there.
final class WhoseCard {
  private WhoseCard() {}

  static StaticPage.Section of(Evidence found, Whose whose, List<BufferedImage> seen) {
    List<StaticPage.Part> parts = new ArrayList<>();
    parts.add(new StaticPage.Text(EvidenceWords.whose(whose)));
    parts.add(test(whose));
    if (!whose.candidates().isEmpty()) {
      parts.add(candidates(whose));
    }
    return new StaticPage.Section(
        "Whose “" + whose.word() + "” is it?",
        "What becomes of the word where the patches that its map points at are replaced by the mean"
            + " visual token of the picture. This map ("
            + whose.method()
            + ") is another than that of where the model looked.",
        List.of(
            new StaticPage.Beside(
                parts, List.of(new StaticPage.Cards(List.of(shot(found, whose, seen)))))),
        (whose.boxed()
                ? "The outline is that of the given box which holds most of the map. "
                : "The outline is the part of the picture around the strongest patch, with the patches"
                    + " next to it. ")
            + "That the map points somewhere shows nothing alone; the test does.");
  }

  /// The picture itself, with the patches that were taken away: their map is shown elsewhere.
  private static StaticPage.Shot shot(Evidence found, Whose whose, List<BufferedImage> seen) {
    Evidence.View view = found.views().get(whose.view());
    String where = found.views().size() > 1 ? " of " + view.label() : "";
    String owner = whose.owner();
    return new StaticPage.Shot(
        "The patches that were taken away" + where,
        owner == null ? "" : "outlined: the " + owner,
        Outline.patches(
            MapPicture.plain(seen.get(whose.view())), whose.region(), view.rows(), view.columns()));
  }

  private static StaticPage.Table test(Whose whose) {
    Whose.Test test = whose.test();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("nothing", Spoken.percent(Math.exp(test.before())), "", whose.word()));
    rows.add(
        List.of(
            "the outlined patches",
            Spoken.percent(Math.exp(test.after())),
            Spoken.signed(-test.loss()),
            test.said()));
    int of = test.elsewhere().size();
    if (of > 0) {
      double mean = test.elsewhere().stream().mapToDouble(Double::doubleValue).average().orElse(0);
      rows.add(
          List.of(
              "as many elsewhere, mean of " + of,
              Spoken.percent(test.elsewhere().stream().mapToDouble(Math::exp).average().orElse(0)),
              Spoken.signed(mean - test.before()),
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
            : "Things of the model’s own description: how much of each one’s own map lies on the outline."
                + " One with half or more is named",
        List.of("thing", "share"),
        whose.candidates().stream()
            .map(one -> List.of(one.name(), Spoken.percent(one.share())))
            .toList());
  }
}
