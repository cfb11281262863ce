package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.measure.ScoreReport;
import dev.lynceus.lab.measure.Scoring;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.run.LoadedModel;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus pupil score`: how well explanations agree with the truth.
@Command(
    name = "score",
    header = "Score explanations against the objects that the answer follows from.",
    description = {
      "",
      "Scenes of 2 to 4 objects are asked one question each. The methods are compared with the first,",
      "pair by pair; two more rows are ceilings: the objects' masks and boxes as maps.",
      ""
    },
    sortOptions = false)
final class PupilScoreCommand implements Callable<Integer> {
  private final Console console;

  @Mixin ModelOptions model = new ModelOptions();

  @Option(
      names = "--method",
      defaultValue = "all",
      paramLabel = "NAME",
      description = {
        "A method that maps patches, such as log-increase or relevancy; several with commas, or all.",
        "Default: ${DEFAULT-VALUE}."
      })
  String method = "all";

  @Option(
      names = "--scenes",
      defaultValue = "500",
      paramLabel = "N",
      description = "How many scenes, of 2 to 4 objects. Default: ${DEFAULT-VALUE}.")
  int scenes;

  @Option(
      names = "--kinds",
      defaultValue = "all",
      paramLabel = "KINDS",
      description = {
        "Kinds of questions: colour, which, where, exists, count, same, side, with commas, or all.",
        "Default: ${DEFAULT-VALUE}."
      })
  String kinds = "all";

  @Option(
      names = "--pixels",
      description = "Also take patches away in the pictures; the tower runs again for each step.")
  boolean pixels;

  @Option(
      names = "--items",
      paramLabel = "FILE",
      description = "Write every map's numbers to FILE: .csv, or .jsonl for lines of JSON.")
  @Written(Written.As.FILE)
  @Nullable String items;

  @Mixin PupilOptions pupil = new PupilOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  PupilScoreCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    int count = PupilOptions.scenes("--scenes", scenes);
    Scoring.Plan plan =
        new Scoring.Plan(
            pupil.seed, chosen(), pixels ? Scoring.Erased.PIXELS_TOO : Scoring.Erased.TOKENS);
    OutputFile lines = items == null ? null : ItemLines.checked(items, result.force, console);
    List<PatchMethod> methods = PatchMethod.named(method);
    ScoreReport report;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel loaded = model.load(progress)) {
      report = new Scoring(loaded, methods, plan, progress).measure(count);
      if (lines != null) {
        lines.write(ItemLines.of(lines.path(), report.items(), ItemLines.about(loaded)));
      }
    }
    result.give(console, () -> PupilText.score(report), () -> report);
    return 0;
  }

  private List<Question.Kind> chosen() {
    if (kinds.equals("all")) {
      return Scoring.Plan.SEEN;
    }
    return Stream.of(kinds.split(",", -1))
        .map(String::strip)
        .map(name ->
            Scoring.Plan.SEEN.stream()
                .filter(kind -> kind.label().equals(name))
                .findFirst()
                .orElseThrow(() ->
                    new LynceusException(
                        ErrorCode.BAD_REQUEST,
                        "--kinds " + name + " is no kind of question that can be scored",
                        "Use all, "
                            + String.join(
                                ", ", Scoring.Plan.SEEN.stream().map(Question.Kind::label).toList())
                            + ".")))
        .distinct()
        .toList();
  }
}
