package dev.lynceus.report;

import java.util.Locale;

/// Writes a [Drawing] as a stand-alone SVG document.
final class SvgWriter {
  private SvgWriter() {}

  /// The document, with every text escaped.
  static String write(Drawing drawing) {
    return written(drawing, " xmlns=\"http://www.w3.org/2000/svg\"");
  }

  /// An element of a page.
  static String element(Drawing drawing) {
    return written(drawing, "");
  }

  private static String written(Drawing drawing, String space) {
    StringBuilder svg = new StringBuilder(4096);
    svg.append(
        format(
            "<svg%s width=\"%d\" height=\"%d\" viewBox=\"0 0 %d"
                + " %d\" role=\"img\" font-family=\"system-ui, sans-serif\">\n",
            space, drawing.width(), drawing.height(), drawing.width(), drawing.height()));
    svg.append("<title>").append(Escape.html(drawing.title())).append("</title>\n");
    svg.append(
        format("<rect width=\"100%%\" height=\"100%%\" fill=\"%s\"/>\n", drawing.background()));
    for (Drawing.Shape shape : drawing.shapes()) {
      svg.append(
          switch (shape) {
            case Drawing.Box box -> box(box);
            case Drawing.Line l ->
                format(
                    "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"/>\n",
                    short2(l.x1()), short2(l.y1()), short2(l.x2()), short2(l.y2()), l.stroke());
            case Drawing.Picture p -> picture(p);
            case Drawing.Upright u ->
                format(
                    "<text x=\"%s\" y=\"%s\" font-size=\"%d\" fill=\"%s\" text-anchor=\"end\""
                        + " transform=\"rotate(-90 %s %s)\">%s</text>\n",
                    short2(u.x()),
                    short2(u.y()),
                    u.size(),
                    u.fill(),
                    short2(u.x()),
                    short2(u.y()),
                    Escape.html(u.text()));
            case Drawing.Label t ->
                format(
                    "<text x=\"%s\" y=\"%s\" font-size=\"%d\" fill=\"%s\""
                        + " text-anchor=\"%s\">%s</text>\n",
                    short2(t.x()),
                    short2(t.y()),
                    t.size(),
                    t.fill(),
                    t.anchor().name().toLowerCase(Locale.ROOT),
                    Escape.html(t.text()));
          });
    }
    return svg.append("</svg>\n").toString();
  }

  private static String box(Drawing.Box b) {
    String open =
        format(
            "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"",
            short2(b.x()), short2(b.y()), short2(b.width()), short2(b.height()), b.fill());
    return b.hint().isEmpty()
        ? open + "/>\n"
        : open + "><title>" + Escape.html(b.hint()) + "</title></rect>\n";
  }

  private static String picture(Drawing.Picture p) {
    return format(
        "<image x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" href=\"%s\"><title>%s</title></image>\n",
        short2(p.x()),
        short2(p.y()),
        short2(p.width()),
        short2(p.height()),
        ImageData.url(p.image()),
        Escape.html(p.hint()));
  }

  private static String short2(double v) {
    double rounded = Math.round(v * 100) / 100.0;
    return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
