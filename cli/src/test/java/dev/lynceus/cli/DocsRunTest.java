package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Every command of the documents does what its page says it does: it ends with status 0, from a
/// folder that has the samples and what the page's commands before it wrote.
class DocsRunTest {
  /// A verdict that `--fail-on` names was found: so the page says.
  private static final int FOUND = 9;

  @TempDir private Path folder;

  /// Studies that would take hours or minutes run here with these numbers instead: what a line does
  /// with less of the same is tested, not what comes out.
  private static final Map<String, Map<String, String>> SMALLER =
      Map.ofEntries(
          Map.entry("compare", Map.of("--methods", "top-heads,random")),
          Map.entry("compare --dataset", Map.of("--limit", "1", "--methods", "top-heads")),
          Map.entry("zones --dataset", Map.of("--limit", "1")),
          Map.entry("heads", Map.of("--sequences", "1", "--texts", "1")),
          Map.entry("probe", Map.of("--limit", "6", "--folds", "2", "--draws", "1")),
          Map.entry("tune-sae", Map.of("--scenes", "2", "--held-out", "2", "--steps", "2")),
          Map.entry("tune-words", Map.of("--scenes", "2", "--held-out", "2", "--steps", "1")),
          Map.entry("tune-lens", Map.of("--scenes", "2", "--held-out", "2", "--steps", "1")),
          Map.entry("edit", Map.of("--contexts", "1", "--rows", "1", "--randoms", "1")),
          Map.entry("trace", Map.of("--positions", "last")),
          Map.entry("patch", Map.of("--positions", "last")),
          Map.entry("attribute", Map.of("--retest", "2", "--sample", "2")),
          Map.entry("lab run describe", Map.of("--limit", "1")),
          Map.entry("lab run think", Map.of("--limit", "1")),
          Map.entry("lab run vote", Map.of("--limit", "1")),
          Map.entry("vote", Map.of("--samples", "2")),
          Map.entry("pupil world", Map.of("--count", "2")),
          Map.entry("pupil accuracy", Map.of("--scenes", "1")),
          Map.entry("pupil views", Map.of("--scenes", "2", "--texts", "20")),
          Map.entry("pupil words", Map.of("--scenes", "1")),
          Map.entry("pupil score", Map.of("--scenes", "1", "--method", "random")),
          Map.entry("pupil probe", Map.of("--scenes", "4", "--train-scenes", "8")),
          Map.entry("pupil marks", Map.of("--scenes", "1")),
          Map.entry("pupil skills", Map.of("--scenes", "1")),
          Map.entry(
              "pupil strategies",
              Map.of("--scenes", "2", "--seeds", "1", "--samples", "1", "--kinds", "colour")),
          Map.entry("hallucinate", Map.of("--scenes", "2", "--judged", "1")),
          Map.entry(
              "literacy",
              Map.of("--each", "1", "--charts", "pie", "--maps", "1", "--methods", "random")),
          Map.entry("pupil train", Map.of("--steps", "1")),
          Map.entry("pupil blip", Map.of("--steps", "1")),
          Map.entry("pupil trace", Map.of("--scenes", "2", "--asked", "2")),
          Map.entry(
              "pupil xformer",
              Map.of(
                  "--seeds", "1",
                  "--train-scenes", "64",
                  "--effort", "0.001",
                  "--scenes", "32",
                  "--probe-scenes", "32")));

  /// What cannot be run here is parsed alone: studies that take minutes however few their scenes
  /// are (other tests run them), stages of training that take the ones before them, and what serves
  /// until it is stopped.
  private static final List<String> PARSED =
      List.of(
          "studio",
          "pupil findings ",
          "pupil verdict ",
          "pupil train --stage text",
          "pupil train --stage tower",
          "pupil train --stage projector",
          "pupil train --stage tune");

  /// Files and models that a reader brings: their lines are parsed alone.
  private static final List<String> BROUGHT =
      List.of(
          "world/labelled.jsonl",
          "own.json",
          "org/name",
          ".jar",
          "minilm",
          "bert-base",
          "models/llava",
          "llava-1.5-7b-hf",
          "calibrate ",
          "--thresholds ");

  private static final String DATASET =
      "{\"image\": \"samples/frog-umbrella-car.png\", \"question\": \"Is there a dog?\"}\n";

