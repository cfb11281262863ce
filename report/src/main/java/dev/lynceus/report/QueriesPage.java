package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.query.QueryControl;
import dev.lynceus.method.query.QueryDetail;
import dev.lynceus.method.query.QueryReading;
import dev.lynceus.method.query.QueryRemoval;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/// What the queries of a Q-Former look at as one page: where the queries looked that the word
/// needs, each query's own map, and what taking them away does.
public final class QueriesPage {
  /// Queries in the table; the gallery has all.
  private static final int SHOWN = 8;

  private QueriesPage() {}

  /// What was asked, and of whom.
  public record About(String question, String answer, String word, String model) {}

  /// The page.
  ///
  /// @param seen the picture as the model saw it
  /// @param command that makes the page again; may be empty
  public static String html(
      About about,
      QueryReading queries,
      QueryDetail detail,
      QueryControl control,
      BufferedImage seen,
      String command) {
    return new StaticPage(
            about.question(),
            "%s answered “%s”. It sees a picture by %d queries that read all of it."
                .formatted(about.model(), about.answer(), queries.maps().length),
            List.of(
                inShort(about, queries, control, seen),
                each(queries, seen),
                QueryFigure.section(detail, seen, queries.rows(), queries.columns(), "word")),
            command)
        .html();
  }

  private static StaticPage.Section inShort(
      About about, QueryReading queries, QueryControl control, BufferedImage seen) {
    StaticPage.Shot shot =
        new StaticPage.Shot(
            "Where the queries looked that “" + about.word() + "” needs",
            "Each query's look, times what the word loses without the query.",
            MapPicture.over(seen, queries.answer(), queries.rows(), queries.columns()));
    return new StaticPage.Section(
        "In short",
        "",
        List.of(
            new StaticPage.Beside(
                List.of(
                    new StaticPage.Finding(queries.conclusion(about.word()), "image", ""),
                    new StaticPage.Text(
                        control.conclusion("the log probability of “" + about.word() + "”")),
                    removed(queries),
                    new StaticPage.Text(ways(queries))),
                List.of(new StaticPage.Cards(List.of(shot))))),
        "");
  }

  private static StaticPage.Section each(QueryReading queries, BufferedImage seen) {
    List<StaticPage.Shot> shots = new ArrayList<>();
    ValueRange range = MapPicture.range(queries.maps());
    double[] changes = queries.changes(QueryRemoval.PROJECTED);
    for (int query : queries.byWorth()) {
      shots.add(
          new StaticPage.Shot(
              "Query " + query,
              "%s nats without it; looks most at %s"
                  .formatted(Spoken.signed(changes[query]), queries.most(query)),
              MapPicture.over(
                  seen, queries.maps()[query], queries.rows(), queries.columns(), range)));
    }
    return new StaticPage.Section(
        "Query by query",
        "The queries whose absence costs the word most come first. One scale for all of them. "
            + QueryFigure.LOOK,
        List.of(new StaticPage.Gallery(shots)),
        "");
  }

  private static StaticPage.Table removed(QueryReading queries) {
    List<List<String>> rows = new ArrayList<>();
    for (int query : queries.byWorth().subList(0, Math.min(SHOWN, queries.maps().length))) {
      List<String> row = new ArrayList<>(List.of("query " + query));
      for (QueryRemoval way : QueryRemoval.values()) {
        row.add(Spoken.signed(queries.changes(way)[query]));
      }
      row.add(Spoken.percent(queries.classShare()[query]));
      rows.add(row);
    }
    List<String> head = new ArrayList<>(List.of("Without"));
    for (QueryRemoval way : QueryRemoval.values()) {
      head.add(way.title());
    }
    head.add("on class token");
    return new StaticPage.Table(
        "Change of the word's log probability, nats, by three ways to take a query away",
        head,
        rows);
  }

  private static String ways(QueryReading queries) {
    StringBuilder ways = new StringBuilder();
    for (QueryRemoval way : QueryRemoval.values()) {
      ways.append(way.title()).append(": ").append(way.meaning()).append(". ");
    }
    return ways
        + "A zero is no state that the decoder has met in training: where the three differ, part of"
        + " the effect is the way, not the query. "
        + queries.alikeSentence();
  }
}
