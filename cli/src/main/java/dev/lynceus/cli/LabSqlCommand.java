package dev.lynceus.cli;

import dev.lynceus.lab.experiment.RunQuery;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `lynceus lab sql`: a question in SQL about all runs.
@Command(
    name = "sql",
    header = "Ask about all runs in SQL: runs, examples, units, maps and evidence.",
    description = {
      "",
      "Each is a view over the tables of all runs, told apart by run_id, for example",
      "  SELECT kind, avg(correct::INT) FROM examples GROUP BY kind",
      "The language is that of DuckDB.",
      ""
    },
    sortOptions = false)
final class LabSqlCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "QUERY", description = "In quotes.")
  String query = "";

  @Mixin StoreOptions stores = new StoreOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  LabSqlCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RunQuery.Answer answer = RunQuery.ask(stores.open(), query);
    LabResult.Asked asked = new LabResult.Asked(answer.columns(), answer.rows());
    result.give(console, () -> LabText.asked(asked), () -> asked);
    return 0;
  }
}