  /// As the page has it.
  private static final String ANSWERS =
      """
      {"id": "q1", "image": "samples/frog-umbrella-car.png", "question": "What is the color of the car?"}
      {"id": "q2", "image": "samples/frog-umbrella-car.png", "question": "What is the color of the dog?"}
      {"id": "q3", "image": "samples/frog-umbrella-car.png", "question": "What is the color of the car?", "answer": "The color of the car is red."}
      """;

  /// What a reader writes before a line can be given.
  private static final Map<String, Map<String, String>> WRITTEN =
      Map.of(
          "reference/cli.md",
          Map.of(
              "questions.txt",
              "What is the color of the car?\nIs there a frog?\n",
              "questions.jsonl",
              DATASET),
          "how-to/evidence.md",
          Map.of("questions.jsonl", ANSWERS),
          "reference/evidence.md",
          Map.of("questions.jsonl", DATASET));

  @Test
  void everyCommandOfTheDocumentsRuns() throws Exception {
    Path core = repository();
    ArrayNode pages = JsonMapper.shared().createArrayNode();
    Set<String> unused = new HashSet<>(PARSED);
    Set<String> seen = new HashSet<>();
    int lines = 0;
    for (Path document : DocsTest.documents()) {
      List<String> commands = DocsTest.commands(document);
      ObjectNode page = JsonMapper.shared().createObjectNode().put("page", document.toString());
      written(document, page.putArray("files"));
      ArrayNode told = page.putArray("lines");
      boolean shows = !shown(document).isEmpty();
      for (String command : commands) {
        unused.removeIf(command::contains);
        boolean needed = shows || command.contains("pupil world") || writes(command);
        boolean again = !seen.add(String.join(" ", smaller(Shell.words(command)))) && !needed;
        if (Stream.concat(PARSED.stream(), BROUGHT.stream()).noneMatch(command::contains)
            && !again) {
          line(command, told.addObject());
          lines++;
        }
      }
      pages.add(page);
    }
    assertThat(unused).as("nothing in the documents is like this any more").isEmpty();
    assertThat(lines).isGreaterThan(70);

    List<String> failed = new ArrayList<>();
    Map<String, StringBuilder> told = new HashMap<>();
    StringBuilder slow = new StringBuilder();
    for (JsonNode one : run(pages).path("results")) {
      told.computeIfAbsent(one.path("page").asString(), page -> new StringBuilder())
          .append(one.path("out").asString());
      boolean right =
          one.path("status").asInt() == 0
              || one.path("status").asInt() == FOUND
                  && one.path("line").asString().contains("--fail-on");
      if (!right) {
        failed.add(
            "%s: lynceus %s%n  status %d, %s"
                .formatted(
                    one.path("page").asString(),
                    one.path("line").asString(),
                    one.path("status").asInt(),
                    one.path("err").asString().strip()));
      }
      if (one.path("seconds").asDouble() > 2) {
        slow.append("%.1f s: %s%n".formatted(one.path("seconds").asDouble(), one.path("line")));
      }
    }
    Files.writeString(Path.of("target/docs-run.txt"), slow);
    for (Path document : DocsTest.documents()) {
      List<String> printed =
          told.getOrDefault(document.toString(), new StringBuilder()).toString().lines().toList();
      for (String line : shown(document)) {
        if (printed.stream().noneMatch(one -> same(line, one))) {
          failed.add("%s shows what no command of it prints: %s".formatted(document, line));
        }
      }
    }
    Files.delete(core);
    assertThat(failed).isEmpty();
  }

  /// What of the repository the commands name: the samples, and by a link the tiny checkpoints.
  private Path repository() throws IOException {
    Path samples = Files.createDirectories(folder.resolve("reader/samples"));
    try (Stream<Path> files = Files.list(Path.of("../samples"))) {
      for (Path file : files.toList()) {
        Files.copy(file, samples.resolve(file.getFileName()));
      }
    }
    return Files.createSymbolicLink(folder.resolve("reader/core"), Path.of("../core").toRealPath());
  }

