package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.evidence.EvidenceBatch;
import dev.lynceus.method.evidence.EvidenceRow;
import java.awt.image.BufferedImage;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The judged answers of a data set as one page: a table that can be sorted by each of its columns,
/// and below it the words of every answer. It needs nothing else; without scripts all is there, in
/// the order of the data set.
public final class EvidenceTable {
  /// Longer side of the pictures in the table, in pixels.
  private static final int THUMB = 112;

  /// Most maps that are drawn: those of the answers that matter most.
  private static final int MAPS = 200;

  private static final List<String> ORDER =
      List.of("contradicted", "unsupported", EvidenceRow.ERROR, "uncalibrated", "text", "image");

  private EvidenceTable() {}

  /// The pictures of a row.
  ///
  /// @param first of its pictures; null where it could not be read
  /// @param views as the model saw them
  public record Seen(@Nullable BufferedImage first, List<BufferedImage> views) {
    public Seen {
      views = List.copyOf(views);
    }
  }

  /// The page.
  ///
  /// @param seen one for each row
  /// @param command that makes it again; may be empty
  public static String html(EvidenceBatch batch, List<Seen> seen, String command) {
    String style = PageParts.staticStyle() + PageParts.sheet("evidence-table.css");
    String script = PageParts.staticScript() + PageParts.sheet("evidence-table.js");
    StringBuilder html = new StringBuilder(256 * 1024);
    html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.append("<meta http-equiv=\"Content-Security-Policy\" content=\"");
    html.append(PageParts.policy(style, script)).append("\">\n");
    html.append(
        """
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        """);
    html.append("<title>").append(Escape.html(batch.dataset())).append(" · Lynceus</title>\n");
    html.append("<style>").append(style).append("</style>\n</head>\n<body>\n");
    html.append(PageParts.bar());
    html.append("<main class=\"static\">\n<section class=\"hero\">\n<h1>");
    html.append(Escape.html(batch.dataset())).append("</h1>\n<p class=\"lead\">");
    html.append(Escape.html("Answers of " + batch.model() + ", judged by what they rest on."));
    html.append("</p>\n</section>\n");
    summary(html, batch);
    table(html, batch, seen);
    details(html, batch, seen);
    if (!command.isEmpty()) {
      html.append("<footer class=\"card foot\"><h2>How this was made</h2><pre>");
      html.append(Escape.html(command)).append("</pre></footer>\n");
    }
    html.append("</main>\n<script>").append(script).append("</script>\n</body>\n</html>\n");
    return html.toString();
  }

  private static void summary(StringBuilder html, EvidenceBatch batch) {
    html.append(
        "<section class=\"card\">\n<header><h2>In short</h2></header>\n<p class=\"counts\">");
    for (Map.Entry<String, Integer> count : batch.counts().entrySet()) {
      html.append("<span class=\"mark ").append(Escape.html(count.getKey())).append("\"><strong>");
      html.append(count.getValue()).append("</strong> ");
      html.append(Escape.html(EvidenceBatch.words(count.getKey()))).append("</span> ");
    }
    html.append("</p>\n<p class=\"note\">");
    html.append(
        Escape.html(
            batch.thresholds()
                ? "The verdict of an answer is that of its words which matters most. "
                    + batch.rates()
                : "No thresholds are known for this model: scores, no verdicts. `lynceus calibrate`"
                    + " measures them on questions of your own."));
    html.append("</p>\n</section>\n");
  }

  // ---- the table

  private static void table(StringBuilder html, EvidenceBatch batch, List<Seen> seen) {
    html.append("<section class=\"card\">\n<header><h2>All answers</h2></header>\n");
    html.append("<p class=\"caption\">A row leads to the words of its answer.</p>\n");
    html.append(
        "<div class=\"scroll-x\" tabindex=\"0\" role=\"group\" aria-label=\"All answers\">");
    html.append("<table class=\"judged\">\n<thead><tr>");
    for (String head :
        List.of("row", "verdict", "picture", "question and answer", "word", "effect", "why")) {
      html.append("<th scope=\"col\">").append(head).append("</th>");
    }
    html.append("</tr></thead>\n<tbody>\n");
    for (int i = 0; i < batch.rows().size(); i++) {
      row(html, batch.rows().get(i), seen.get(i));
    }
    html.append("</tbody></table></div>\n</section>\n");
  }

