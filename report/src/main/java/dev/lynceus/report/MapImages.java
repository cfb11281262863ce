package dev.lynceus.report;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Explanation;
import dev.lynceus.tensor.file.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Pictures of an explanation as files: each patch map alone and over the picture that the model
/// saw, and for each word its head map and its layer bars, as PNG and SVG.
///
/// Names are made of the word's index, its text reduced to letters and digits, and what is drawn:
/// `0-brown-best-head-overlay.png`, `0-brown-heads.svg`; with several images
/// `…-image1-overlay.png`.
public final class MapImages {
  private static final int SIDE = 672;
  private static final int CHART_ZOOM = 2;

  private MapImages() {}

  /// Writes all pictures into `folder`, which is made if it is missing.
  ///
  /// @param pictures one for each of [Explanation#images()], in order
  /// @return the files, in the order of writing
  /// @throws LynceusException `NOT_WRITABLE` when a file cannot be written
  public static List<Path> write(Path folder, Explanation explanation, List<PagePicture> pictures) {
    Consistency.check(explanation, pictures);
    List<Path> files = new ArrayList<>();
    try {
      Files.createDirectories(folder);
      for (int w = 0; w < explanation.words().size(); w++) {
        Explanation.WordExplanation word = explanation.words().get(w);
        String stem = w + "-" + plain(word.target().text());
        for (Explanation.PatchMap map : word.maps()) {
          Explanation.ImageView view = explanation.images().get(map.image());
          String of = explanation.images().size() > 1 ? "-image" + map.image() : "";
          String name = stem + "-" + plain(map.id()) + of;
          MapRaster.Scale scale = MapPicture.scale(range(explanation, map));
          files.add(png(folder.resolve(name + ".png"), bare(map, view, Sampling.NEAREST, scale)));
          BufferedImage seen = pictures.get(map.image()).seen();
          BufferedImage overlay = overlay(map, view, seen, Sampling.NEAREST, 0.72, scale);
          files.add(png(folder.resolve(name + "-overlay.png"), overlay));
        }
        files.addAll(chart(folder, stem + "-heads", Charts.headMap(word)));
        files.addAll(chart(folder, stem + "-layers", Charts.layerBars(word)));
      }
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          "Pictures could not be written into " + folder,
          "Name a folder that you may write to, on a disk with room.",
          e);
    }
    return List.copyOf(files);
  }

  /// One scale for a map of all words of an answer: what is weak for one of them looks weak.
  static ValueRange range(Explanation explanation, Explanation.PatchMap map) {
    double[] all =
        explanation.words().stream()
            .flatMap(word -> word.maps().stream())
            .filter(one -> one.id().equals(map.id()))
            .flatMapToDouble(one -> Arrays.stream(one.values()))
            .toArray();
    return ValueRange.ofMap(map.signed(), 0, all);
  }

  /// The map alone, in colours of its own range. Its shape is that of the model's picture, its
  /// longer side 672 pixels or the next multiple of the patch grid, so that every patch has the
  /// same number of pixels.
  public static BufferedImage bare(
      Explanation.PatchMap map, Explanation.ImageView view, Sampling sampling) {
    return bare(map, view, sampling, own(map));
  }

  private static BufferedImage bare(
      Explanation.PatchMap map,
      Explanation.ImageView view,
      Sampling sampling,
      MapRaster.Scale scale) {
    int cell = cell(view);
    return MapRaster.draw(
        new MapRaster.Grid(map.values(), view.rows(), view.columns()),
        view.columns() * cell,
        view.rows() * cell,
        sampling,
        scale);
  }

  /// The map over the picture as the model saw it, in the size of [#bare] and colours of its own
  /// range; see [MapPicture].
  ///
  /// @param opacity of the strongest patch, in [0, 1]; weaker patches let more of the picture
  ///   through
  public static BufferedImage overlay(
      Explanation.PatchMap map,
      Explanation.ImageView view,
      BufferedImage seen,
      Sampling sampling,
      double opacity) {
    return overlay(map, view, seen, sampling, opacity, own(map));
  }

  private static BufferedImage overlay(
      Explanation.PatchMap map,
      Explanation.ImageView view,
      BufferedImage seen,
      Sampling sampling,
      double opacity,
      MapRaster.Scale scale) {
    MapRaster.Grid grid = new MapRaster.Grid(map.values(), view.rows(), view.columns());
    MapRaster.Overlay how = new MapRaster.Overlay(sampling, scale, opacity);
    int cell = cell(view);
    BufferedImage drawn =
        MapRaster.over(seen, grid, view.columns() * cell, view.rows() * cell, how);
    return MapPicture.outlined(drawn, grid, how);
  }

  private static int cell(Explanation.ImageView view) {
    return Math.max(1, Math.ceilDiv(SIDE, Math.max(view.rows(), view.columns())));
  }

  private static MapRaster.Scale own(Explanation.PatchMap map) {
    return MapPicture.scale(ValueRange.ofMap(map.signed(), 0, map.values()));
  }

  private static List<Path> chart(Path folder, String name, Drawing drawing) throws IOException {
    Path svg = folder.resolve(name + ".svg");
    AtomicFile.write(svg, SvgWriter.write(drawing).getBytes(StandardCharsets.UTF_8));
    return List.of(
        svg, png(folder.resolve(name + ".png"), DrawingPainter.paint(drawing, CHART_ZOOM)));
  }

  private static Path png(Path file, BufferedImage image) throws IOException {
    AtomicFile.write(file, ImageData.png(image));
    return file;
  }

  /// Only letters and digits survive: a token's text must never choose a folder.
  private static String plain(String text) {
    String kept = text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{Nd}]+", "-");
    String trimmed = kept.replaceAll("^-|-$", "");
    return trimmed.isEmpty() ? "word" : trimmed.substring(0, Math.min(40, trimmed.length()));
  }
}
