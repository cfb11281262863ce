package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Does what each row of docs/reference/errors.md says is wrong, and compares what Lynceus says
/// with the row.
class ErrorsTest {
  private static final Path PAGE = Path.of("../docs/reference/errors.md");

  @TempDir private Path folder;

  /// A row of the page; `…` in a text stands for anything.
  record Row(String wrong, int status, String message, String nextStep) {
    static Row of(String line) {
      List<String> cells =
          Arrays.stream(line.split("(?<!\\\\)\\|", -1))
              .map(cell -> cell.strip().replace("\\|", "|"))
              .toList();
      return new Row(
          cells.get(1), Integer.parseInt(cells.get(2)), plain(cells.get(3)), plain(cells.get(4)));
    }

    private static String plain(String cell) {
      return cell.startsWith("`` ") && cell.endsWith(" ``")
          ? cell.substring(3, cell.length() - 3)
          : cell;
    }
  }

  /// Makes what a row needs and returns the command line.
  @FunctionalInterface
  interface Case {
    String[] prepare(Path folder) throws IOException;
  }

  private static final Map<String, Case> CASES = cases();

  /// A data set of one answer.
  private static Path rows(Path folder) throws IOException {
    Files.copy(Path.of(Fixtures.PICTURE), folder.resolve("car.png"));
    return Files.writeString(
        folder.resolve("rows.jsonl"),
        "{\"image\": \"car.png\", \"question\": \"What is the color of the car?\", \"expected\": \"brown\"}\n");
  }

