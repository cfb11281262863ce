package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.AnswerTargets;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.Progress;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.Target;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.Words;
import dev.lynceus.method.gradient.GradientPlan;
import dev.lynceus.method.reader.AnswerWord;
import dev.lynceus.method.relevancy.CompatibleRelevancy;
import dev.lynceus.method.relevancy.RelevancyMaps;
import dev.lynceus.model.Picture;
import dev.lynceus.report.PatchFigure;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
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
    COMPOSED,
    ALL;

    /// The maps that are told, in order.
    List<Mode> told() {
      return this == ALL ? List.of(DECODER, TOWER, COMPOSED) : List.of(this);
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin QuestionArguments arguments = new QuestionArguments();

  @Option(
      names = "--mode",
      defaultValue = "decoder",
      paramLabel = "MAP",
      description = {
        "decoder: relevancy of each visual token; tower: what all visual tokens take from a patch;",
        "composed: the tokens' relevancies followed back through the tower; all: the three.",
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
      names = "--pieces",
      defaultValue = "last",
      paramLabel = "HOW",
      description = {
        "With --compatible, the map of a word of several tokens: last, its last token's as that tool",
        "shows it; mean, the mean over its tokens. Default: ${DEFAULT-VALUE}."
      })
  String pieces = "last";

  @Mixin AnswerLength length = new AnswerLength();

  @Written(Written.As.FILE)
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
    CompatibleRelevancy.Pieces joined =
        CausalOptions.choice("--pieces", pieces, CompatibleRelevancy.Pieces.class);
    OutputFile drawn = figure == null ? null : OutputFile.checked(figure, result.force, console);
    RelevancyResult told;
    List<SeenView> views;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      List<Picture> pictures = asked.pictures(model);
      if (asked.isBlind() && !arguments.readsText()) {
        throw Inputs.reads(model.model())
            ? blind()
            : PatchViews.noPicture(model.model(), "to follow the answer back to");
      }
      views = model.views(pictures);
      Prompt prompt = arguments.prompt(model, asked, pictures, progress);
      if (asked.isBlind()) {
        RelevancyResult read = text(model, prompt, progress);
        result.give(console, read::text, () -> read);
        return 0;
      }
      progress.at("answer", 0, 0);
      try (Generation generation =
          model.generate(
              prompt,
              GenerationOptions.greedy(length.of(model, prompt)),
              GradientPlan.of(model, prompt))) {
        told =
            new RelevancyResult(
                model.name(),
                model.checkpoint().revision().orElse(model.checkpoint().fingerprint()),
                prompt.question().isEmpty() ? prompt.text() : prompt.question(),
                generation.answer().text().strip(),
                mode,
                compatible,
                console.commandLine(),
                texts(model, generation.run().tokens()),
                texts(model, prompt.beside()),
                words(model, prompt, generation, chosen, joined, progress));
      }
    }
    RelevancyResult found = told;
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

  private static LynceusException blind() {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        "there is no picture to follow the answer back to",
        "Name a picture before the question; a model that reads takes --passage, or with --raw a text"
            + " with words taken out.");
  }

  /// The answer of a model that reads a text, followed back to its words.
  private RelevancyResult text(LoadedModel model, Prompt prompt, ProgressLine progress) {
    if (!Inputs.reads(model.model())) {
      throw PatchViews.noPicture(model.model(), "to follow the answer back to");
    }
    if (figure != null || compatible) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          (compatible ? "--compatible" : "--figure") + " draws on a picture, and there is none",
          "Leave it out; `lynceus explain` writes a page about a text.");
    }
    KeyWord word = AnswerWord.find(model, prompt, new TargetSpec.OwnAnswer(), AnswerLength.USUAL);
    try (Run run = model.run(word.prompt(), Capture.NONE)) {
      RelevancyMaps.Result one =
          new RelevancyMaps().explain(run, List.of(word.target()), progress).getFirst();
      return new RelevancyResult(
          model.name(),
          model.checkpoint().revision().orElse(model.checkpoint().fingerprint()),
          prompt.question().isEmpty() ? prompt.text() : prompt.question(),
          word.answer(),
          mode,
          false,
          console.commandLine(),
          texts(model, run.tokens()),
          List.of(),
          List.of(new RelevancyResult.Word(one.text(), null, one.positions(), null, List.of())));
    }
  }

  private static List<String> texts(LoadedModel model, TokenMap tokens) {
    Words words = new Words(model.tokenizer());
    return IntStream.range(0, tokens.length())
        .mapToObj(p ->
            tokens.spots().get(p).role() == TokenMap.Role.IMAGE
                ? tokens.label(p)
                : words.text(tokens.spots().get(p).id()).strip())
        .toList();
  }

  private List<RelevancyResult.Word> words(
      LoadedModel model,
      Prompt prompt,
      Generation generation,
      Mode chosen,
      CompatibleRelevancy.Pieces joined,
      Progress progress) {
    List<Target> targets = AnswerTargets.of(model, generation.answer(), prompt.length() - 1);
    if (targets.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the model answered nothing, so there is nothing to explain",
          "Begin the answer (--start).");
    }
    List<TokenMap.View> views = Inputs.seen(generation.run()).views();
    List<RelevancyResult.Word> words = new ArrayList<>();
    if (compatible) {
      List<CompatibleRelevancy.Maps> tokens =
          new CompatibleRelevancy().explain(generation.run(), targets, progress);
      int next = 0;
      for (Target target : targets) {
        int count = target.aims().size();
        CompatibleRelevancy.Maps word = joined.of(tokens.subList(next, next + count));
        next += count;
        List<RelevancyResult.Map> maps = new ArrayList<>();
        for (Mode mode : chosen.told()) {
          maps.addAll(maps(mode, views, List.of(map(word, mode))));
        }
        words.add(new RelevancyResult.Word(target.text(), null, null, null, maps));
      }
      return words;
    }
    for (RelevancyMaps.Result word :
        new RelevancyMaps().explain(generation.run(), targets, progress)) {
      List<RelevancyResult.Map> maps = new ArrayList<>();
      for (Mode mode : chosen.told()) {
        maps.addAll(maps(mode, views, word.maps().stream().map(one -> map(one, mode)).toList()));
      }
      words.add(
          new RelevancyResult.Word(
              word.text(),
              word.imageShare(),
              word.positions(),
              word.question().length == 0 ? null : word.question(),
              maps));
    }
    return words;
  }

  private static double[] map(RelevancyMaps.Maps maps, Mode mode) {
    return switch (mode) {
      case DECODER -> maps.decoder();
      case TOWER -> maps.tower();
      case COMPOSED -> maps.composed();
      case ALL -> throw new IllegalArgumentException("one map at a time");
    };
  }

  private static double[] map(CompatibleRelevancy.Maps maps, Mode mode) {
    return switch (mode) {
      case DECODER -> maps.shown();
      case TOWER -> maps.vit();
      case COMPOSED -> maps.all();
      case ALL -> throw new IllegalArgumentException("one map at a time");
    };
  }

  private static List<RelevancyResult.Map> maps(
      Mode mode, List<TokenMap.View> views, List<double[]> values) {
    return IntStream.range(0, views.size())
        .mapToObj(v ->
            new RelevancyResult.Map(
                mode.word(),
                views.get(v).label(),
                views.get(v).tile().rows(),
                views.get(v).tile().columns(),
                values.get(v)))
        .toList();
  }

  /// The word, and which map and view where there are several.
  private static List<String> heading(
      RelevancyResult.Word word, RelevancyResult.Map map, int views) {
    List<String> parts = new ArrayList<>(List.of(word.text()));
    if (word.maps().size() > views) {
      parts.add(map.map());
    }
    if (views > 1) {
      parts.add(map.view());
    }
    return parts;
  }

  private static PatchFigure figure(RelevancyResult found, List<SeenView> views) {
    List<PatchFigure.Panel> panels = new ArrayList<>();
    for (RelevancyResult.Word word : found.words()) {
      Double share = word.imageShare();
      for (int m = 0; m < word.maps().size(); m++) {
        RelevancyResult.Map map = word.maps().get(m);
        String note = share == null || share.isNaN() ? "" : "image share " + Spoken.percent(share);
        panels.add(
            new PatchFigure.Panel(
                String.join(" \u00b7 ", heading(word, map, views.size())),
                note,
                map.values(),
                map.rows(),
                map.columns(),
                views.get(m % views.size()).seen().toBufferedImage()));
      }
    }
    String way = found.compatible() ? "as LVLM-Interpret computes it" : "exact for each word";
    return new PatchFigure(
        "relevancy, " + found.mode() + ": " + found.question(),
        way + "; one scale for all words",
        panels,
        found.notes());
  }
}
