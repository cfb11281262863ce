package dev.lynceus.cli;

import dev.lynceus.image.Cutting;
import dev.lynceus.image.Extent;
import dev.lynceus.image.ImageProcessorSettings;
import dev.lynceus.image.SizeRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What is done to pictures, in a line.
final class ProcessorText {
  private ProcessorText() {}

  static String of(ImageProcessorSettings settings) {
    List<String> steps = new ArrayList<>();
    if (settings.padsToSquare()) {
      steps.add("pad to a square");
    }
    ImageProcessorSettings.Resizing resizing = settings.resizing();
    if (resizing.on()) {
      steps.add(
          "%s, %s"
              .formatted(
                  resize(resizing.size()), resizing.filter().name().toLowerCase(Locale.ROOT)));
    }
    Extent crop = settings.centreCrop();
    if (crop != null) {
      steps.add("crop %d x %d".formatted(crop.height(), crop.width()));
    }
    String cut = cut(settings.cutting());
    if (!cut.isEmpty()) {
      steps.add(cut);
    }
    if (settings.normalisation().normalises()) {
      steps.add("normalise");
    }
    return settings.type().referenceName() + ": " + String.join(", ", steps);
  }

  private static String cut(Cutting cutting) {
    return switch (cutting) {
      case Cutting.Uncut _ -> "";
      case Cutting.Split split -> split.on() ? "cut into tiles of " + split.side() : "";
      case Cutting.Pinpoints pinpoints ->
          "cut into tiles of %d%s"
              .formatted(
                  pinpoints.tileSide(),
                  pinpoints.onlyAlone() ? " (several pictures: pad to squares)" : "");
      case Cutting.BestGrid grid ->
          grid.on() ? "cut into %d to %d tiles".formatted(grid.least(), grid.most()) : "";
      case Cutting.PanAndScan scan -> scan.on() ? "up to %d crops".formatted(scan.most()) : "";
      case Cutting.Patches patches ->
          "patches of %d, %d x %d a token"
              .formatted(patches.side(), patches.merge(), patches.merge());
    };
  }

  private static String resize(SizeRule rule) {
    return switch (rule) {
      case SizeRule.Exact exact -> "resize to %d x %d".formatted(exact.height(), exact.width());
      case SizeRule.ShortestEdge shorter ->
          "resize the shorter side to %d".formatted(shorter.length());
      case SizeRule.ShortestAndLongestEdge both ->
          "resize the shorter side to %d, the longer to %d at most"
              .formatted(both.shortest(), both.longest());
      case SizeRule.LongestEdge longer -> "resize the longer side to %d".formatted(longer.length());
      case SizeRule.MaxHeightWidth box ->
          "resize into %d x %d".formatted(box.height(), box.width());
      case SizeRule.PixelRange range ->
          "resize to multiples of %d, %d to %d pixels in all"
              .formatted(range.unit(), range.least(), range.most());
    };
  }
}
