package dev.lynceus.report;

import dev.lynceus.image.ImageProcessorSettings;
import dev.lynceus.method.mae.Reconstruction;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a masked autoencoder makes of pictures as one page: for each mask the picture, what was
/// left of it, what the model made, both together, and where it is wrong.
public final class MaePage {
  private static final Color GREY = new Color(0x9a9a96);

  private MaePage() {}

  /// What was done, and by whom.
  ///
  /// @param ratio share of the patches that were removed
  /// @param normalised whether patches are made without mean and spread of their own
  /// @param normalisation how pixels become the model's numbers
  public record About(
      String model,
      double ratio,
      boolean normalised,
      ImageProcessorSettings.Normalisation normalisation) {}

  /// A picture, and what was made of it.
  ///
  /// @param seen as the model is given it, before patches are removed
  public record Shown(String name, BufferedImage seen, List<Reconstruction> made) {
    public Shown {
      made = List.copyOf(made);
    }
  }

  /// The page.
  ///
  /// @param command that makes the page again; may be empty
  public static String html(About about, List<Shown> pictures, String command) {
    List<StaticPage.Section> sections = new ArrayList<>();
    for (Shown shown : pictures) {
      sections.add(picture(about, shown));
    }
    String what =
        pictures.size() == 1
            ? pictures.getFirst().name()
            : "%d pictures".formatted(pictures.size());
    return new StaticPage(
            "What a model makes of a part of " + what,
            String.format(
                Locale.ROOT,
                "%s sees %.0f %% of the patches and makes the pixels of all. %s",
                about.model(),
                100 * (1 - about.ratio()),
                about.normalised()
                    ? "It makes patches without their mean and spread, which are put back from the"
                        + " true picture to draw them: the shapes are the model's, colours and"
                        + " contrast of each patch are not."
                    : "It was never asked for the patches that it sees, so what it makes of those"
                        + " may be anything."),
            sections,
            command)
        .html();
  }

  private static StaticPage.Section picture(About about, Shown shown) {
    List<StaticPage.Part> parts = new ArrayList<>();
    parts.add(new StaticPage.Finding(Reconstruction.conclusion(shown.made()), "image", ""));
    if (shown.made().size() > 1) {
      parts.add(errors(shown));
    }
    double[][] losses = shown.made().stream().map(MaePage::removedLosses).toArray(double[][]::new);
    ValueRange range = MapPicture.range(losses);
    parts.add(MapPicture.key(range, "Where it is wrong: mean squared difference of a patch"));
    for (int i = 0; i < shown.made().size(); i++) {
      Reconstruction made = shown.made().get(i);
      int grid = Math.toIntExact(Math.round(Math.sqrt(made.own().length)));
      BufferedImage whole = drawn(made.made(), made.side(), grid, about);
      BufferedImage both = drawn(made.composite(), made.side(), grid, about);
      String of = "mask %d".formatted(made.seed());
      parts.add(
          new StaticPage.Gallery(
              List.of(
                  shot("The picture", of, shown.seen()),
                  shot("What it saw", of, left(shown.seen(), made, grid)),
                  shot("What it made", of, whole),
                  shot("Both together", of, both),
                  new StaticPage.Shot(
                      "Where it is wrong",
                      of + ", one scale for all",
                      MapPicture.over(shown.seen(), losses[i], grid, grid, range)))));
    }
    return new StaticPage.Section(
        shown.name(),
        "",
        parts,
        "Errors are squared differences in the model's own numbers, means over the patches that"
            + " were removed. Without looking: every removed patch gets "
            + (about.normalised() ? "its own mean." : "the mean colour of the kept ones."));
  }

  private static StaticPage.Shot shot(String title, String of, BufferedImage image) {
    return new StaticPage.Shot(title, of, MapPicture.plain(image));
  }

  private static StaticPage.Table errors(Shown shown) {
    List<List<String>> rows = new ArrayList<>();
    for (Reconstruction made : shown.made()) {
      rows.add(
          List.of(
              "mask %d".formatted(made.seed()),
              String.format(Locale.ROOT, "%.4f", made.loss()),
              String.format(Locale.ROOT, "%.4f", made.plain()),
              made.loss() < made.plain()
                  ? String.format(Locale.ROOT, "%.0f %%", 100 * (1 - made.loss() / made.plain()))
                  : "none"));
    }
    return new StaticPage.Table(
        "Error, mask by mask", List.of("Mask", "error", "without looking", "less by"), rows);
  }

  /// Errors of the patches that were removed; zero where a patch was seen.
  private static double[] removedLosses(Reconstruction made) {
    double[] losses = made.patchLoss().clone();
    for (int patch : made.kept()) {
      losses[patch] = 0;
    }
    return losses;
  }

  /// The picture with grey where patches were removed.
  private static BufferedImage left(BufferedImage seen, Reconstruction made, int grid) {
    BufferedImage copy =
        new BufferedImage(seen.getWidth(), seen.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = copy.createGraphics();
    graphics.drawImage(seen, 0, 0, null);
    graphics.setColor(GREY);
    for (int patch = 0; patch < made.own().length; patch++) {
      if (!made.saw(patch)) {
        graphics.fillRect(
            patch % grid * made.side(), patch / grid * made.side(), made.side(), made.side());
      }
    }
    graphics.dispose();
    return copy;
  }

  /// Patches as a picture: the model's numbers as pixels, cut off where there is no such colour.
  private static BufferedImage drawn(double[][] patches, int side, int grid, About about) {
    ImageProcessorSettings.Normalisation how = about.normalisation();
    BufferedImage image = new BufferedImage(grid * side, grid * side, BufferedImage.TYPE_INT_RGB);
    for (int patch = 0; patch < patches.length; patch++) {
      for (int i = 0; i < side * side; i++) {
        int rgb = 0;
        for (int channel = 0; channel < 3; channel++) {
          double value = patches[patch][3 * i + channel];
          if (how.normalises()) {
            value = value * how.deviation().get(channel) + how.mean().get(channel);
          }
          if (how.rescales()) {
            value /= how.factor();
          }
          rgb = rgb << 8 | (int) Math.clamp(Math.round(value), 0, 255);
        }
        image.setRGB(patch % grid * side + i % side, patch / grid * side + i / side, rgb);
      }
    }
    return image;
  }
}
