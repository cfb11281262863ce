package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.AnswerTargets;
import dev.lynceus.method.Progress;
import dev.lynceus.method.Target;
import dev.lynceus.method.relevancy.CompatibleRelevancy;
import dev.lynceus.method.relevancy.RelevancyMaps;
import dev.lynceus.model.Picture;
import dev.lynceus.report.PatchFigure;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.SeenView;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus relevancy`: what each word of the answer depends on, by attention and its gradients.
@Command(
    name = "relevancy",
    header = "Follow each word of the answer back to the picture, by attention and its gradients.",
    description = {
      "",
      "Attention, weighted by how the word's logit depends on it and followed through all layers.",
      "It says what could have told; only a change of the picture shows what did: see occlude.",
      ""
    },
    sortOptions = false)
final class RelevancyCommand implements Callable<Integer> {
  private final Console console;

  /// Which map is told.
  enum Mode {
    DECODER,
    TOWER,
    COMPOSED
  }

  @Mixin QuestionArguments arguments = new QuestionArguments();

  @Option(
      names = "--mode",
      defaultValue = "decoder",
      paramLabel = "MAP",
      description = {
        "decoder: relevancy of each visual token; tower: what all visual tokens take from a patch;",
        "composed: the tokens' relevancies followed back through the tower.",
        "Default: ${DEFAULT-VALUE}."
      })
  String mode = "decoder";

  @Option(
      names = "--compatible",
      description = {
        "The maps of LVLM-Interpret with their known faults; its llama, vit and all are decoder,",
        "tower and composed."
      })
  boolean compatible;

  @Option(
      names = "--max-tokens",
      defaultValue = "32",
      paramLabel = "N",
      description = "Most tokens of the answer. Default: ${DEFAULT-VALUE}.")
  int maxTokens;

  @Option(
      names = "--figure",
      paramLabel = "FILE",
      description = "Also draw one panel a word, as SVG, or as PNG if FILE ends with .png.")
  @Nullable String figure;

  @Mixin ModelOptions models = new ModelOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  RelevancyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    QuestionArguments.Asked asked = arguments.read();
    Mode chosen = CausalOptions.choice("--mode", mode, Mode.class);
    if (asked.files().isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no picture to follow the answer back to",
          "Name a picture before the question.");
    }
    OutputFile drawn = figure == null ? null : OutputFile.checked(figure, result.force, console);
    RelevancyResult found;
    List<SeenView> views;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      List<Picture> pictures = asked.pictures(model);
      views = model.views(pictures);
      Prompt prompt = arguments.prompt(model, asked, pictures);
      progress.at("answer", 0, 0);
      try (Generation generation =
          model.generate(prompt, GenerationOptions.greedy(maxTokens), Capture.NONE)) {
        found =
            new RelevancyResult(
                model.name(),
                model.checkpoint().revision().orElse(model.checkpoint().fingerprint()),
                prompt.question().isEmpty() ? prompt.text() : prompt.question(),
                generation.answer().text().strip(),
                mode,
                compatible,
                console.commandLine(),
                words(model, prompt, generation, chosen, progress));
      }
    }
    if (drawn != null) {
      PatchFigure panels = figure(found, views);
      if (drawn.path().toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
        drawn.write(panels.png());
      } else {
        drawn.write(panels.svg());
      }
    }
    result.give(console, found::text, () -> found);
    return 0;
  }

  private List<RelevancyResult.Word> words(
      LoadedModel model, Prompt prompt, Generation generation, Mode chosen, Progress progress) {
    List<Target> targets = AnswerTargets.of(model, generation.answer(), prompt.length() - 1);
    if (targets.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the model answered nothing, so there is nothing to explain",
          "Begin the answer (--start).");
    }
    List<TokenMap.View> views = prompt.tokens().views();
    List<RelevancyResult.Word> words = new ArrayList<>();
    if (compatible) {
      List<CompatibleRelevancy.Maps> tokens =
          new CompatibleRelevancy().explain(generation.run(), targets, progress);
      int next = 0;
      for (Target target : targets) {
        int count = target.aims().size();
        List<double[]> maps =
            tokens.subList(next, next + count).stream().map(one -> map(one, chosen)).toList();
        next += count;
        words.add(
            new RelevancyResult.Word(target.text(), null, null, maps(views, List.of(mean(maps)))));
      }
      return words;
    }
    for (RelevancyMaps.Result word :
        new RelevancyMaps().explain(generation.run(), targets, progress)) {
      List<double[]> maps = word.maps().stream().map(one -> map(one, chosen)).toList();
      words.add(
          new RelevancyResult.Word(
              word.text(), word.imageShare(), word.positions(), maps(views, maps)));
    }
    return words;
  }

  private static double[] map(RelevancyMaps.Maps maps, Mode mode) {
    return switch (mode) {
      case DECODER -> maps.decoder();
      case TOWER -> maps.tower();
      case COMPOSED -> maps.composed();
    };
  }

  private static double[] map(CompatibleRelevancy.Maps maps, Mode mode) {
    return switch (mode) {
      case DECODER -> maps.shown();
      case TOWER -> maps.vit();
      case COMPOSED -> maps.all();
    };
  }

  private static double[] mean(List<double[]> maps) {
    return IntStream.range(0, maps.getFirst().length)
        .mapToDouble(p -> maps.stream().mapToDouble(map -> map[p]).average().orElseThrow())
        .toArray();
  }

  private static List<RelevancyResult.Map> maps(List<TokenMap.View> views, List<double[]> values) {
    return IntStream.range(0, views.size())
        .mapToObj(v ->
            new RelevancyResult.Map(
                views.get(v).label(),
                views.get(v).tile().rows(),
                views.get(v).tile().columns(),
                values.get(v)))
        .toList();
  }

  private static PatchFigure figure(RelevancyResult found, List<SeenView> views) {
    List<PatchFigure.Panel> panels = new ArrayList<>();
    for (RelevancyResult.Word word : found.words()) {
      Double share = word.imageShare();
      for (int v = 0; v < word.maps().size(); v++) {
        RelevancyResult.Map map = word.maps().get(v);
        String note =
            share == null || share.isNaN()
                ? ""
                : String.format(Locale.ROOT, "image share %.3f", share);
        panels.add(
            new PatchFigure.Panel(
                word.maps().size() > 1 ? word.text() + " \u00b7 " + map.view() : word.text(),
                note,
                map.values(),
                map.rows(),
                map.columns(),
                views.get(v).seen().toBufferedImage()));
      }
    }
    String way = found.compatible() ? "as LVLM-Interpret computes it" : "exact for each word";
    return new PatchFigure(
        "relevancy, " + found.mode() + ": " + found.question(),
        way + "; each panel has colours of its own range",
        panels);
  }
}
