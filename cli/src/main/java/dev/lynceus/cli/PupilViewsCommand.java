package dev.lynceus.cli;

import dev.lynceus.lab.measure.Scenes;
import dev.lynceus.lab.measure.ViewPage;
import dev.lynceus.lab.measure.ViewReport;
import dev.lynceus.lab.measure.ViewStudy;
import dev.lynceus.method.words.VmHeadFit;
import dev.lynceus.run.LoadedModel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus pupil views`: which way to read visual tokens reads what is there.
@Command(
    name = "views",
    header = "Compare ways to read words from visual tokens, where it is known what patches show.",
    sortOptions = false)
final class PupilViewsCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-views.html";

  /// Scenes whose patches are replaced: each is asked about a dozen times.
  private static final int MOST_REPLACED = 60;

  private final Console console;

  @Mixin ModelOptions model = new ModelOptions();

  @Option(
      names = "--scenes",
      defaultValue = "200",
      paramLabel = "N",
      description = "How many scenes are read. Default: ${DEFAULT-VALUE}.")
  int scenes = 200;

  @Option(
      names = "--texts",
      defaultValue = "400",
      paramLabel = "N",
      description = "Texts of the world for the contextual lens. Default: ${DEFAULT-VALUE}.")
  int texts = 400;

  @Mixin PupilOptions pupil = new PupilOptions();
  @Mixin PageOptions result = new PageOptions();
  @Mixin CommonOptions common = new CommonOptions();

  PupilViewsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    int count = PupilOptions.scenes("--scenes", scenes);
    int lines = PupilOptions.scenes("--texts", texts);
    OutputFile page = result.page(PAGE, console);
    ViewReport report;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel loaded = model.load(progress)) {
      report =
          new ViewStudy(loaded, progress)
              .measure(
                  new ViewStudy.Plan(
                      new Scenes(pupil.seed, count),
                      Math.min(count, MOST_REPLACED),
                      lines,
                      VmHeadFit.DEFAULT));
    }
    if (page != null) {
      page.write(ViewPage.html(report, console.commandLine()));
    }
    result.give(console, page, () -> text(report), report);
    return 0;
  }

  private static String text(ViewReport report) {
    TextTable views =
        new TextTable()
            .row("view", "colour", "thing", "first", "among five", "other thing's", "at ground");
    for (ViewReport.Row row : report.rows()) {
      views.row(
          row.view(),
          row.colour().text(),
          row.noun().text(),
          row.first().text(),
          row.five().text(),
          row.other().text(),
          row.ground().text());
    }
    TextTable places =
        new TextTable().row("in the place of patches", "", "answer stays", "change, nats");
    for (ViewReport.Place place : report.places()) {
      places.row(
          place.name(),
          place.control() ? "control" : "",
          place.same().text(),
          place.change().text());
    }
    return """
    %s, %d scenes of seed %d. Shares of the patches that show the asked thing: its colour is the
    best of ten, the thing the best of twenty; the best word of all is one of them, one is among the
    best five; the same for a thing of another scene, and for the thing at patches of the ground.

    %s
    What becomes of the answer when words stand in the place of patches:

    %s\
    """
        .formatted(report.model(), report.scenes().count(), report.scenes().seed(), views, places);
  }
}
