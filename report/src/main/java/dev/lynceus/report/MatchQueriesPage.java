package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.query.MatchQueries;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/// Which queries of a model for matching speak for a text, as one page: their verdicts and what the
/// model's loses without each, where each looked, and the one that it needs most, head by head.
public final class MatchQueriesPage {
  private MatchQueriesPage() {}

  /// The page.
  ///
  /// @param text that was matched
  /// @param seen the picture as the model saw it
  /// @param command that makes the page again; may be empty
  public static String html(
      String model, String text, MatchQueries queries, BufferedImage seen, String command) {
    return new StaticPage(
            "Which queries speak for “" + text + "”?",
            "%s sees a picture by %d queries. Each says whether the text fits, and the model's verdict is their mean; by contrast, that of the nearest counts."
                .formatted(model, queries.maps().length),
            List.of(
                inShort(queries),
                each(queries, seen),
                QueryFigure.section(
                    queries.detail(), seen, queries.rows(), queries.columns(), "verdict")),
            command)
        .html();
  }

  private static StaticPage.Section inShort(MatchQueries queries) {
    List<List<String>> rows = new ArrayList<>();
    for (int query : queries.byVerdict()) {
      rows.add(
          List.of(
              "query " + query,
              Spoken.signed(queries.verdicts()[query]),
              Spoken.signed(queries.uncounted()[query]),
              Spoken.signed(queries.gone()[query]),
              Spoken.signed(queries.cosines()[query]),
              Spoken.signed(queries.uncountedCosine()[query]),
              Spoken.signed(queries.goneCosine()[query]),
              Spoken.percent(queries.classShare()[query])));
    }
    return new StaticPage.Section(
        "In short",
        "",
        List.of(
            new StaticPage.Finding(queries.conclusion(), "image", ""),
            new StaticPage.Text(queries.control().conclusion("the mean margin of the others")),
            new StaticPage.Table(
                "What each query says, and what the model's verdict loses without it",
                List.of(
                    "",
                    "margin",
                    "not counted",
                    "gone",
                    "cosine",
                    "not counted",
                    "gone",
                    "on class token"),
                rows)),
        "Margin: score of “matches” less that of “does not match”; under it, how the mean changes."
            + " Not counted: the others say what they said. Gone: its learned embedding is zero"
            + " besides, so that the others cannot read in it. The cosine is the largest over the"
            + " queries, so only the nearest can cost it anything.");
  }

  private static StaticPage.Section each(MatchQueries queries, BufferedImage seen) {
    List<StaticPage.Shot> shots = new ArrayList<>();
    ValueRange range = MapPicture.range(queries.maps());
    for (int query : queries.byVerdict()) {
      shots.add(
          new StaticPage.Shot(
              "Query " + query,
              "margin %s, cosine %s; looks most at %s"
                  .formatted(
                      Spoken.signed(queries.verdicts()[query]),
                      Spoken.signed(queries.cosines()[query]),
                      queries.most(query)),
              MapPicture.over(
                  seen, queries.maps()[query], queries.rows(), queries.columns(), range)));
    }
    return new StaticPage.Section(
        "Query by query",
        "Those that are most for a match come first. One scale for all of them. "
            + QueryFigure.LOOK,
        List.of(new StaticPage.Gallery(shots)),
        "");
  }
}
