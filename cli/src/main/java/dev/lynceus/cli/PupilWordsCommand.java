package dev.lynceus.cli;

import dev.lynceus.lab.measure.WordReport;
import dev.lynceus.lab.measure.WordStudy;
import dev.lynceus.method.score.Share;
import dev.lynceus.run.LoadedModel;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus pupil words`: whether the word that is explained first is one that decides.
@Command(
    name = "words",
    header = "Count how often the word that is explained first is one that decides the answer.",
    sortOptions = false)
final class PupilWordsCommand implements Callable<Integer> {
  private final Console console;

  @Mixin ModelOptions model = new ModelOptions();

  @Option(
      names = "--scenes",
      defaultValue = "200",
      paramLabel = "N",
      description =
          "How many scenes, each asked one question of every kind. Default: ${DEFAULT-VALUE}.")
  int scenes;

  @Mixin PupilOptions pupil = new PupilOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  PupilWordsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    int count = PupilOptions.scenes("--scenes", scenes);
    WordReport report;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel loaded = model.load(progress)) {
      report = new WordStudy(loaded, pupil.seed, progress).measure(count);
    }
    result.give(console, () -> text(report), () -> report);
    return 0;
  }

  private static String text(WordReport report) {
    TextTable table =
        new TextTable()
            .row(
                "questions",
                "n",
                "decisive",
                "",
                "by first order",
                "by chance",
                "chosen for the picture");
    for (WordReport.Kind kind : report.kinds()) {
      table.row(
          kind.kind().label(),
          Integer.toString(kind.decisive().of()),
          Share.plain(kind.decisive().share()),
          kind.decisive().text().replaceFirst("^\\S+ ", ""),
          Share.plain(kind.raised().share()),
          Share.plain(kind.chance()),
          Share.plain(kind.picture().share()));
    }
    return String.format(
        Locale.ROOT,
        "%s on %d scenes of seed %d: the word that is explained first decides the answer in %s%n%n%s",
        report.model(),
        report.scenes(),
        report.seed(),
        report.decisive().text(),
        table);
  }
}
