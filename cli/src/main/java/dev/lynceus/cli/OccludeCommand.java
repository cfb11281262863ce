package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.method.causal.Occlusion;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.method.causal.RegionOcclusion;
import dev.lynceus.method.causal.Regions;
import dev.lynceus.model.Picture;
import dev.lynceus.report.RegionFigure;
import dev.lynceus.run.LedgerKey;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.file.InputFile;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lynceus occlude`: parts of the picture are hidden in turn.
@Command(
    name = "occlude",
    header = "Hide parts of the picture in turn, and see which of them the answer needs.",
    description = {
      "",
      "Measures the next token after the prompt; --start says what the answer begins with.",
      ""
    },
    sortOptions = false)
final class OccludeCommand extends MapCommand {
  @Option(
      names = "--space",
      defaultValue = "embedding",
      paramLabel = "WHAT",
      description = {
        "embedding: visual tokens are replaced; pixels: the picture is covered and encoded again.",
        "Default: ${DEFAULT-VALUE}."
      })
  String space = "embedding";

  @Option(
      names = "--fill",
      defaultValue = "mean",
      paramLabel = "WITH",
      description = "mean, zero, or of pixels also blur and inpaint. Default: ${DEFAULT-VALUE}.")
  String fill = "mean";

  @Option(
      names = "--group",
      defaultValue = "1",
      paramLabel = "N",
      description = "Hide squares of N x N patches. Default: ${DEFAULT-VALUE}.")
  int group;

  @Option(
      names = "--mask",
      paramLabel = "FILE",
      description = {
        "Hide what is white in this picture, in place of squares; with rings of patches around it,",
        "and all but it. May be given several times."
      })
  List<String> masks = List.of();

  @Option(
      names = "--rings",
      defaultValue = "2",
      paramLabel = "N",
      description = "With --mask: rings of patches around the object. Default: ${DEFAULT-VALUE}.")
  int rings;

  @Option(
      names = "--superpixels",
      paramLabel = "N",
      description = "Hide about N pieces of about one colour (SLIC), in place of squares.")
  @Nullable Integer superpixels;

  private @Nullable RegionFigure picture;

  OccludeCommand(Console console) {
    super(console);
  }

  @Override
  Capture capture(LoadedModel model) {
    return Sweep.base(model);
  }

  @Override
  List<CausalMap> explain(Run clean, Readout readout, Job job) {
    Occlusion.Space what = CausalOptions.choice("--space", space, Occlusion.Space.class);
    Occlusion.Fill with = CausalOptions.choice("--fill", fill, Occlusion.Fill.class);
    if (masks.isEmpty() && superpixels == null) {
      return new Occlusion(what, with, group).explain(clean, readout, job);
    }
    if (!masks.isEmpty() && superpixels != null || group != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--group, --mask and --superpixels exclude each other",
          "Give one of them.");
    }
    Regions regions =
        superpixels == null ? masks(clean) : Regions.superpixels(clean, 0, superpixels);
    CausalMap map = new RegionOcclusion(what, with).explain(clean, regions, readout, job);
    Picture first = clean.batch().pictures().getFirst();
    if (first.views().size() == 1) {
      picture = new RegionFigure(map, regions, first.views().getFirst().seen());
    }
    return List.of(map);
  }

  private Regions masks(Run clean) {
    List<RgbImage> read = masks.stream().map(this::picture).toList();
    List<String> names =
        masks.stream().map(file -> QuestionArguments.name(InputFile.PICTURE.path(file))).toList();
    return Regions.masks(clean, 0, names, read, rings);
  }

  @Override
  String drawn(CausalMap map, String conclusion, Metric metric) {
    return picture == null ? super.drawn(map, conclusion, metric) : picture.svg(metric, conclusion);
  }

  @Override
  String settings() {
    return String.join(" ", "occlude", space, fill, group + "", rings + "", superpixels + "");
  }

  @Override
  LedgerKey entered(LedgerKey key, LoadedModel model) {
    LedgerKey all = key;
    for (int i = 0; i < masks.size(); i++) {
      all = all.with("mask %d (--mask)".formatted(i + 1), picture(masks.get(i)));
    }
    return all;
  }
}
