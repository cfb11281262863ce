package dev.lynceus.studio;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.experiment.ResultTable;
import dev.lynceus.lab.experiment.Tables;
import dev.lynceus.method.Table;
import dev.lynceus.request.Request;
import dev.lynceus.request.ResultJson;
import dev.lynceus.studio.Route.Body;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a client can ask about runs.
final class RunRoutes {
  private static final int MOST_LISTED = 200;
  private static final int LONGEST_TAG = 60;
  private static final int MOST_TAGS = 20;
  private static final int LONGEST_NOTE = 4000;
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final String ENDLESS = "9999";

  private final Library library;
  private final Jobs jobs;
  private final ExportPage export;
  private final JavaCode code;
  private final Trials trials;
  private final int mostBytes;

  /// @param mostBytes of a request
  RunRoutes(
      Library library, Jobs jobs, ExportPage export, JavaCode code, Trials trials, int mostBytes) {
    this.library = library;
    this.jobs = jobs;
    this.export = export;
    this.code = code;
    this.trials = trials;
    this.mostBytes = mostBytes;
  }

  /// A reader's words about a run.
  record Labels(List<String> tags, String note) {}

  List<Route> all() {
    return List.of(
        Route.post(
                "/api/runs",
                "Asks: a request becomes a run, or a Trial, a procedure over a data set. One whose"
                    + " result is there, or on its way, is given"
                    + " with 200 in place of 202.",
                Body.json("Request"),
                Body.json("RunInfo"),
                202,
                this::submit)
            .query("again", "true: does it although its result is there")
            .query("known", "true: does nothing; 204 where no result is there or on its way"),
        Route.get("/api/runs", "Runs, the newest first.", Body.json("RunInfo[]"), this::list)
            .query("search", "words that all occur: of the question, a tag, the note, the kind")
            .query("before", "`created` of the last run of the page before")
            .query("most", "runs in a page, at most " + MOST_LISTED),
        Route.get(
            "/api/runs/{id}", "A run.", Body.json("RunInfo"), call -> Reply.json(run(call).info())),
        Route.get(
            "/api/runs/{id}/request",
            "What was asked, with every setting.",
            Body.json("Request"),
            call -> Reply.text("application/json", run(call).request())),
        Route.get(
            "/api/runs/{id}/events",
            "How far it is, as server-sent events `progress` until it has ended.",
            Body.of("text/event-stream"),
            this::events),
        Route.get("/api/runs/{id}/result", "Its result.", Body.json("Result"), this::result)
            .query("at", "a JSON Pointer (RFC 6901): only the part that it names"),
        Route.get(
            "/api/runs/{id}/tables",
            "The names of the tables of its result.",
            Body.json("string[]"),
            this::tableNames),
        Route.get(
            "/api/runs/{id}/tables/{name}",
            "A table of its result as CSV.",
            Body.of("text/csv"),
            this::table),
        Route.get(
            "/api/runs/{id}/parquet/{name}",
            "A table of its result as Parquet.",
            Body.of("application/vnd.apache.parquet"),
            this::parquet),
        Route.get(
            "/api/runs/{id}/arrays",
            "The numbers of all tables of its result as .npz, an array for each column.",
            Body.of("application/octet-stream"),
            call ->
                Reply.bytes("application/octet-stream", NumberArrays.of(tables(call)))
                    .download("lynceus-" + run(call).info().kind() + ".npz")),
        Route.get(
            "/api/runs/{id}/code",
            "The Java that asks the same.",
            Body.of("text/x-java-source"),
            this::code),
        Route.get(
            "/api/runs/{id}/page",
            "The page with all runs about its question, as one file that needs no server.",
            Body.of("text/html"),
            this::page),
        Route.post(
            "/api/runs/{id}/cancel",
            "Stops it within a pass.",
            Body.NONE,
            Body.json("RunInfo"),
            200,
            this::cancel),
        new Route(
            "PUT",
            "/api/runs/{id}/labels",
            "Writes its tags and its note.",
            Body.json("Labels"),
            Body.json("RunInfo"),
            200,
            List.of(),
            this::label),
        new Route(
            "DELETE",
            "/api/runs/{id}",
            "Forgets it; one that is being done is stopped.",
            Body.NONE,
            Body.NONE,
            204,
            List.of(),
            this::delete));
  }

