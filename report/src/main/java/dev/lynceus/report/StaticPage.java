package dev.lynceus.report;

import java.awt.image.BufferedImage;
import java.util.List;

/// A page of text, tables and charts as one HTML file that needs nothing else. It has the look of
/// the page about an explanation and can be printed; its one script is the switch between dark and
/// light.
///
/// @param title what the page is about
/// @param lead a few sentences below it
/// @param sections in order
/// @param command the command that made it; empty for none
public record StaticPage(String title, String lead, List<Section> sections, String command) {

  /// One card.
  ///
  /// @param title of the card
  /// @param caption what a reader should know before looking
  /// @param parts tables and charts, in order
  /// @param note what this is and is not; may be empty
  public record Section(String title, String caption, List<Part> parts, String note) {
    public Section {
      parts = List.copyOf(parts);
    }
  }

  /// What a card holds.
  public sealed interface Part {}

  /// A paragraph.
  public record Text(String text) implements Part {}

  /// A sentence whose words have colours of their own, with a key of those that occur.
  public record Marked(List<Mark> marks) implements Part {
    public Marked {
      marks = List.copyOf(marks);
    }
  }

  /// A word of it.
  ///
  /// @param kind one of the classes of the style sheet, for example `image`
  /// @param meaning what the colour says, for the key; empty for a word without
  public record Mark(String text, String kind, String meaning) {}

  /// A table; the first cell of a row is its head.
  ///
  /// @param title what it shows; may be empty
  /// @param head one cell for each column
  /// @param rows cells of each row
  public record Table(String title, List<String> head, List<List<String>> rows) implements Part {
    public Table {
      head = List.copyOf(head);
      rows = rows.stream().map(List::copyOf).toList();
    }
  }

  /// Charts side by side, see [Plots].
  public record Charts(List<Chart> charts) implements Part {
    public Charts {
      charts = List.copyOf(charts);
    }
  }

  /// Parts that are closed until a reader opens them.
  ///
  /// @param title what lies behind it
  public record Closed(String title, List<Part> parts) implements Part {
    public Closed {
      parts = List.copyOf(parts);
    }
  }

  /// Parts side by side where there is room, one below the other where there is not.
  ///
  /// @param main the wider column
  /// @param side the narrower one, to its right
  public record Beside(List<Part> main, List<Part> side) implements Part {
    public Beside {
      main = List.copyOf(main);
      side = List.copyOf(side);
    }
  }

  /// The sentences that a page begins with, and the command that tests them.
  ///
  /// @param kind one of the classes of [Mark]
  /// @param test may be empty
  public record Finding(String text, String kind, String test) implements Part {}

  /// Pictures with a paragraph each, side by side.
  public record Cards(List<Shot> shots) implements Part {
    public Cards {
      shots = List.copyOf(shots);
    }
  }

  /// Pictures side by side.
  public record Gallery(List<Shot> shots) implements Part {
    public Gallery {
      shots = List.copyOf(shots);
    }
  }

  /// A picture.
  ///
  /// @param title what it shows
  /// @param caption a few numbers or words below it; may be empty
  public record Shot(String title, String caption, BufferedImage image) {}

  /// A picture with a word on each patch.
  ///
  /// @param title what it shows
  /// @param caption what a reader should know; may be empty
  /// @param rows rows of patches
  /// @param columns columns of patches
  /// @param cells one for each patch, row by row
  public record WordGrid(
      String title, String caption, BufferedImage image, int rows, int columns, List<Cell> cells)
      implements Part {
    public WordGrid {
      cells = List.copyOf(cells);
    }
  }

  /// A word on a patch.
  ///
  /// @param word as it is shown
  /// @param full how full its background is, 0 to 1
  /// @param faint whether it is a mark or a word that names nothing
  /// @param hint what is told of it to whoever points at it
  public record Cell(String word, double full, boolean faint, String hint) {}

  /// A chart.
  ///
  /// @param title what it shows
  /// @param key names of its series, in the order of their colours
  /// @param svg an SVG element in which every text is escaped
  public record Chart(String title, List<String> key, String svg) {
    public Chart {
      key = List.copyOf(key);
    }
  }

  public StaticPage {
    sections = List.copyOf(sections);
  }

