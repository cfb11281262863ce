package dev.lynceus.lab.literacy;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.picture.Rgb;
import java.util.List;

/// A chart as a picture, and where everything on it is.
///
/// @param parts marks, names, ticks and entries of the legend
public record Drawn(RgbImage image, List<Part> parts) {
  /// What covers what is taken away.
  private static final Rgb COVER = new Rgb(128, 128, 128);

  public Drawn {
    parts = List.copyOf(parts);
  }

  /// The parts that some references mean.
  public List<Part> of(List<Part.Ref> refs) {
    return parts.stream().filter(part -> refs.stream().anyMatch(ref -> ref.means(part))).toList();
  }

  /// The picture with its legend covered in grey; the same picture where it has none.
  public RgbImage withoutLegend() {
    RgbImage covered = image;
    for (Part part : parts) {
      if (part.what() == Part.What.LEGEND) {
        covered = covered(covered, part.region());
      }
    }
    return covered;
  }

  private static RgbImage covered(RgbImage image, Region region) {
    return new dev.lynceus.lab.picture.Operation.Fill(region, COVER, 1).apply(image);
  }
}
