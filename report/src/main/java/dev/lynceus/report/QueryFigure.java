package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.query.QueryDetail;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The queries of a Q-Former layer by layer and head by head, and what they read in each other.
final class QueryFigure {
  /// What a map of a query is.
  static final String LOOK =
      "Attention over the picture, averaged over the heads of the layers that read it, without the"
          + " class token. It says where a query looked, not what it took from there.";

  private QueryFigure() {}

  /// One query in every layer and every head, and how the queries attend to each other.
  ///
  /// @param of what needs this query most, for example `word`
  static StaticPage.Section section(
      QueryDetail detail, BufferedImage seen, int rows, int columns, String of) {
    List<StaticPage.Part> parts = new ArrayList<>();
    ValueRange range =
        MapPicture.range(
            IntStream.range(0, detail.heads().length)
                .boxed()
                .flatMap(layer -> Arrays.stream(detail.heads()[layer]))
                .toArray(double[][]::new));
    List<StaticPage.Shot> layers = new ArrayList<>();
    List<StaticPage.Part> heads = new ArrayList<>();
    for (int layer = 0; layer < detail.layers().length; layer++) {
      String where = "layer " + detail.layers()[layer];
      layers.add(
          shot(
              "Layer " + detail.layers()[layer],
              "mean over its heads",
              detail.byLayer()[layer][detail.query()],
              seen,
              rows,
              columns,
              range));
      List<StaticPage.Shot> shots = new ArrayList<>();
      for (int head = 0; head < detail.heads()[layer].length; head++) {
        shots.add(
            shot("Head " + head, where, detail.heads()[layer][head], seen, rows, columns, range));
      }
      heads.add(new StaticPage.Gallery(shots));
    }
    parts.add(new StaticPage.Gallery(layers));
    parts.add(new StaticPage.Closed("Head by head", heads));
    List<String> names =
        IntStream.range(0, detail.reads().length).mapToObj(Integer::toString).toList();
    parts.add(
        new StaticPage.Charts(
            List.of(
                Plots.grid(
                    "How much queries (rows) attend to queries (columns)",
                    "",
                    names,
                    names,
                    detail.reads(),
                    1,
                    Spoken::percent))));
    return new StaticPage.Section(
        "Query %d, layer by layer and head by head".formatted(detail.query()),
        "The query that the %s needs most. One scale for all of its maps.".formatted(of),
        parts,
        detail.differentSentence());
  }

  private static StaticPage.Shot shot(
      String title,
      String where,
      double[] map,
      BufferedImage seen,
      int rows,
      int columns,
      ValueRange range) {
    return new StaticPage.Shot(title, where, MapPicture.over(seen, map, rows, columns, range));
  }
}