  private Library.Kept run(Call call) {
    return library.run(call.run()).orElseThrow(() -> Problem.notFound("there is no such run"));
  }

  private Reply submit(Call call) {
    Work work = Work.read(call.json(mostBytes));
    if (call.query("known").filter("true"::equals).isPresent()) {
      return jobs.known(work).<Reply>map(Reply::json).orElseGet(Reply::nothing);
    }
    Jobs.Asked asked = jobs.submit(work, call.query("again").filter("true"::equals).isPresent());
    return Reply.json(asked.known() ? 200 : 202, asked.run());
  }

  private Reply list(Call call) {
    int most;
    try {
      most = call.query("most").map(Integer::parseInt).orElse(50);
    } catch (NumberFormatException e) {
      throw bad("most is no number");
    }
    if (most < 1 || most > MOST_LISTED) {
      throw bad("most is not between 1 and " + MOST_LISTED);
    }
    List<String> words =
        call.query("search").stream()
            .flatMap(text -> Arrays.stream(text.strip().split("\\s+", -1)))
            .filter(word -> !word.isEmpty())
            .limit(20)
            .toList();
    return Reply.json(
        library.list(words, call.query("before").orElse(ENDLESS), most).stream()
            .map(Library.Kept::info)
            .toList());
  }

  private Reply events(Call call) {
    Library.Kept kept = run(call);
    Optional<Job> live = jobs.live(kept.info().id());
    return new Reply.Streamed(
        200,
        "text/event-stream",
        out -> {
          long known = 0;
          while (live.isPresent()) {
            Job.Snapshot now = live.get().after(known, HEARTBEAT);
            boolean news = now.version() > known;
            known = now.version();
            String event =
                news
                    ? "id: %d\nevent: progress\ndata: %s\n\n"
                        .formatted(known, Reply.JSON.writeValueAsString(now))
                    : ": still here\n\n";
            out.write(event.getBytes(StandardCharsets.UTF_8));
            out.flush();
            if (now.state().ended()) {
              break;
            }
            Thread.sleep(40); // a reader sees no more than some 25 in a second
          }
          RunInfo end = library.run(kept.info().id()).orElse(kept).info();
          out.write(
              ("event: end\ndata: " + Reply.JSON.writeValueAsString(end) + "\n\n")
                  .getBytes(StandardCharsets.UTF_8));
          out.flush();
        },
        Map.of("Cache-Control", "no-store"));
  }

  private byte[] resultBytes(Call call) {
    RunInfo info = run(call).info();
    return library
        .result(info.id())
        .orElseThrow(() ->
            new Problem.Refusal(
                409,
                "NO_RESULT",
                "the run is " + info.state().word() + " and has no result",
                info.state().ended() ? "Ask again." : "Wait for it: /api/runs/{id}/events."));
  }

  private Reply result(Call call) {
    byte[] zipped = resultBytes(call);
    Optional<String> at = call.query("at");
    if (at.isEmpty()) {
      return new Reply.Whole(200, "application/json", zipped, Map.of("Content-Encoding", "gzip"));
    }
    JsonNode part;
    try {
      part = JsonMapper.shared().readTree(unzipped(zipped)).at(at.get());
    } catch (IllegalArgumentException | JacksonException e) {
      throw bad("at is no JSON Pointer");
    }
    if (part.isMissingNode()) {
      throw Problem.notFound("the result has nothing there");
    }
    return Reply.json(part);
  }

  static String unzipped(byte[] bytes) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isTrial(Call call) {
    return run(call).info().kind().equals(Trial.KIND);
  }