  /// The lines that a page shows as output: blocks that begin with ```output.
  private static List<String> shown(Path document) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean output = false;
    for (String line : Files.readAllLines(document)) {
      if (line.startsWith("```")) {
        output = line.equals("```output");
      } else if (output && !line.isBlank() && !line.equals("...")) {
        lines.add(line);
      }
    }
    return lines;
  }

  /// Whether a line says what another does: word for word, numbers but for their last digits, which
  /// differ between processors.
  private static boolean same(String shown, String printed) {
    String[] one = shown.strip().split("\\s+");
    String[] other = printed.strip().split("\\s+");
    if (one.length > other.length
        || one.length < other.length && !printed.strip().startsWith(shown.strip())) {
      return false;
    }
    for (int i = 0; i < one.length; i++) {
      if (!one[i].equals(other[i]) && !near(one[i], other[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean near(String one, String other) {
    Pattern number = Pattern.compile("\\(?([-+]?\\d+\\.\\d+)\\D*");
    Matcher first = number.matcher(one);
    Matcher second = number.matcher(other);
    if (!first.matches() || !second.matches()) {
      return false;
    }
    double a = Double.parseDouble(first.group(1));
    double b = Double.parseDouble(second.group(1));
    return Math.abs(a - b) <= .01 + .01 * Math.abs(b);
  }

  /// A line that others of its page need.
  private static boolean writes(String command) {
    return command.contains("--save") || command.contains("-o ") || command.contains("--json >");
  }

  private static void written(Path document, ArrayNode files) {
    WRITTEN.forEach((page, texts) -> {
      if (document.endsWith(page)) {
        texts.forEach((name, text) -> files.addObject().put("name", name).put("text", text));
      }
    });
  }

  private static void line(String command, ObjectNode line) {
    line.put("line", command);
    List<String> words = smaller(Shell.words(command));
    words.forEach(line.putArray("words")::add);
    line.put("into", after(command, ">")).put("from", after(command, "<"));
  }

  /// The file that a line reads from, or writes to; empty for none.
  private static String after(String command, String sign) {
    List<String> parts = List.of(command.split("\\s+"));
    int at = parts.indexOf(sign);
    return at < 0 || at + 1 == parts.size() ? "" : parts.get(at + 1);
  }

  private static List<String> smaller(List<String> words) {
    Map<String, String> less = new LinkedHashMap<>();
    String first = words.getFirst();
    List<String> names = List.of(first, words.size() < 2 ? first : first + " " + words.get(1));
    for (String name : names) {
      less.putAll(SMALLER.getOrDefault(name, Map.of()));
    }
    if (words.contains("--dataset")) {
      less.putAll(SMALLER.getOrDefault(first + " --dataset", Map.of()));
    }
    List<String> all = new ArrayList<>(words);
    less.forEach((option, value) -> {
      int at = all.indexOf(option);
      boolean kept = option.equals("--positions") || option.equals("--methods");
      if (at < 0) {
        all.add(option);
        all.add(value);
      } else if (!kept || words.contains("--dataset")) {
        all.set(at + 1, value);
      }
    });
    return all;
  }

  private JsonNode run(ArrayNode pages) throws Exception {
    Path asked = Files.writeString(folder.resolve("pages.json"), pages.toString());
    Path answered = folder.resolve("results.json");
    started(DocsRunner.class.getName(), asked.toString(), answered.toString());
    return JsonMapper.shared().readTree(Files.readString(answered));
  }

  /// The programs of the pages, from the source, as a reader would start them.
  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/how-to/library.md"})
  void thePrograms(String page) throws Exception {
    Path core = repository();
    Matcher program =
        Pattern.compile("(?s)```java\n(.*?)```").matcher(Files.readString(Path.of("..", page)));
    int found = 0;
    while (program.find()) {
      Path source = Files.writeString(folder.resolve("Why" + found++ + ".java"), program.group(1));
      assertThat(started(source.toString())).contains("The color of the car is brown.");
    }
    Files.delete(core);
    assertThat(found).isPositive();
  }

  /// Starts a Java machine in the reader's folder.
  ///
  /// @return what it printed
  private String started(String... what) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx2g",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.awt.headless=true",
                "-Dorg.bytedeco.javacpp.maxBytes=0",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-cp",
                classPath()));
    command.addAll(List.of(what));
    Path log = folder.resolve("log");
    ProcessBuilder builder = new ProcessBuilder(command);
    // Threads that wait for others by turning round slow them down where processors are shared.
    builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    Process process =
        builder
            .directory(folder.resolve("reader").toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(20, TimeUnit.MINUTES)).as("it ends").isTrue();
    } finally {
      process.destroy();
    }
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    return Files.readString(log);
  }

  /// The class path with whole names: the process begins in another folder.
  private static String classPath() {
    String separator = System.getProperty("path.separator");
    List<String> parts = new ArrayList<>();
    for (String part : System.getProperty("java.class.path").split(separator)) {
      parts.add(Path.of(part).toAbsolutePath().toString());
    }
    return String.join(separator, parts);
  }
}
