package dev.lynceus.studio;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.experiment.Experiment;
import dev.lynceus.lab.experiment.Experimenter;
import dev.lynceus.lab.experiment.Measured;
import dev.lynceus.lab.experiment.RunInfo.State;
import dev.lynceus.lab.experiment.RunQuery;
import dev.lynceus.lab.experiment.RunStore;
import dev.lynceus.lab.experiment.Table;
import dev.lynceus.lab.experiment.Tables;
import dev.lynceus.run.Cancellation;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Procedures of the lab over data sets, and what they found of each row.
///
/// @param store where the lab keeps them
/// @param data what they go over
/// @param library where the studio lists them
record Trials(RunStore store, DataShelf data, Library library) {
  private static final int MOST_LISTED = 200;
  private static final String ENDLESS = "9999";
  private static final JsonMapper JSON = JsonMapper.shared();

  /// Does one, or the rest of it.
  ///
  /// @return its result as JSON
  String run(Trial trial, LoadedModel model, Progress progress, String command) {
    Experiment experiment = trial.of(data.open(trial.data()), command);
    var run =
        Cancellation.asked(
            progress::cancelled,
            () -> new Experimenter(store, Studio.version(), progress).run(model, experiment));
    if (run.state() != State.DONE) {
      throw new LynceusException(
          ErrorCode.CANCELLED,
          "stopped after %d of %d rows".formatted(run.done(), run.total()),
          "Run it again: it goes on where it was.");
    }
    ObjectNode result = JSON.createObjectNode().put("kind", Trial.KIND);
    result.set("request", JSON.readTree(trial.json()));
    result.set("value", JSON.valueToTree(run));
    return JSON.writeValueAsString(result);
  }

  /// What came of one, in a sentence.
  static String summary(JsonNode value) {
    int judged = value.path("judged").asInt();
    String right =
        judged == 0
            ? "%d rows done".formatted(value.path("done").asInt())
            : "%d of %d right".formatted(value.path("correct").asInt(), judged);
    int failed = value.path("failed").asInt();
    return failed == 0 ? right : right + ", " + failed + " without a result";
  }

  /// Those over a data set, the newest first.
  List<RunInfo> over(String set) {
    return library.list(List.of(Trial.KIND), ENDLESS, MOST_LISTED).stream()
        .filter(kept -> kept.info().kind().equals(Trial.KIND))
        .filter(kept -> Trial.read(kept.request()).data().equals(set))
        .map(Library.Kept::info)
        .toList();
  }

  private String id(String run) {
    byte[] result =
        library
            .result(run)
            .orElseThrow(() -> Problem.notFound("there is no such run, or no result"));
    JsonNode found = JSON.readTree(RunRoutes.unzipped(result));
    if (!found.path("kind").asString("").equals(Trial.KIND)) {
      throw Problem.notFound("that run is not over a data set");
    }
    return found.path("value").path("id").asString();
  }

  /// What a run found of each row, by the row's id and the name of the column.
  Map<String, Map<String, String>> cells(String run) {
    String id = id(run);
    Map<String, Map<String, String>> cells = new LinkedHashMap<>();
    Path folder = store.folder(id);
    RunQuery.ask(
            store,
            "SELECT example, answer, CASE WHEN correct IS NULL THEN NULL WHEN correct THEN 'right' ELSE"
                + " 'wrong' END, log_probability, seconds, error FROM examples WHERE run_id = '"
                + id
                + "'")
        .rows()
        .forEach(row -> {
          Map<String, String> own =
              cells.computeIfAbsent(row.getFirst(), key -> new LinkedHashMap<>());
          List<String> names = List.of("answer", "correct", "log probability", "seconds", "error");
          for (int i = 0; i < names.size(); i++) {
            String cell = row.get(i + 1);
            own.putIfAbsent(names.get(i), cell == null ? "" : cell);
          }
        });
    for (Measured one : Measured.of(folder)) {
      Map<String, String> own = cells.get(one.example());
      if (own != null && !one.metric().equals(Measured.CORRECT)) {
        own.putIfAbsent(one.metric(), String.format(Locale.ROOT, "%.4g", one.value()));
      }
    }
    return cells;
  }

  /// The names of the tables of a run.
  List<String> tables(String run) {
    return Tables.present(store.folder(id(run)));
  }

  /// A table of a run as a file of a form.
  byte[] table(String run, String name, Tables.Form form) {
    Table table =
        Stream.of(Table.values())
            .filter(one -> one.word().equals(name))
            .findFirst()
            .orElseThrow(() -> Problem.notFound("the result has no such table"));
    return Reply.file(
        "." + form.ending(), file -> Tables.export(store.folder(id(run)), table, form, file));
  }
}