  private Reply tableNames(Call call) {
    return Reply.json(
        isTrial(call)
            ? trials.tables(call.run())
            : tables(call).stream().map(Table::name).toList());
  }

  private List<Table> tables(Call call) {
    if (isTrial(call)) {
      throw Problem.notFound("its numbers can be had as CSV");
    }
    return ResultJson.read(unzipped(resultBytes(call))).value().tables();
  }

  private Reply table(Call call) {
    String name = call.path("name");
    if (isTrial(call)) {
      return new Reply.Whole(
              200, "text/csv", trials.table(call.run(), name, Tables.Form.CSV), Map.of())
          .download(name + ".csv");
    }
    return Reply.text("text/csv", Csv.of(named(call, name))).download(name + ".csv");
  }

  private Table named(Call call, String name) {
    return tables(call).stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(() -> Problem.notFound("the result has no such table"));
  }

  private Reply parquet(Call call) {
    String name = call.path("name");
    byte[] bytes =
        isTrial(call)
            ? trials.table(call.run(), name, Tables.Form.PARQUET)
            : written(named(call, name));
    return Reply.bytes("application/vnd.apache.parquet", bytes).download(name + ".parquet");
  }

  private static byte[] written(Table table) {
    return Reply.file(".parquet", file -> ResultTable.parquet(table, file));
  }

  private Reply code(Call call) {
    if (!(Work.read(run(call).request()) instanceof Work.Asked(Request<?> request))) {
      throw Problem.notFound("its command line does it; lab.experiment.Experimenter is the Java");
    }
    return Reply.text("text/x-java-source", code.of(request)).download("Asked.java");
  }

  private Reply page(Call call) {
    RunInfo info = run(call).info();
    resultBytes(call);
    return Reply.text("text/html", export.html(info))
        .download("lynceus-" + info.question() + ".html");
  }

  Reply picture(Call call) {
    String sum = call.picture();
    PictureInfo info =
        library.picture(sum).orElseThrow(() -> Problem.notFound("there is no such picture"));
    return new Reply.Whole(
        200,
        info.type(),
        library.data(sum).orElseThrow(),
        Map.of("Cache-Control", "private, max-age=31536000, immutable"));
  }

  Reply pictureInfo(Call call) {
    return Reply.json(
        library
            .picture(call.picture())
            .orElseThrow(() -> Problem.notFound("there is no such picture")));
  }

  private Reply cancel(Call call) {
    Library.Kept kept = run(call);
    jobs.cancel(kept.info().id());
    return Reply.json(run(call).info());
  }

  private Reply label(Call call) {
    Library.Kept kept = run(call);
    Labels labels;
    try {
      labels = JsonMapper.shared().readValue(call.json(mostBytes), Labels.class);
    } catch (JacksonException e) {
      throw bad("these are no labels: {\"tags\": [\"…\"], \"note\": \"…\"}");
    }
    if (labels == null || labels.tags() == null || labels.note() == null) {
      throw bad("these are no labels: {\"tags\": [\"…\"], \"note\": \"…\"}");
    }
    boolean fit =
        labels.tags().size() <= MOST_TAGS
            && labels.tags().stream()
                .allMatch(tag -> tag != null && !tag.isBlank() && tag.length() <= LONGEST_TAG)
            && labels.note().length() <= LONGEST_NOTE;
    if (!fit) {
      throw bad(
          "at most %d tags of %d characters, and a note of %d"
              .formatted(MOST_TAGS, LONGEST_TAG, LONGEST_NOTE));
    }
    List<String> tags = labels.tags().stream().map(String::strip).distinct().sorted().toList();
    library.change(kept.info().id(), run -> run.labelled(tags, labels.note()), null);
    return Reply.json(run(call).info());
  }

  private Reply delete(Call call) {
    Library.Kept kept = run(call);
    jobs.cancel(kept.info().id());
    library.delete(kept.info().id());
    return Reply.nothing();
  }

  private static LynceusException bad(String what) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST, what, "/openapi.json tells what is expected.");
  }
}
