package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.relevancy.CompatibleRelevancy;
import dev.lynceus.method.relevancy.RelevancyResult;
import dev.lynceus.report.PatchFigure;
import dev.lynceus.request.RelevancyRequest;
import dev.lynceus.request.Running;
import dev.lynceus.request.Task;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.SeenView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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
  @Mixin RequestOptions written = new RequestOptions();
  @Mixin CommonOptions common = new CommonOptions();

  RelevancyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    QuestionArguments.Asked asked = arguments.read();
    RelevancyRequest request =
        new RelevancyRequest(
            models.spec(),
            arguments.question(asked),
            CausalOptions.choice("--mode", mode, RelevancyResult.Mode.class),
            compatible,
            CausalOptions.choice("--pieces", pieces, CompatibleRelevancy.Pieces.class),
            length.given());
    if (written.wrote(request, result.force, console)) {
      return 0;
    }
    OutputFile drawn = figure == null ? null : OutputFile.checked(figure, result.force, console);
    RelevancyResult told;
    List<SeenView> views;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      if (asked.isBlind() && !arguments.readsText()) {
        throw Inputs.reads(model.model())
            ? RelevancyRequest.blind()
            : PatchViews.noPicture(model.model(), "to follow the answer back to");
      }
      Task<RelevancyResult> task = Task.of(model, request, asked.from());
      task.prompt().outside().forEach(progress::note);
      views = model.views(task.pictures());
      if (asked.isBlind() && figure != null && Inputs.reads(model.model())) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "--figure draws on a picture, and there is none",
            "Leave it out; `lynceus explain` writes a page about a text.");
      }
      told = task.run(Running.QUIET.watched(progress).command(console.commandLine())).value();
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
    result.give(console, () -> new RelevancyText(found).text(), () -> found);
    return 0;
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
