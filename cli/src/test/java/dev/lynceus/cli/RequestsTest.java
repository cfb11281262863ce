package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Table;
import dev.lynceus.request.AskRequest;
import dev.lynceus.request.MeasuredReplay;
import dev.lynceus.request.Pictures;
import dev.lynceus.request.Question;
import dev.lynceus.request.Request;
import dev.lynceus.request.RequestJson;
import dev.lynceus.request.RequestSchemas;
import dev.lynceus.request.Requests;
import dev.lynceus.request.Result;
import dev.lynceus.request.ResultJson;
import dev.lynceus.request.Running;
import dev.lynceus.request.Task;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.tensor.NativeMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Each request, as the example of its page: it runs, its result survives JSON and gives rows, and
/// it stops within one pass wherever it is cancelled.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestsTest {
  private static final Path PAGE = Path.of("../docs/reference/requests.md");
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```json\n(.*?)```");

  /// What the examples ask of other models, by the checkpoint that is asked here in their place.
  private static final Map<String, String> OTHERS =
      Map.of("read", "bert-qa", "queries", "blip2-opt");

  private final Map<String, LoadedModel> others = new TreeMap<>();
  private LoadedModel model;
  private AskRequest question;

  @BeforeAll
  void load() {
    model = LoadedModel.load("pupil", LoadOptions.DEFAULT);
    question = Requests.of(AskRequest.class, Question.about(Fixtures.QUESTION, Fixtures.PICTURE));
  }

  /// What holds the model would keep it open.
  @AfterAll
  void nobodyHoldsTheModel() {
    long start = System.nanoTime();
    model.close();
    others.values().forEach(LoadedModel::close);
    assertThat((System.nanoTime() - start) / 1e9).isLessThan(5);
  }

  static List<Request<?>> examples() throws IOException {
    List<Request<?>> examples = new ArrayList<>();
    Matcher example = EXAMPLE.matcher(Files.readString(PAGE));
    while (example.find()) {
      examples.add(RequestJson.read(example.group(1).replace("samples/", "../samples/")));
    }
    return examples;
  }

  @Test
  void everyRequestHasAnExample() throws IOException {
    assertThat(examples().stream().<Object>map(Request::getClass).toList())
        .containsExactlyInAnyOrderElementsOf(Requests.all());
  }

  private Result<?> run(Request<?> request, Progress watcher) {
    return Task.of(asked(request), request, Pictures.files()).run(Running.QUIET.watched(watcher));
  }

  private LoadedModel asked(Request<?> request) {
    String other = OTHERS.get(Requests.word(request.getClass()));
    return other == null
        ? model
        : others.computeIfAbsent(
            other,
            name ->
                LoadedModel.load(
                    "../core/src/test/resources/goldens/" + name + "/hub", LoadOptions.DEFAULT));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void aResultSurvivesJsonAndGivesRows(Request<?> request) {
    Result<?> result = run(request, Progress.NONE);
    assertThat(ResultJson.kinds(request.getClass())).contains(ResultJson.kind(result.value()));

    String json = ResultJson.write(result);
    ObjectNode told = (ObjectNode) JsonMapper.shared().readTree(json);
    assertThat(faults(told)).isEmpty();
    assertThat(faults(told.deepCopy().without("value"))).hasSize(1);
    Result<?> again = ResultJson.read(json);

    assertThat(ResultJson.write(again)).isEqualTo(json);
    assertThat(again.request()).isEqualTo(request);
    assertThat(again.provenance()).isEqualTo(result.provenance());
    List<Table> tables = result.value().tables();
    assertThat(tables).isNotEmpty();
    assertThat(tables)
        .allSatisfy(table ->
            assertThat(table.rows())
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row).hasSameSizeAs(table.columns())));
    assertThat(again.value().tables().toString()).isEqualTo(tables.toString());
    // Whatever is called a log probability is in nats, in every table of every result.
    assertThat(tables.stream().flatMap(table -> table.columns().stream()))
        .filteredOn(column -> column.name().endsWith("ogProbability"))
        .extracting(Table.Column::unit)
        .allMatch("nats"::equals);
  }

  /// What is wrong with a result by the schema that the types of the studio's page are made from.
  private static List<String> faults(JsonNode told) {
    ObjectNode schema = JsonMapper.shared().createObjectNode();
    schema.put("$ref", "#/components/schemas/Result." + told.path("kind").asString());
    schema.putObject("components").set("schemas", RequestSchemas.components());
    return SchemaOutputTest.faults(schema, told);
  }

  /// Cancelled from one asking on.
  private static final class Stopping implements Progress {
    private final long from;
    private long asked;

    Stopping(long from) {
      this.from = from;
    }

    @Override
    public void at(String stage, long done, long total) {}

    @Override
    public boolean cancelled() {
      return ++asked >= from;
    }
  }

  /// Native objects that are held once the collector has been: small helpers are left to it.
  private static long held() {
    long least = NativeMemory.held();
    for (int i = 0; i < 5; i++) {
      System.gc();
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      least = Math.min(least, NativeMemory.held());
    }
    return least;
  }

  /// Every pass asks: a pass more after it was told to stop would be an asking more.
  @ParameterizedTest
  @MethodSource("examples")
  void whatIsCancelledStopsWithinAPass(Request<?> request) {
    String before = run(question, Progress.NONE).value().toString();
    Stopping whole = new Stopping(Long.MAX_VALUE);
    run(request, whole);
    long passes = whole.asked;
    assertThat(passes).isGreaterThan(1);
    long held = held();
    // How replays share passes depends on how fast they are, so the last asking may not come again.
    for (long at : List.of(1L, 1 + passes / 2, 1 + passes * 3 / 4)) {
      Stopping stopping = new Stopping(at);
      assertThatExceptionOfType(LynceusException.class)
          .as("%d of %d", at, passes)
          .isThrownBy(() -> run(request, stopping))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
      assertThat(stopping.asked).isEqualTo(at);
      assertThat(held()).as("left at %d of %d", at, passes).isLessThanOrEqualTo(held);
    }
    assertThat(run(question, Progress.NONE).value().toString()).isEqualTo(before);
  }

  /// Who watches a sweep is told every replay of it once, with what the map has of it.
  @Test
  void aMapIsToldWhileItFills() throws IOException {
    Request<?> trace =
        examples().stream()
            .filter(request -> Requests.word(request.getClass()).equals("knockout"))
            .findFirst()
            .orElseThrow();
    Map<Integer, MeasuredReplay> told = new TreeMap<>();
    Result<?> result =
        Task.of(model, trace, Pictures.files())
            .run(
                Running.QUIET.aside(made -> {
                  if (made instanceof MeasuredReplay one) {
                    assertThat(told.put(one.number(), one)).as("told once").isNull();
                  }
                }));

    JsonNode map = JsonMapper.shared().readTree(ResultJson.write(result)).at("/value/maps/0");
    int columns = map.path("columns").size();
    assertThat(told).hasSizeGreaterThanOrEqualTo(columns * map.path("rows").size());
    for (int row = 0; row < map.path("rows").size(); row++) {
      for (int column = 0; column < columns; column++) {
        assertThat(told.get(row * columns + column).probability())
            .isEqualTo(
                map.at("/cells/" + row + "/" + column + "/probability").asDouble(), within(1e-12));
      }
    }
  }

  /// A request that a command writes does what the command does, through a file and through stdin.
  @Test
  void aRequestThatWasWrittenIsRun(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("ask.json");
    Shell.Result written =
        Shell.lynceus("ask", Fixtures.PICTURE, Fixtures.QUESTION, "--request", file.toString());
    assertThat(written.status()).as(written.err()).isZero();
    assertThat(written.out()).isEmpty();
    assertThat(RequestJson.read(Files.readString(file))).isEqualTo(question);

    Shell.Result done = Shell.lynceus("run", file.toString());

    assertThat(done.status()).as(done.err()).isZero();
    Result<?> result = ResultJson.read(done.out());
    assertThat(result.request()).isEqualTo(question);
    assertThat(result.value()).isEqualTo(run(question, Progress.NONE).value());
  }

  static List<Class<?>> withoutMore() {
    return Requests.all().stream()
        .filter(type ->
            !List.of("patch", "steer", "causes", "silence", "strategy", "neurons", "read", "region")
                .contains(Requests.word(type)))
        .toList();
  }

  /// What a command asks where no option is given is what a request is where nothing is said.
  @ParameterizedTest
  @MethodSource("withoutMore")
  void commandsAndRequestsHaveTheSameDefaults(Class<?> type, @TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("request.json");

    Shell.Result written =
        Shell.lynceus(
            Requests.word(type), Fixtures.PICTURE, Fixtures.QUESTION, "--request", file.toString());

    assertThat(written.status()).as(written.err()).isZero();
    assertThat(written.out()).isEmpty();
    assertThat(RequestJson.read(Files.readString(file)))
        .isEqualTo(
            RequestJson.read(
                RequestJson.write(question)
                    .replace("\"ask\"", '"' + Requests.word(type) + '"')
                    .replaceAll("(?s),\\s*\"maxTokens\".*", "}")));
  }

  /// What has no default, or asks about no picture, is written as it was said.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "neurons %s '%s' --without 1.2 --neurons 5 | \"beside\" : { \"kind\" : \"without\", \"heads\" : [ \"1.2\" ] }, \"neurons\" : 5",
        "neurons %s '%s' --against red | \"beside\" : { \"kind\" : \"against\", \"word\" : \"red\" }",
        "zones %s '%s' --box 62,34,108,74 --order both | \"order\" : \"both\", \"box\" : [ 62, 34, 108, 74 ]",
        "zones 'Who slept?' 'The cat slept.' | \"passage\" : \"The cat slept.\"",
        "read 'Who slept?' 'The cat slept.' --overlap 64 | \"windows\" : { \"length\" : 384, \"overlap\" : 64",
        "read --masked 'The [MASK] slept.' | \"masked\" : true"
      })
  void settingsAreWritten(String line, String part, @TempDir Path folder) throws IOException {
    Path file = folder.resolve("request.json");

    Shell.Result written =
        Shell.lynceus(
            Shell.words(
                    line.replaceFirst("%s", Fixtures.PICTURE).replaceFirst("%s", Fixtures.QUESTION)
                        + " --request "
                        + file)
                .toArray(String[]::new));

    assertThat(written.status()).as(written.err()).isZero();
    String json = Files.readString(file);
    assertThat(json.replaceAll("\\s+", " ")).contains(part);
    assertThat(RequestJson.write(RequestJson.read(json)) + "\n").isEqualTo(json);
  }

  @Test
  void aBrokenRequestIsRefusedByItsKey(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(folder.resolve("a.json"), "{\"request\": \"ask\", \"question\": 1}");

    Shell.Result done = Shell.lynceus("run", file.toString());

    assertThat(done.status()).isEqualTo(2);
    assertThat(done.err()).contains("request.question: 1 is no object", "requests.md");
  }
}
