package dev.lynceus.cli;

import dev.lynceus.run.LoadedMae;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.PointNames;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lynceus models taps`: every place of a model that can be seen or changed.
@Command(
    name = "taps",
    header = "List the activation points: what can be captured and changed.",
    description = {"", "With MODEL: the points that it has, in its own sizes.", ""},
    sortOptions = false)
final class TapsCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(arity = "0..1", paramLabel = "MODEL", description = "As --model of the others.")
  @Nullable String model;

  @Option(
      names = "--point",
      paramLabel = "NAME",
      description = "Only the point that NAME means: a full name, a shorthand, or a module's name.")
  @Nullable String point;

  @Option(
      names = "--markdown",
      description = "The whole table as the page docs/reference/points.md.")
  boolean markdown;

  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  TapsCommand(Console console) {
    this.console = console;
  }

  /// What becomes JSON.
  record Points(List<PointRow> points) {}

  @Override
  public Integer call() {
    // Asked first: a misspelt name should not wait for a model.
    @Nullable Point only = point == null ? null : PointNames.parse(point).point();
    List<PointRow> rows =
        rows().stream().filter(row -> only == null || row.point() == only).toList();
    result.give(
        console, () -> markdown ? PointsPage.markdown() : text(rows), () -> new Points(rows));
    return 0;
  }

  private List<PointRow> rows() {
    if (model == null || markdown) {
      return PointRow.all();
    }
    ModelOptions options = new ModelOptions();
    options.model = model;
    try (ProgressLine progress = new ProgressLine(console, common.quiet)) {
      return switch (options.purpose()) {
        case ANSWERS -> {
          try (LoadedModel loaded = options.load(progress)) {
            yield PointRow.of(loaded.model());
          }
        }
        case RECONSTRUCTS -> {
          try (LoadedMae loaded = options.loadMae(progress)) {
            yield PointRow.of(loaded.model());
          }
        }
        case MATCHES -> {
          try (LoadedMatcher loaded = options.loadMatcher(progress)) {
            yield PointRow.of(loaded.model());
          }
        }
      };
    }
  }

  private static String text(List<PointRow> rows) {
    TextTable table = new TextTable().row("POINT", "SHAPE", "CHANGE", "COST", "MEANING");
    for (PointRow row : rows) {
      table.row(row.name(), row.shape(), row.writable() ? "yes" : "no", row.cost(), row.meaning());
    }
    return table.toString();
  }
}
