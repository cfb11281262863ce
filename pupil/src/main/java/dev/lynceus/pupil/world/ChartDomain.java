package dev.lynceus.pupil.world;

import dev.lynceus.image.RgbImage;
import dev.lynceus.text.Message;
import java.util.List;

/// What lies outside of the charts that the stage `charts` teaches.
public final class ChartDomain {
  /// Least share of a chart that is paper, or nearly so.
  private static final double PAPER = .6;

  /// From here on a channel is as light as paper.
  private static final int LIGHT = 230;

  private ChartDomain() {}

  /// Reasons why what is asked is not what such a model was made for; none if it is.
  public static List<String> outside(List<Message> messages, List<RgbImage> pictures) {
    List<String> outside = WorldDomain.conversation(messages);
    if (pictures.size() != 1) {
      outside.add(
          "it was made for one chart at a time, and is asked about %d pictures"
              .formatted(pictures.size()));
    }
    for (RgbImage picture : pictures) {
      if (picture.width() != World.SIZE || picture.height() != World.SIZE) {
        outside.add(
            "the picture has %d x %d pixels; it was made for charts of %d x %d"
                .formatted(picture.width(), picture.height(), World.SIZE, World.SIZE));
      } else if (paper(picture) < PAPER) {
        outside.add("the picture shows no chart on light paper, which is all that it was made for");
      }
    }
    return List.copyOf(outside);
  }

  private static double paper(RgbImage image) {
    int light = 0;
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        boolean all = true;
        for (int channel = 0; channel < 3; channel++) {
          all &= image.sample(x, y, channel) >= LIGHT;
        }
        light += all ? 1 : 0;
      }
    }
    return light / (double) (image.width() * image.height());
  }
}
