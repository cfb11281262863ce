package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.method.causal.Occlusion;
import dev.lynceus.report.RegionFigure;
import dev.lynceus.request.HiddenRegions;
import dev.lynceus.request.Measure;
import dev.lynceus.request.ModelSpec;
import dev.lynceus.request.OccludeRequest;
import dev.lynceus.request.PictureRef;
import dev.lynceus.request.Question;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
  @Mixin HidingOptions hiding = new HidingOptions();

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
      names = "--of",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "With --mask: the picture that the masks are of, 0 the first. Default: ${DEFAULT-VALUE}.")
  int of;

  @Option(
      names = "--superpixels",
      paramLabel = "N",
      description = "Hide about N pieces of about one colour (SLIC), in place of squares.")
  @Nullable Integer superpixels;

  private @Nullable HiddenRegions hidden;

  OccludeCommand(Console console) {
    super(console);
  }

  @Override
  OccludeRequest request(ModelSpec model, Question question, Measure measure) {
    return new OccludeRequest(
        model,
        question,
        measure,
        hiding.space(),
        CausalOptions.choice("--fill", fill, Occlusion.Fill.class),
        parts());
  }

  private OccludeRequest.Parts parts() {
    if (masks.isEmpty() && of != 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--of " + of + " names the picture of masks, and there is none",
          "Give a mask with --mask, or leave --of out.");
    }
    if (masks.isEmpty() && superpixels == null) {
      return new OccludeRequest.Squares(group);
    }
    if (!masks.isEmpty() && superpixels != null || group != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--group, --mask and --superpixels exclude each other",
          "Give one of them.");
    }
    return superpixels == null
        ? new OccludeRequest.Masks(
            masks.stream().<PictureRef>map(PictureRef.File::new).toList(), rings, of)
        : new OccludeRequest.Superpixels(superpixels);
  }

  @Override
  void aside(Object made) {
    if (made instanceof HiddenRegions regions) {
      hidden = regions;
    }
  }

  @Override
  String drawn(CausalMap map, String conclusion, Metric metric) {
    HiddenRegions regions = hidden;
    return regions == null || regions.seen().isEmpty()
        ? super.drawn(map, conclusion, metric)
        : new RegionFigure(map, regions.regions(), regions.seen().get()).svg(metric, conclusion);
  }
}
