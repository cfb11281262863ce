package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.method.causal.Occlusion;
import dev.lynceus.method.causal.RegionConclusion;
import dev.lynceus.method.causal.RegionEffect;
import dev.lynceus.report.RegionEffectFigure;
import dev.lynceus.request.Measure;
import dev.lynceus.request.ModelSpec;
import dev.lynceus.request.PictureRef;
import dev.lynceus.request.Question;
import dev.lynceus.request.RegionRequest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus region`: whether the answer needs a part of the picture, and whether that is enough.
@Command(
    name = "region",
    header = "Test whether the answer needs a region of the picture, and whether it is enough.",
    description = {
      "",
      "Necessity is what the word loses when the region is hidden, sufficiency what the region alone",
      "brings back. Both with intervals over what hides, and beside random regions as large and, where",
      "there is room, of the same shape.",
      ""
    },
    sortOptions = false)
final class RegionCommand extends CausalCommand<RegionEffect.Result> {
  @Option(
      names = "--box",
      split = ",",
      paramLabel = "L,T,R,B",
      description = "The region: left, top, right and bottom in pixels of the picture.")
  int @Nullable [] box;

  @Option(
      names = "--mask",
      paramLabel = "FILE",
      description = "The region: what is white in this picture, which is stretched over the other.")
  @Nullable String mask;

  @Option(
      names = "--of",
      defaultValue = "0",
      paramLabel = "N",
      description = "The picture that it is a region of, 0 the first. Default: ${DEFAULT-VALUE}.")
  int of;

  @Mixin HidingOptions hiding = new HidingOptions();

  @Option(
      names = "--fill",
      defaultValue = "mean",
      split = ",",
      paramLabel = "WITH",
      description = {
        "What hides, each once: mean, zero, of pixels also blur and inpaint, with commas between; none",
        "for noise alone. Default: ${DEFAULT-VALUE}."
      })
  List<String> fills = List.of("mean");

  @Option(
      names = "--draws",
      defaultValue = "4",
      paramLabel = "N",
      description = "How often noise hides besides. Default: ${DEFAULT-VALUE}.")
  int draws;

  @Option(
      names = "--controls",
      defaultValue = "19",
      paramLabel = "N",
      description = {
        "Random regions beside it; of fewer than 19 chance cannot be told apart at 5 %%.",
        "Default: ${DEFAULT-VALUE}."
      })
  int controls;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of noise and random regions. Default: ${DEFAULT-VALUE}.")
  long seed;

  RegionCommand(Console console) {
    super(console);
  }

  @Override
  RegionRequest request(ModelSpec model, Question question, Measure measure) {
    return new RegionRequest(
        model,
        question,
        measure,
        part(),
        of,
        hiding.space(),
        fills.equals(List.of("none"))
            ? List.of()
            : fills.stream()
                .map(fill -> CausalOptions.choice("--fill", fill, Occlusion.Fill.class))
                .toList(),
        draws,
        controls,
        seed);
  }

  private RegionRequest.Part part() {
    int @Nullable [] edges = box;
    if (edges != null && mask != null) {
      throw named("--box and --mask exclude each other");
    }
    if (mask != null) {
      return new RegionRequest.Mask(new PictureRef.File(mask));
    }
    if (edges == null) {
      throw named("no region is named");
    }
    if (edges.length != 4) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--box has %d numbers".formatted(edges.length),
          "Give left, top, right and bottom in pixels, for example 10,20,60,80.");
    }
    return new RegionRequest.Rectangle(edges[0], edges[1], edges[2], edges[3]);
  }

  private static LynceusException named(String what) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST, what, "Give one of --box L,T,R,B and --mask FILE.");
  }

  @Override
  String told(RegionEffect.Result found, CausalResult<RegionEffect.Result> all, Metric metric) {
    StringBuilder text = new StringBuilder(RegionConclusion.of(found, all.target())).append("\n\n");
    text.append(
        "the region: %d of %d patches, %s of the picture; beside it %d of as many, %s\n"
            .formatted(
                found.patches().size(),
                found.rows() * found.columns(),
                Spoken.place(
                    found.patches().stream().mapToInt(Integer::intValue).toArray(),
                    found.rows(),
                    found.columns()),
                found.controls().size(),
                found.how()));
    text.append(all.line("clean run", found.clean()));
    text.append("the whole picture brings %s nats\n\n".formatted(Spoken.number(found.brings())));
    TextTable table =
        new TextTable()
            .row("in nats, 95 % interval", "region", "share", "random", "above random", "p");
    row(table, "necessity: hidden, it costs", found.necessity());
    row(table, "sufficiency: alone, it brings back", found.sufficiency());
    text.append(table).append('\n');
    TextTable fillings =
        new TextTable().row(metric.label() + ", hidden by", "region", "all but it", "all");
    found
        .fillings()
        .forEach(one ->
            fillings.row(
                "  " + one.fill(),
                told(one.hidden().of(metric), metric),
                told(one.kept().of(metric), metric),
                told(one.nothing().of(metric), metric)));
    return text.append(fillings).toString();
  }

  private static void row(TextTable table, String name, RegionEffect.Effect effect) {
    table.row(
        name,
        told(effect.region()),
        effect.share().isPresent()
            ? RegionConclusion.share(Math.max(0, effect.share().getAsDouble()))
            : "–",
        effect.random().map(RegionCommand::told).orElse("–"),
        effect.above().map(RegionCommand::told).orElse("–"),
        effect.p().isPresent()
            ? String.format(Locale.ROOT, "%.3f", effect.p().getAsDouble())
            : "–");
  }

  private static String told(RegionEffect.Mean mean) {
    return Spoken.number(mean.value())
        + (mean.spread().isPresent() ? " ± " + Spoken.number(mean.spread().getAsDouble()) : "");
  }

  private static String told(double value, Metric metric) {
    return metric == Metric.PROBABILITY ? Spoken.percent(value) : Spoken.number(value);
  }

  @Override
  String drawn(RegionEffect.Result found, String conclusion, Metric metric) {
    return RegionEffectFigure.svg(found, conclusion);
  }
}