  private static void row(StringBuilder html, EvidenceRow row, Seen seen) {
    String link = "<a href=\"#row-" + row.row() + "\">";
    EvidenceRow.@Nullable Item item = about(row);
    html.append("<tr><td data-key=\"").append(row.row()).append("\">").append(link);
    html.append(row.row()).append(row.id().isEmpty() ? "" : "<br>" + Escape.html(row.id()));
    html.append("</a></td><td data-key=\"").append(ORDER.indexOf(row.verdict())).append("\">");
    html.append("<span class=\"mark ").append(Escape.html(row.verdict())).append("\">");
    html.append(Escape.html(EvidenceBatch.words(row.verdict()))).append("</span></td>");
    html.append("<td data-key=\"").append(Escape.html(row.image()));
    html.append("\">").append(link);
    BufferedImage first = seen.first();
    if (first == null) {
      html.append(Escape.html(row.image().isEmpty() ? "none" : row.image()));
    } else {
      html.append("<img alt=\"").append(Escape.html(row.image()));
      html.append("\" src=\"").append(ImageData.url(small(first, THUMB))).append("\">");
    }
    html.append("</a></td><td>").append(Escape.html(row.question())).append("<br><strong>");
    html.append(Escape.html(row.answer())).append("</strong>");
    html.append(row.given() ? " <span class=\"soft\">(given)</span>" : "");
    html.append("</td><td>");
    html.append(item == null ? "" : Escape.html(item.text())).append("</td><td data-key=\"");
    html.append(item == null ? "-1e9" : number("%.4f", item.effect())).append("\">");
    html.append(item == null ? "" : Spoken.signed(item.effect())).append("</td><td>");
    html.append(Escape.html(item == null ? row.headline() : item.because())).append("</td></tr>\n");
  }

  /// The word that the verdict of a row is about; null where there is none.
  private static EvidenceRow.@Nullable Item about(EvidenceRow row) {
    return row.words().stream()
        .filter(word -> word.decisive() && word.verdict().equals(row.verdict()))
        .max(Comparator.comparingDouble(word -> Math.abs(word.effect())))
        .orElse(null);
  }

  // ---- the answers

  private static void details(StringBuilder html, EvidenceBatch batch, List<Seen> seen) {
    Set<Integer> drawn = drawn(batch);
    html.append("<section class=\"card\">\n<header><h2>Word by word</h2></header>\n");
    for (int i = 0; i < batch.rows().size(); i++) {
      EvidenceRow row = batch.rows().get(i);
      html.append("<article class=\"verdict\" id=\"row-").append(row.row()).append("\">\n<h3>");
      html.append("Row ").append(row.row());
      html.append(row.id().isEmpty() ? "" : " (" + Escape.html(row.id()) + ")");
      html.append(row.question().isEmpty() ? "" : ": ");
      html.append(Escape.html(row.question()));
      html.append("</h3>\n<div class=\"pair\">\n");
      EvidenceRow.Shown map = row.map();
      if (map != null && drawn.contains(row.row()) && map.view() < seen.get(i).views().size()) {
        figure(html, row, map, seen.get(i).views().get(map.view()));
      }
      html.append("<div><p class=\"finding ").append(Escape.html(row.verdict())).append("\">");
      html.append(Escape.html(row.headline())).append("</p>\n");
      words(html, row);
      html.append("</div>\n</div>\n</article>\n");
    }
    html.append("</section>\n");
  }

  /// Rows whose maps are drawn.
  private static Set<Integer> drawn(EvidenceBatch batch) {
    return new HashSet<>(
        batch.rows().stream()
            .filter(row -> row.map() != null)
            .sorted(Comparator.comparingInt(row -> ORDER.indexOf(row.verdict())))
            .limit(MAPS)
            .map(EvidenceRow::row)
            .toList());
  }

  private static void figure(
      StringBuilder html, EvidenceRow row, EvidenceRow.Shown map, BufferedImage view) {
    double[] values = map.values().stream().mapToDouble(Double::doubleValue).toArray();
    BufferedImage drawn = MapPicture.over(view, values, map.rows(), map.columns());
    html.append("<figure><img alt=\"where the model looked for ");
    html.append(Escape.html(map.word()))
        .append("\" src=\"")
        .append(ImageData.url(small(drawn, 224)));
    html.append("\"><figcaption>").append(Escape.html(row.image())).append("</figcaption>");
    html.append("<p class=\"shot\">Where the model looked for \u201c");
    html.append(Escape.html(map.word())).append("\u201d</p></figure>\n");
  }

  private static void words(StringBuilder html, EvidenceRow row) {
    if (row.words().isEmpty()) {
      return;
    }
    html.append("<p class=\"marked\">");
    for (EvidenceRow.Item word : row.words()) {
      html.append("<span class=\"mark ").append(Escape.html(word.verdict())).append("\" title=\"");
      html.append(Escape.html(word.because())).append("\">").append(Escape.html(word.text()));
      html.append("</span> ");
    }
    html.append("</p>\n<ul class=\"because\">\n");
    for (EvidenceRow.Item word : row.words()) {
      if (word.decisive()) {
        html.append("<li><strong>").append(Escape.html(word.text())).append("</strong>: ");
        html.append(Escape.html(EvidenceBatch.words(word.verdict()))).append("; ");
        html.append(Escape.html(word.because()));
        Double right = word.reliability();
        html.append(
            right == null
                ? ""
                : Escape.html("; right with a probability of " + Spoken.percent(right)));
        html.append("</li>\n");
      }
    }
    html.append("</ul>\n");
  }

  /// The picture with its longer side as long as given, or as it is if it is smaller.
  private static BufferedImage small(BufferedImage image, int side) {
    return MapPicture.scaled(
        image, Math.min(1, side / (double) Math.max(image.getWidth(), image.getHeight())));
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
