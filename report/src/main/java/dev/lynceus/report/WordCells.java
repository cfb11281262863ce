package dev.lynceus.report;

import java.util.Locale;

/// Words on the patches of a picture, as HTML: the picture below, a grid of words above it, which
/// can be searched, marked and copied like any text.
final class WordCells {
  private WordCells() {}

  static void add(StringBuilder html, StaticPage.WordGrid grid) {
    html.append("<figure class=\"word-figure\"><figcaption>").append(Escape.html(grid.title()));
    html.append("</figcaption>\n");
    if (!grid.caption().isEmpty()) {
      html.append("<p class=\"shot\">").append(Escape.html(grid.caption())).append("</p>\n");
    }
    html.append("<div class=\"word-grid\"><img alt=\"\" src=\"");
    html.append(ImageData.url(grid.image()));
    html.append("\"><ol style=\"--rows:%d;--columns:%d\">".formatted(grid.rows(), grid.columns()));
    for (StaticPage.Cell cell : grid.cells()) {
      html.append("<li").append(cell.faint() ? " class=\"faint\"" : "").append(" title=\"");
      html.append(Escape.html(cell.hint())).append("\" style=\"--full:");
      html.append(String.format(Locale.ROOT, "%.0f%%", 100 * cell.full())).append("\"><span>");
      html.append(Escape.html(cell.word())).append("</span></li>");
    }
    html.append("</ol></div></figure>\n");
  }
}
