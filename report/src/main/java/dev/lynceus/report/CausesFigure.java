package dev.lynceus.report;

import static dev.lynceus.report.Drawing.label;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.cleann.CausalExplanation;
import dev.lynceus.method.cleann.PartialGraph.Edge;
import dev.lynceus.method.cleann.PartialGraph.Mark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A causal graph as a half circle around the explained word: one ring for each radius, edges
/// coloured by what is known of them.
public final class CausesFigure {
  private static final String INK = "#23272f";
  private static final String FAINT = "#6b7280";
  private static final String PAPER = "#ffffff";
  private static final String CAUSE = "#23272f";
  private static final String HIDDEN = "#2f6fb3";
  private static final String POSSIBLE = "#3f8f4f";
  private static final String OPEN = "#c2571a";
  private static final String PATCH = "#e8b35a";
  private static final String WORD = "#a9c6e8";
  private static final int WIDTH = 1000;
  private static final int TOP = 90;
  private static final int RING = 150;
  private static final int THUMB = 30;

  private CausesFigure() {}

  /// A place on the figure.
  private record Place(double x, double y) {}

  /// The part of the graph in the tree around the word, as a stand-alone SVG document.
  ///
  /// @param sources the views that its patches belong to, which are shown as they look
  public static String svg(CausalExplanation causes, List<PatchSource> sources) {
    return SvgWriter.write(drawing(causes, sources));
  }

  static Drawing drawing(CausalExplanation causes, List<PatchSource> sources) {
    int rings = causes.nodes().stream().mapToInt(CausalExplanation.Node::radius).max().orElse(0);
    int bottom = TOP + Math.max(1, rings) * RING + 30;
    List<Drawing.Shape> shapes = new ArrayList<>();
    shapes.add(
        label(
            12,
            24,
            "Head %s: what \u201c%s\u201d may depend on".formatted(causes.head(), causes.word()),
            15,
            INK));
    shapes.add(
        label(
            12,
            44,
            "Learned from attention; the masking test says whether it matters. Below a patch: its row and column.",
            11,
            FAINT));
    legend(shapes);
    Map<Integer, Place> places = places(causes, rings, bottom);
    for (Edge edge : causes.edges()) {
      Place from = places.get(edge.from());
      Place to = places.get(edge.to());
      if (from != null && to != null) {
        line(shapes, from, to, edge);
      }
    }
    places.forEach((index, place) -> node(shapes, causes.nodes().get(index), place, sources));
    return new Drawing(
            "Causes of " + causes.word() + " \u00b7 Lynceus", WIDTH, bottom + 50, PAPER, shapes)
        .under(causes.conclusion());
  }

  private static void legend(List<Drawing.Shape> shapes) {
    shapes.add(label(12, 66, "\u2192 causes", 11, CAUSE));
    shapes.add(label(90, 66, "o\u2192 causes, or something hidden causes both", 11, POSSIBLE));
    shapes.add(label(345, 66, "\u2194 something hidden causes both", 11, HIDDEN));
    shapes.add(label(540, 66, "o\u2014o not known", 11, OPEN));
  }

  private static Map<Integer, Place> places(CausalExplanation causes, int rings, int bottom) {
    Map<Integer, Place> places = new HashMap<>();
    for (int ring = 0; ring <= rings; ring++) {
      List<Integer> members = new ArrayList<>();
      for (int i = 0; i < causes.nodes().size(); i++) {
        if (causes.nodes().get(i).radius() == ring) {
          members.add(i);
        }
      }
      for (int m = 0; m < members.size(); m++) {
        double angle = Math.PI * (1 - (m + 0.5) / members.size());
        places.put(
            members.get(m),
            new Place(
                WIDTH / 2.0 + Math.cos(angle) * ring * (WIDTH - 140) / 2.0 / Math.max(1, rings),
                bottom - Math.sin(angle) * ring * RING));
      }
    }
    return places;
  }

  private static void node(
      List<Drawing.Shape> shapes,
      CausalExplanation.Node node,
      Place place,
      List<PatchSource> sources) {
    String hint = Spoken.label(node.label()) + ", attention " + Spoken.percent(node.attention());
    Optional<PatchSource.Found> patch = PatchSource.find(sources, node.label());
    if (patch.isPresent()) {
      int number = patch.get().patch();
      PatchSource source = sources.get(patch.get().source());
      shapes.add(
          new Drawing.Box(
              place.x - THUMB / 2. - 2, place.y - THUMB / 2. - 2, THUMB + 4, THUMB + 4, INK, ""));
      shapes.add(
          new Drawing.Picture(
              place.x - THUMB / 2.,
              place.y - THUMB / 2.,
              THUMB,
              THUMB,
              source.cut(number, 2 * THUMB),
              hint));
      String name = number / source.columns() + ", " + number % source.columns();
      double half = name.length() * 3.2 + 2;
      shapes.add(
          new Drawing.Box(place.x - half, place.y + THUMB / 2. + 3, 2 * half, 13, PAPER, hint));
      shapes.add(
          new Drawing.Label(
              place.x, place.y + THUMB / 2. + 13, name, 10, INK, Drawing.Anchor.MIDDLE));
      return;
    }
    boolean image = node.label().startsWith("image");
    String name = image ? Spoken.label(node.label()) : node.text();
    double half = Math.max(22, name.length() * 3.4 + 6);
    shapes.add(
        new Drawing.Box(place.x - half, place.y - 10, 2 * half, 20, image ? PATCH : WORD, hint));
    shapes.add(new Drawing.Label(place.x, place.y + 4, name, 11, INK, Drawing.Anchor.MIDDLE));
  }

  private static void line(List<Drawing.Shape> shapes, Place from, Place to, Edge edge) {
    String colour =
        switch (edge.atFrom()) {
          case TAIL -> CAUSE;
          case ARROW -> HIDDEN;
          case CIRCLE -> edge.atTo() == Mark.ARROW ? POSSIBLE : OPEN;
        };
    shapes.add(new Drawing.Line(from.x, from.y, to.x, to.y, colour));
    end(shapes, from, to, edge.atTo(), colour);
    end(shapes, to, from, edge.atFrom(), colour);
  }

  /// The mark near the end of a line.
  private static void end(
      List<Drawing.Shape> shapes, Place from, Place to, Mark mark, String colour) {
    double length = Math.hypot(to.x - from.x, to.y - from.y);
    double dx = (to.x - from.x) / Math.max(1, length);
    double dy = (to.y - from.y) / Math.max(1, length);
    double back = Math.min(length / 3, Math.abs(dy) > 0.3 ? 10 / Math.abs(dy) + 2 : 38);
    double x = to.x - dx * back;
    double y = to.y - dy * back;
    switch (mark) {
      case TAIL -> {}
      case ARROW -> {
        shapes.add(new Drawing.Line(x, y, x - 9 * dx + 4 * dy, y - 9 * dy - 4 * dx, colour));
        shapes.add(new Drawing.Line(x, y, x - 9 * dx - 4 * dy, y - 9 * dy + 4 * dx, colour));
      }
      case CIRCLE ->
          shapes.add(new Drawing.Label(x, y + 4, "o", 11, colour, Drawing.Anchor.MIDDLE));
    }
  }
}