  private static Map<String, Case> cases() {
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("the picture is missing", f -> explain(f.resolve("cat.png")));
    cases.put(
        "the picture is no image",
        f -> explain(Files.writeString(f.resolve("cat.png"), "Dear diary")));
    cases.put(
        "the picture is cut short",
        f ->
            explain(
                Fixtures.cut(Files.copy(Path.of(Fixtures.PICTURE), f.resolve("cat.png")), 1500)));
    cases.put(
        "the picture has 100 megapixels",
        f -> explain(Fixtures.png(f.resolve("cat.png"), 10_000, 10_000)));
    cases.put(
        "a verdict is misspelt",
        f -> command("evidence", "--json", "--fail-on=wrong", Fixtures.PICTURE, "What is it?"));
    cases.put(
        "a table of answers has no format",
        f -> command("evidence", "--json", "--dataset=" + rows(f), "--answers=a.txt"));
    cases.put(
        "a ledger of answers without a data set",
        f ->
            command(
                "evidence",
                "--json",
                "--ledger=" + f.resolve("l"),
                Fixtures.PICTURE,
                "What is it?"));
    cases.put(
        "a question beside a data set of answers",
        f ->
            command("evidence", "--json", "--dataset=" + rows(f), Fixtures.PICTURE, "What is it?"));
    cases.put(
        "too few rows to calibrate on",
        f -> command("calibrate", rows(f).toString(), "--thresholds=" + f.resolve("t.json")));
    cases.put("a stage is misspelt", f -> command("pupil", "train", "--stage=copie"));
    cases.put(
        "a stage before is missing",
        f -> command("pupil", "train", "--stage=tune", "--out=" + f.resolve("new")));
    cases.put("a training is stopped in no stage", f -> command("pupil", "train", "--until=5"));
    cases.put("no scenes are asked for", f -> command("pupil", "score", "--scenes=0"));
    cases.put("a method to score is unknown", f -> command("pupil", "score", "--method=magic"));
    cases.put(
        "thresholds checked where they were chosen",
        f -> command("pupil", "verdict", "--json", "--seed=71"));
    cases.put(
        "probes tried where they were fitted",
        f -> command("pupil", "probe", "--json", "--seed=72"));
    cases.put("a penalty that is none", f -> command("pupil", "probe", "--json", "--penalty=0"));
    cases.put(
        "a scene of too many objects",
        f -> command("pupil", "world", "--count=1", "--out=" + f, "--objects=1-9"));
    cases.put("the picture is a folder", f -> explain(Files.createDirectory(f.resolve("cat.png"))));
    cases.put("the question is empty", f -> command("explain", Fixtures.PICTURE, " "));
    cases.put("the question is forgotten", f -> command("explain", Fixtures.PICTURE));
    cases.put(
        "the question is not in quotes",
        f -> command("explain", Fixtures.PICTURE, "What", "color", "is", "it"));
    cases.put("there is neither picture nor question", f -> command("explain"));
    cases.put(
        "the raw prompt has no image placeholder",
        f -> command("ask", "--raw", Fixtures.PICTURE, "USER: What is it? ASSISTANT:"));
    cases.put(
        "the question holds the image token",
        f -> command("ask", Fixtures.PICTURE, "What does \"<image>\" mean?"));
    cases.put(
        "the model reads no videos",
        f -> command("ask", "--video=" + Fixtures.PICTURE, "What is it?"));
    cases.put(
        "the prompt holds what stands for a video",
        f ->
            command(
                "ask",
                "--model=../core/src/test/resources/goldens/llava-onevision/hub",
                "--raw",
                Fixtures.PICTURE,
                "<image><video>\nWhat is it?"));
    cases.put(
        "the question is longer than the model can read",
        f -> command("ask", Fixtures.PICTURE, "car ".repeat(600)));
    cases.put("the model is not on this machine", f -> with("no-org/no-model"));
    cases.put("there is no such folder", f -> with("./no-folder/model"));
    cases.put(
        "the model is of an unknown type",
        f ->
            with(
                Fixtures.withConfig(Fixtures.model(f.resolve("m")), "model_type", "gemma2")
                    .toString()));
    cases.put(
        "a config value is not supported",
        f ->
            with(
                Fixtures.withConfig(
                        Fixtures.model(f.resolve("m")), "projector_hidden_act", "swish7")
                    .toString()));
    cases.put(
        "the index names a shard that is absent",
        f -> {
          Path model = Fixtures.model(f.resolve("m"));
          Files.move(
              model.resolve("model.safetensors"),
              model.resolve("model-00001-of-00002.safetensors"));
          Files.writeString(
              model.resolve("model.safetensors.index.json"),
              """
              {"metadata": {}, "weight_map": {
                "a": "model-00001-of-00002.safetensors",
                "b": "model-00002-of-00002.safetensors"}}
              """);
          return with(model.toString());
        });
    cases.put(
        "a weight file is cut short",
        f -> {
          Path model = Fixtures.model(f.resolve("m"));
          Fixtures.cut(model.resolve("model.safetensors"), 4_000_000);
          return with(model.toString());
        });
    cases.put(
        "the tokenizer is absent",
        f -> {
          Path model = Fixtures.model(f.resolve("m"));
          Files.delete(model.resolve("tokenizer.json"));
          return with(model.toString());
        });
    cases.put(
        "the tokenizer would take time without end",
        f -> {
          Path model = Fixtures.model(f.resolve("m"));
          Path file = model.resolve("tokenizer.json");
          Files.writeString(file, Files.readString(file).replace("\\\\n|[^\\\\w\\\\s]", "(.+)+$"));
          return with(model.toString());
        });
    cases.put(
        "the chat template would never end",
        f -> {
          Path model = Fixtures.model(f.resolve("m"));
          Files.writeString(
              model.resolve("chat_template.jinja"),
              "{% macro f(n) %}{{ f(n-1) if n > 0 }}{{ f(n-1) if n > 0 }}{% endmacro %}{{ f(58) }}");
          return with(model.toString());
        });
    cases.put(
        "the image processor's settings are absent",
        f -> {
          Path model = Fixtures.model(f.resolve("m"));
          Files.delete(model.resolve("preprocessor_config.json"));
          return with(model.toString());
        });
    cases.put(
        "a generation setting makes no sense",
        f -> {
          Path model = Fixtures.model(f.resolve("m"));
          Files.writeString(
              model.resolve("generation_config.json"), "{\"repetition_penalty\": -1}");
          return with(model.toString());
        });
    cases.put(
        "two sources of chat templates contradict each other",
        f -> {
          Path model = Fixtures.model(f.resolve("m"));
          Path more = Files.createDirectory(model.resolve("additional_chat_templates"));
          Files.writeString(more.resolve("default.jinja"), "A");
          Files.writeString(model.resolve("chat_template.json"), "{\"chat_template\": \"J\"}");
          return with(model.toString());
        });
    cases.put(
        "lots are drawn in two ways",
        f -> command("ask", "--sample", "--temperature=1", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put(
        "the config is absent",
        f -> {
          Path model = Fixtures.model(f.resolve("m"));
          Files.delete(model.resolve("config.json"));
          return with(model.toString());
        });
    cases.put(
        "what shall be kept passes the memory budget",
        f ->
            command(
                "lens",
                "--budget=1",
                "--positions=all",
                Fixtures.PICTURE,
                "What is the car? ".repeat(80)));
    cases.put(
        "a text-only model is given a picture",
        f ->
            command(
                "explain",
                "--model=" + Fixtures.textOnly(f.resolve("m")),
                "--target=brown",
                "--output=" + f.resolve("page.html"),
                Fixtures.PICTURE,
                Fixtures.QUESTION));
    cases.put("a model for matching is asked a question", f -> wrongPurpose("ask", "blip-itm"));
    cases.put("a masked autoencoder is asked a question", f -> wrongPurpose("ask", "vit-mae"));
    cases.put(
        "a model that answers shall match",
        f ->
            command(
                "match",
                "--model=" + Fixtures.textOnly(f.resolve("m")),
                "--output=" + f.resolve("page.html"),
                "--text=a frog",
                Fixtures.PICTURE));
    cases.put(
        "the page's folder does not exist", f -> explainTo(f.resolve("none").resolve("page.html")));
    cases.put(
        "the page would replace a file of someone else",
        f -> explainTo(Files.writeString(f.resolve("page.html"), "<!doctype html>my diary")));
    cases.put("the page's name is that of a folder", f -> explainTo(f));
    cases.put("the data type is unknown", f -> withOption("--dtype=float12"));
    cases.put("the data type is no floating point type", f -> withOption("--dtype=int8"));
    cases.put("the device is unknown", f -> withOption("--device=tpu"));
    cases.put("the device is not there", f -> withOption("--device=cuda:0"));
    cases.put("the picture is a device", f -> explain(Path.of("/dev/zero")));
    cases.put(
        "the page would take the place of a device",
        f ->
            command(
                "explain", "--force", "--output=/dev/null", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put("the number of threads is beyond reason", f -> withOption("--threads=2147483647"));
    cases.put(
        "a head is less than none",
        f -> command("knockout", "--head=-1", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put(
        "a head to block that is not there",
        f -> command("knockout", "--head=9", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put("the number of threads is negative", f -> withOption("--threads=-1"));
    cases.put(
        "the target is empty",
        f -> command("explain", "--target=", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put(
        "the contrast has no target",
        f -> command("explain", "--against=red", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put(
        "two kinds of target are given",
        f ->
            command(
                "explain", "--target=red", "--next-token", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put("a point is misspelt", f -> command("models", "taps", "--point=resid_pr"));
    cases.put(
        "a position is outside of the prompt",
        f -> command("lens", "--positions=999", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put(
        "a position has no meaning",
        f -> command("lens", "--positions=middle", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put(
        "the kind of lens is unknown",
        f -> command("lens", "--norm=other", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put(
        "a lens of no kind",
        f -> command("lens", "--lens=other", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put(
        "a tuned lens with another norm",
        f -> command("lens", "--lens=tuned=x", "--norm=none", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put("a head is misspelt", f -> attention("--head=two"));
    cases.put("a head does not exist", f -> attention("--head=9.0"));
    cases.put("the answer lacks the word", f -> attention("--target=red"));
    cases.put("a score of several positions is asked for", f -> attention("--why=2.1@image"));
    cases.put("a share is more than all", f -> attention("--var=2"));
    cases.put("a graph without patches", f -> causes("--patches=0"));
    cases.put("a level that is none", f -> causes("--alpha=2"));
    cases.put("more different tokens than there are", f -> command("heads", "--length=99999"));
    cases.put("a figure is of no known kind", f -> attention("--figure=a.gif"));
    cases.put("a way of reading is unknown", f -> evidence("--reading=loud"));
    cases.put("a strength without a word", f -> evidence("--strength=2"));
    cases.put("a layer that is not there", f -> evidence("--project-away=car", "--image-layer=9"));
    cases.put("thresholds that are not there", f -> evidence("--thresholds=none.json"));
    cases.put("boxes that are not there", f -> evidence("--boxes=none.json"));
    cases.put("more than one map of a word", f -> evidence("--map=all"));
    cases.put(
        "a direction from nowhere", f -> command("steer", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put(
        "a point that holds no states",
        f ->
            command(
                "steer", "--words=red,brown", "--point=z", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put(
        "an option is misspelt",
        f -> command("explain", "--targt=red", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put("a command is misspelt", f -> command("exlain", Fixtures.PICTURE, "What?"));
    cases.put("a command is incomplete", f -> command("models"));
    cases.put(
        "a number is no number",
        f -> command("explain", "--heads=many", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put(
        "a number is too small",
        f -> command("explain", "--heads=0", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put(
        "the temperature makes no sense",
        f -> command("ask", "--temperature=-1", Fixtures.PICTURE, Fixtures.QUESTION));
    cases.put(
        "a raw prompt shall begin a conversation",
        f -> command("ask", "--raw", "--chat", Fixtures.PICTURE, "<image> and"));
    CausalErrors.add(cases);
    CheckpointErrors.add(cases);
    return cases;
  }

  private static String[] command(String... arguments) {
    return arguments;
  }

  private static String[] attention(String option) {
    return command("attention", option, Fixtures.PICTURE, Fixtures.QUESTION);
  }

  private static String[] causes(String option) {
    return command("causes", "--head=1.0", option, Fixtures.PICTURE, Fixtures.QUESTION);
  }

  private static String[] evidence(String... options) {
    return Stream.concat(
            Stream.of("evidence", "--json"),
            Stream.concat(Stream.of(options), Stream.of(Fixtures.PICTURE, Fixtures.QUESTION)))
        .toArray(String[]::new);
  }

  private static String[] explain(Path picture) {
    return command("explain", picture.toString(), Fixtures.QUESTION);
  }

  private static String[] explainTo(Path page) {
    return command("explain", "--output=" + page, Fixtures.PICTURE, Fixtures.QUESTION);
  }

  private static String[] with(String model) {
    return command("ask", "--model=" + model, Fixtures.PICTURE, Fixtures.QUESTION);
  }

  private static String[] withOption(String option) {
    return command("ask", option, Fixtures.PICTURE, Fixtures.QUESTION);
  }

  private static List<Row> rows() throws IOException {
    return Files.readAllLines(PAGE).stream()
        .filter(line -> line.matches("\\|.*\\| \\d+ \\|.*"))
        .filter(line -> line.split("(?<!\\\\)\\|", -1).length == 6)
        .map(Row::of)
        .toList();
  }

  @Test
  void everyRowOfThePageIsTriedAndNothingElse() throws IOException {
    assertThat(rows().stream().map(Row::wrong)).containsExactlyInAnyOrderElementsOf(CASES.keySet());
  }

  @TestFactory
  Stream<DynamicTest> saysWhatThePageSays() throws IOException {
    return rows().stream()
        .filter(row -> CASES.containsKey(row.wrong()))
        .map(row -> DynamicTest.dynamicTest(row.wrong(), () -> tryOut(row)));
  }

  private void tryOut(Row row) throws IOException {
    Path own = Files.createDirectory(folder.resolve(row.wrong().replaceAll("\\W", "-")));
    String[] arguments = CASES.get(row.wrong()).prepare(own);
    List<String> here = tree(Path.of("."), 1);
    List<String> before = tree(own, 5);

    Shell.Result result = Shell.lynceus(arguments);

    // What lies outside of the bundled model's world may be told before what went wrong.
    String outside = "^(?:note: outside of what this model was made for: .*\n)*";
    assertThat(result.err().replaceFirst(outside, ""))
        .matches(pattern("lynceus: " + row.message() + "\n  " + row.nextStep() + "\n"));
    assertThat(result.status()).as(result.err()).isEqualTo(row.status());
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).doesNotContain("\tat ").doesNotContain("Exception");
    assertThat(tree(own, 5)).isEqualTo(before);
    assertThat(tree(Path.of("."), 1)).isEqualTo(here);
  }

  private static Pattern pattern(String text) {
    return Pattern.compile(
        Arrays.stream(text.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }

  private static List<String> tree(Path root, int depth) throws IOException {
    try (Stream<Path> files = Files.walk(root, depth)) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  /// A command, and a reference checkpoint that is for something else.
  private static String[] wrongPurpose(String command, String family) {
    return command(
        command,
        "--model=../core/src/test/resources/goldens/" + family + "/hub",
        Fixtures.PICTURE,
        Fixtures.QUESTION);
  }
}
