package dev.lynceus.cli;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.mae.Reconstruction;
import dev.lynceus.model.Picture;
import dev.lynceus.report.MaePage;
import dev.lynceus.run.LoadedMae;
import dev.lynceus.tensor.file.InputFile;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lynceus reconstruct`: what a masked autoencoder makes of the patches that it does not see.
@Command(
    name = "reconstruct",
    header = "Let a masked autoencoder make the patches of a picture that it does not see.",
    description = {
      "",
      "For ViT-MAE. Shows the picture, what is left of it, what the model makes, and both together,",
      "with the error of each patch, beside the error of not looking.",
      ""
    },
    sortOptions = false)
final class ReconstructCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-reconstruct.html";

  private final Console console;

  @Parameters(
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "Picture files (PNG, JPEG, WebP, GIF, BMP).")
  List<String> files = List.of();

  @Option(
      names = "--ratio",
      paramLabel = "X",
      description = "Share of the patches that are removed. Default: what the model was made for.")
  @Nullable Double ratio;

  @Option(
      names = "--masks",
      defaultValue = "3",
      paramLabel = "N",
      description = "How many masks are drawn for each picture. Default: ${DEFAULT-VALUE}.")
  int masks = 3;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of the first mask; the next ones follow. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Mixin ModelOptions models = new ModelOptions();
  @Mixin PageOptions result = new PageOptions();
  @Mixin CommonOptions common = new CommonOptions();

  ReconstructCommand(Console console) {
    this.console = console;
  }

  /// A picture by one mask.
  ///
  /// @param seed of the mask
  /// @param kept numbers of the patches that were seen, in the order of the draw
  /// @param loss mean squared difference over the patches that were removed
  /// @param plain the same without looking
  /// @param patchLoss mean squared difference of every patch, kept ones too
  record Masked(long seed, int[] kept, double loss, double plain, double[] patchLoss) {
    static Masked of(Reconstruction one) {
      return new Masked(one.seed(), one.kept(), one.loss(), one.plain(), one.patchLoss());
    }
  }

  /// A picture.
  record Pictured(String picture, List<Masked> masks) {}

  /// What becomes JSON.
  ///
  /// @param ratio share of the patches that are removed
  /// @param normalised whether patches are made without mean and spread of their own
  record Told(
      String model,
      String revision,
      String dtype,
      double ratio,
      boolean normalised,
      int rows,
      int columns,
      List<Pictured> pictures,
      String command) {}

  @Override
  public Integer call() {
    List<RgbImage> images = new ArrayList<>();
    for (String file : files) {
      images.add(new ImageFileReader().read(InputFile.PICTURE.path(file)));
    }
    OutputFile page = result.page(PAGE, console);
    Told told;
    List<MaePage.Shown> shown = new ArrayList<>();
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedMae model = models.loadMae(progress)) {
      double share = ratio == null ? model.model().config().ratio() : ratio;
      List<Pictured> pictures = new ArrayList<>();
      for (int i = 0; i < images.size(); i++) {
        Picture picture =
            model.picture(QuestionArguments.name(Path.of(files.get(i))), images.get(i));
        List<Reconstruction> made = new ArrayList<>();
        for (int mask = 0; mask < masks; mask++) {
          progress.at("making pictures", (long) i * masks + mask, (long) images.size() * masks);
          made.add(Reconstruction.of(model, picture, share, seed + mask));
        }
        pictures.add(new Pictured(picture.name(), made.stream().map(Masked::of).toList()));
        BufferedImage seen = picture.onlyView().seen().toBufferedImage();
        shown.add(new MaePage.Shown(picture.name(), seen, made));
      }
      int grid = model.model().config().vision().grid();
      told =
          new Told(
              model.name(),
              model.checkpoint().version(),
              model.computeType().toString(),
              share,
              model.model().config().normalised(),
              grid,
              grid,
              pictures,
              console.commandLine());
      if (page != null) {
        page.write(
            MaePage.html(
                new MaePage.About(
                    told.model,
                    told.ratio,
                    told.normalised,
                    model.processor().settings().normalisation()),
                shown,
                told.command));
      }
    }
    result.give(console, page, () -> text(shown), told);
    return 0;
  }

  private static String text(List<MaePage.Shown> shown) {
    StringBuilder text = new StringBuilder();
    for (MaePage.Shown one : shown) {
      TextTable table = new TextTable().row("mask", "error", "without looking", "worst patch");
      for (Reconstruction made : one.made()) {
        table.row(
            Long.toString(made.seed()),
            String.format(Locale.ROOT, "%.4f", made.loss()),
            String.format(Locale.ROOT, "%.4f", made.plain()),
            String.format(
                Locale.ROOT, "%.4f", DoubleStream.of(made.patchLoss()).max().orElseThrow()));
      }
      text.append(one.name()).append('\n').append(table).append('\n');
      text.append(Reconstruction.conclusion(one.made())).append("\n\n");
    }
    return text.toString();
  }
}