  /// The page.
  public String html() {
    StringBuilder html = new StringBuilder(64 * 1024);
    html.append(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        """);
    String script = PageParts.staticScript();
    html.append("<meta http-equiv=\"Content-Security-Policy\" content=\"");
    html.append(PageParts.policy(script)).append("\">\n");
    html.append("<title>").append(Escape.html(title)).append(" · Lynceus</title>\n<style>");
    html.append(PageParts.staticStyle()).append("</style>\n</head>\n<body>\n");
    html.append(PageParts.bar());
    html.append("<main class=\"static\">\n<section class=\"hero\">\n<h1>");
    html.append(Escape.html(title)).append("</h1>\n<p class=\"lead\">");
    html.append(Escape.html(lead)).append("</p>\n</section>\n");
    sections.forEach(section -> card(html, section));
    if (!command.isEmpty()) {
      html.append("<footer class=\"card foot\"><h2>How this was made</h2><pre>");
      html.append(Escape.html(command)).append("</pre></footer>\n");
    }
    html.append("</main>\n<script>").append(script).append("</script>\n</body>\n</html>\n");
    return html.toString();
  }

  private static void card(StringBuilder html, Section section) {
    html.append("<section class=\"card\">\n<header><h2>").append(Escape.html(section.title()));
    html.append("</h2></header>\n");
    if (!section.caption().isEmpty()) {
      html.append("<p class=\"caption\">").append(Escape.html(section.caption()));
      html.append("</p>\n");
    }
    parts(html, section.parts());
    if (!section.note().isEmpty()) {
      html.append("<p class=\"note\">").append(Escape.html(section.note())).append("</p>\n");
    }
    html.append("</section>\n");
  }

  private static void parts(StringBuilder html, List<Part> parts) {
    for (Part part : parts) {
      switch (part) {
        case Text text ->
            html.append("<p class=\"prose\">").append(Escape.html(text.text())).append("</p>\n");
        case Marked marked -> marked(html, marked);
        case Table table -> table(html, table);
        case Charts charts -> {
          html.append("<div class=\"charts\">\n");
          charts.charts().forEach(chart -> chart(html, chart));
          html.append("</div>\n");
        }
        case Gallery gallery -> {
          html.append("<div class=\"gallery\">\n");
          gallery.shots().forEach(shot -> shot(html, shot));
          html.append("</div>\n");
        }
        case Cards cards -> {
          html.append("<div class=\"gallery cards\">\n");
          cards.shots().forEach(shot -> shot(html, shot));
          html.append("</div>\n");
        }
        case Closed closed -> {
          html.append("<details class=\"closed\"><summary>").append(Escape.html(closed.title()));
          html.append("</summary>\n");
          parts(html, closed.parts());
          html.append("</details>\n");
        }
        case Beside beside -> {
          html.append("<div class=\"beside\">\n<div>\n");
          parts(html, beside.main());
          html.append("</div>\n<div>\n");
          parts(html, beside.side());
          html.append("</div>\n</div>\n");
        }
        case Finding finding -> finding(html, finding);
        case WordGrid grid -> WordCells.add(html, grid);
      }
    }
  }

  private static void finding(StringBuilder html, Finding finding) {
    html.append("<p class=\"finding ").append(Escape.html(finding.kind())).append("\">");
    html.append(Escape.html(finding.text())).append("</p>\n");
    if (!finding.test().isEmpty()) {
      html.append("<p class=\"shot\">Test it: <code>").append(Escape.html(finding.test()));
      html.append("</code></p>\n");
    }
  }

  private static void marked(StringBuilder html, Marked marked) {
    html.append("<p class=\"marked\">");
    for (Mark mark : marked.marks()) {
      html.append("<span class=\"mark ").append(Escape.html(mark.kind())).append("\">");
      html.append(Escape.html(mark.text())).append("</span> ");
    }
    html.append("</p>\n<p class=\"mark-key\">");
    marked.marks().stream()
        .filter(mark -> !mark.meaning().isEmpty())
        .map(mark -> new Mark(mark.meaning(), mark.kind(), ""))
        .distinct()
        .forEach(mark ->
            html.append("<span class=\"mark ")
                .append(Escape.html(mark.kind()))
                .append("\">")
                .append(Escape.html(mark.text()))
                .append("</span> "));
    html.append("</p>\n");
  }

  private static void shot(StringBuilder html, Shot shot) {
    html.append("<figure><img alt=\"").append(Escape.html(shot.title())).append("\" src=\"");
    html.append(ImageData.url(shot.image())).append("\"><figcaption>");
    html.append(Escape.html(shot.title())).append("</figcaption>\n<p class=\"shot\">");
    html.append(Escape.html(shot.caption())).append("</p></figure>\n");
  }

  private static void chart(StringBuilder html, Chart chart) {
    html.append("<figure><figcaption>").append(Escape.html(chart.title()));
    html.append("</figcaption>\n<p class=\"series-key\">");
    for (int i = 0; i < chart.key().size(); i++) {
      html.append("<span class=\"s").append(i).append("\">");
      html.append(Escape.html(chart.key().get(i))).append("</span>");
    }
    html.append("</p>\n").append(chart.svg()).append("</figure>\n");
  }

  /// Words may go on in a second line, numbers not.
  private static String cell(String text) {
    boolean words = text.chars().filter(Character::isLetter).count() > 12;
    return (words ? "<td class=\"words\">" : "<td>") + Escape.html(text) + "</td>";
  }

  private static void table(StringBuilder html, Table table) {
    if (!table.title().isEmpty()) {
      html.append("<h3>").append(Escape.html(table.title())).append("</h3>\n");
    }
    html.append("<div class=\"scroll-x\" tabindex=\"0\" role=\"group\" aria-label=\"");
    html.append(Escape.html(table.title().isEmpty() ? "Table" : table.title()));
    html.append("\"><table class=\"numbers\">\n<thead><tr>");
    table.head().forEach(cell -> html.append("<th>").append(Escape.html(cell)).append("</th>"));
    html.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : table.rows()) {
      html.append("<tr><th scope=\"row\">").append(Escape.html(row.getFirst())).append("</th>");
      row.stream().skip(1).forEach(cell -> html.append(cell(cell)));
      html.append("</tr>\n");
    }
    html.append("</tbody></table></div>\n");
  }
}
