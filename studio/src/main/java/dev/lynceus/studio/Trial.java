package dev.lynceus.studio;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.lab.data.Selection;
import dev.lynceus.lab.data.Where;
import dev.lynceus.lab.experiment.Experiment;
import dev.lynceus.lab.procedure.Procedures;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A procedure of the lab over rows of a data set.
///
/// @param request `experiment`
/// @param model that is asked
/// @param data name of the data set
/// @param where conditions that all rows fulfil, as `lab run --where` has them
/// @param limit most rows
/// @param procedure what is done with each
/// @param settings of the procedure, by name
/// @param seeds one pass over the rows for each
record Trial(
    String request,
    String model,
    String data,
    List<String> where,
    int limit,
    String procedure,
    Map<String, String> settings,
    List<Long> seeds) {
  static final String KIND = "experiment";
  private static final int MOST_SEEDS = 20;
  private static final int MOST_CONDITIONS = 20;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  static Trial read(String json) {
    Trial trial;
    try {
      trial = JSON.readValue(json, Trial.class);
    } catch (JacksonException e) {
      throw bad("the experiment is not understood: " + e.getOriginalMessage());
    }
    if (trial == null
        || trial.data == null
        || trial.procedure == null
        || !KIND.equals(trial.request)) {
      throw bad("an experiment names its data and its procedure");
    }
    Trial whole =
        new Trial(
            KIND,
            trial.model == null ? "pupil" : trial.model,
            trial.data,
            trial.where == null ? List.of() : List.copyOf(trial.where),
            trial.limit,
            trial.procedure,
            trial.settings == null ? Map.of() : Map.copyOf(trial.settings),
            trial.seeds == null || trial.seeds.isEmpty() ? List.of(1L) : trial.seeds);
    if (whole.limit < 1
        || whole.seeds.size() > MOST_SEEDS
        || whole.where.size() > MOST_CONDITIONS) {
      throw bad(
          "an experiment has a limit of 1 row or more, and at most %d seeds and %d conditions"
              .formatted(MOST_SEEDS, MOST_CONDITIONS));
    }
    Procedures.named(whole.procedure, whole.settings);
    whole.where.forEach(Where::parse);
    return whole;
  }

  String json() {
    return JSON.writeValueAsString(this);
  }

  /// The experiment itself.
  ///
  /// @param all rows of the data set
  Experiment of(DataSet all, String command) {
    Selection selection =
        new Selection(where.stream().map(Where::parse).toList(), null, null, limit);
    return new Experiment(
        selection.of(all),
        selection.equals(Selection.ALL) ? "" : selection.toString(),
        Procedures.named(procedure, settings),
        seeds,
        "",
        List.of(),
        command);
  }

  /// What lists call it.
  String title() {
    return procedure
        + " over "
        + data
        + (where.isEmpty() ? "" : " where " + String.join(" and ", where));
  }

  /// The line that does the same.
  ///
  /// @param source the data set as the command line names it
  /// @param named the model as the command line names it
  String command(String source, String named) {
    StringBuilder line =
        new StringBuilder("lynceus lab run ")
            .append(procedure)
            .append(' ')
            .append(Commands.quoted(source));
    where.forEach(one -> line.append(" --where ").append(Commands.quoted(one)));
    line.append(" --limit ").append(limit);
    settings.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(one ->
            line.append(" --set ").append(Commands.quoted(one.getKey() + "=" + one.getValue())));
    if (!seeds.equals(List.of(1L))) {
      line.append(" --seeds ")
          .append(String.join(",", seeds.stream().map(String::valueOf).toList()));
    }
    return line + (named.equals("pupil") ? "" : " --model " + Commands.quoted(named));
  }

  private static LynceusException bad(String what) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST, what, "docs/reference/http-api.md has an example.");
  }
}
