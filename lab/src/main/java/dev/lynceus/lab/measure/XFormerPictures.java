package dev.lynceus.lab.measure;

import dev.lynceus.image.ImageProcessorSettings;
import dev.lynceus.lab.train.TrainedXFormer;
import dev.lynceus.lab.train.XFormerExam;
import dev.lynceus.lab.train.XFormerPath;
import dev.lynceus.lab.train.XFormerPlan;
import dev.lynceus.lab.train.XFormerStage;
import dev.lynceus.lab.train.XFormerTrainer;
import dev.lynceus.report.MapPicture;
import dev.lynceus.report.StaticPage;
import dev.lynceus.report.ValueRange;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Pictures of one X-Former: what its decoder of pixels makes before and after the block, and where
/// the two halves of the block look.
public final class XFormerPictures {
  private static final int SHOWN = 4;
  private static final int SIDE = 224;
  private static final int GREY = 0x9a9a96;

  private final XFormerStudy study;
  private final ImageProcessorSettings.Normalisation how;

  public XFormerPictures(XFormerStudy study) {
    this.study = study;
    this.how = XFormerTrainer.normalisation(study.folder());
  }

  /// The sections of a model after its first stage; none where it is not trained.
  public List<StaticPage.Section> sections(XFormerPlan plan) {
    if (!XFormerTrainer.isFinished(study.folder(), XFormerStage.ALIGN, plan)) {
      return List.of();
    }
    TrainedXFormer model = XFormerTrainer.trained(study.folder(), XFormerStage.ALIGN, plan);
    return List.of(made(model, plan), looks(model, plan));
  }

  private StaticPage.Section made(TrainedXFormer model, XFormerPlan plan) {
    List<StaticPage.Part> parts = new ArrayList<>();
    for (int number = 0; number < SHOWN; number++) {
      XFormerExam.Made made = study.exam().made(model, XFormerPath.BOTH, study.tried(), number);
      int grid = plan.shape().grid();
      parts.add(
          new StaticPage.Gallery(
              List.of(
                  shot("The picture", "scene " + number, drawn(made.own(), grid)),
                  shot("What was seen", made.kept().length + " patches", left(made, grid)),
                  shot(
                      "The autoencoder alone", error(made.plainError()), drawn(made.plain(), grid)),
                  shot(
                      "After it read the queries",
                      error(made.madeError()),
                      drawn(made.made(), grid)))));
    }
    return new StaticPage.Section(
        "Pixels",
        "Half of the patches were not seen. The first tower saw the whole picture, and the queries can"
            + " tell the autoencoder's rows what is in the others. Seed %d.".formatted(plan.seed()),
        parts,
        "Errors are squared differences over the patches that were not seen. What is made of patches that"
            + " were seen was never asked for.");
  }

  private StaticPage.Section looks(TrainedXFormer model, XFormerPlan plan) {
    List<StaticPage.Part> parts = new ArrayList<>();
    int grid = plan.shape().grid();
    for (int number = 0; number < 2; number++) {
      XFormerExam.Made made = study.exam().made(model, XFormerPath.BOTH, study.tried(), number);
      XFormerExam.Looks looks = study.exam().looks(model, study.tried(), number);
      BufferedImage seen = drawn(made.own(), grid);
      int queries = looks.queries().length;
      double[][] asked =
          IntStream.range(0, queries)
              .mapToObj(query ->
                  IntStream.range(0, looks.details().length)
                      .mapToDouble(patch -> looks.details()[patch][query])
                      .toArray())
              .toArray(double[][]::new);
      parts.add(gallery("Patches read query ", seen, asked, grid));
      parts.add(gallery("Reads patches: query ", seen, looks.queries(), grid));
    }
    return new StaticPage.Section(
        "Where the block looks",
        "First how much each patch of M reads of a query (M to Z), then how much the query reads of each"
            + " patch of M' (Z to M'). Means over the heads, one scale for each row.",
        parts,
        "");
  }

  private static StaticPage.Gallery gallery(
      String title, BufferedImage seen, double[][] maps, int grid) {
    ValueRange range = MapPicture.range(maps);
    List<StaticPage.Shot> shots = new ArrayList<>();
    for (int query = 0; query < maps.length; query++) {
      shots.add(
          new StaticPage.Shot(
              title + query, "", MapPicture.over(seen, maps[query], grid, grid, range)));
    }
    return new StaticPage.Gallery(shots);
  }

  private static String error(double value) {
    return String.format(Locale.ROOT, "error %.3f", value);
  }

  private static StaticPage.Shot shot(String title, String caption, BufferedImage image) {
    BufferedImage large = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = large.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    graphics.drawImage(image, 0, 0, SIDE, SIDE, null);
    graphics.dispose();
    return new StaticPage.Shot(title, caption, large);
  }

  private BufferedImage left(XFormerExam.Made made, int grid) {
    BufferedImage image = drawn(made.own(), grid);
    int side = image.getWidth() / grid;
    for (int patch = 0; patch < made.own().length; patch++) {
      int number = patch;
      if (IntStream.of(made.kept()).noneMatch(one -> one == number)) {
        for (int i = 0; i < side * side; i++) {
          image.setRGB(patch % grid * side + i % side, patch / grid * side + i / side, GREY);
        }
      }
    }
    return image;
  }

  /// Patches as a picture, cut off where there is no such colour.
  private BufferedImage drawn(double[][] patches, int grid) {
    int side = (int) Math.round(Math.sqrt(patches[0].length / 3.0));
    BufferedImage image = new BufferedImage(grid * side, grid * side, BufferedImage.TYPE_INT_RGB);
    for (int patch = 0; patch < patches.length; patch++) {
      for (int i = 0; i < side * side; i++) {
        int rgb = 0;
        for (int channel = 0; channel < 3; channel++) {
          double value =
              (patches[patch][3 * i + channel] * how.deviation().get(channel)
                      + how.mean().get(channel))
                  / how.factor();
          rgb = rgb << 8 | (int) Math.clamp(Math.round(value), 0, 255);
        }
        image.setRGB(patch % grid * side + i % side, patch / grid * side + i / side, rgb);
      }
    }
    return image;
  }
}
