package dev.lynceus.cli;

import dev.lynceus.lab.skill.Skill;
import dev.lynceus.lab.skill.SkillAccuracy;
import dev.lynceus.lab.skill.SkillReport;
import dev.lynceus.method.score.Share;
import dev.lynceus.run.LoadedModel;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus pupil skills`: how often a model does what it was taught beyond the world's questions.
@Command(
    name = "skills",
    header =
        "Give a model exercises that it never saw, of descriptions, marks, crops, several pictures and"
            + " false questions.",
    sortOptions = false)
final class PupilSkillsCommand implements Callable<Integer> {
  private final Console console;

  @Mixin ModelOptions model = new ModelOptions();

  @Option(
      names = "--scenes",
      defaultValue = "200",
      paramLabel = "N",
      description = "How many exercises of each skill. Default: ${DEFAULT-VALUE}.")
  int scenes = 200;

  @Mixin PupilOptions pupil = new PupilOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  PupilSkillsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    int count = PupilOptions.scenes("--scenes", scenes);
    SkillReport report;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel loaded = model.load(progress)) {
      report =
          new SkillAccuracy(loaded, pupil.seed, progress).measure(List.of(Skill.values()), count);
    }
    result.give(console, () -> text(report), () -> report);
    return 0;
  }

  private static String text(SkillReport report) {
    TextTable table =
        new TextTable()
            .row("skill", "things", "n", "word for word", "in any order", "chance", "what");
    for (SkillReport.Row row : report.rows()) {
      table.row(
          row.things() == 0 ? row.skill() : "",
          row.things() == 0 ? "" : Integer.toString(row.things()),
          Integer.toString(row.exact().of()),
          row.exact().text(),
          row.right().equals(row.exact()) ? "" : row.right().text(),
          Share.plain(row.chance()),
          row.things() == 0 ? row.what() : "");
    }
    return "%s, %d exercises of each skill, seed %d; greedy answers, with 95 %% intervals%n%n"
            .formatted(report.model(), report.scenes(), report.seed())
        + table;
  }
}
