package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.Headline;
import dev.lynceus.method.Term;
import dev.lynceus.method.causal.Measures;
import dev.lynceus.method.evidence.Verdict;
import dev.lynceus.tap.TokenMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What pages say that can be computed, or compared with the program.
class DocsFactsTest {
  private static final Path DOCS = Path.of("../docs");

  @TempDir private Path folder;

  @Test
  void theExampleByHandIsRight() throws IOException {
    double[][] rows = {{1, 0}, {0, 1}, {-1, 0}};
    double[] x = {1, 0};
    double[] r = {1.5, .5};
    double[] end = {1, 2};
    double s = Math.sqrt((1 + 4) / 2.0);
    String page = Files.readString(DOCS.resolve("concepts/log-increase.md"));

    for (double[] state : new double[][] {x, r, end}) {
      assertThat(page).contains("**" + written("%.4f", log(rows, state, s, 0)) + "**");
    }
    for (int word = 0; word < 2; word++) {
      double attention = log(rows, r, s, word) - log(rows, x, s, word);
      double network = log(rows, end, s, word) - log(rows, r, s, word);
      assertThat(page).contains("attention").contains(written("%+.4f", attention));
      assertThat(page).contains(written("%+.4f", network).replace("-", "\u2212"));
    }
  }

  private static String written(String format, double value) {
    // 0.07575 lies between two roundings; the page has the lower one.
    return String.format(Locale.ROOT, format, value - 1e-6).replace("-", "\u2212");
  }

  private static double log(double[][] rows, double[] state, double s, int word) {
    double sum = 0;
    for (double[] row : rows) {
      sum += Math.exp((row[0] * state[0] + row[1] * state[1]) / s);
    }
    return (rows[word][0] * state[0] + rows[word][1] * state[1]) / s - Math.log(sum);
  }

  @Test
  void theGlossaryHasTheWordsOfTheProgramOnceEach() throws IOException {
    List<String> terms = new ArrayList<>();
    List<String> beside = new ArrayList<>();
    for (String line : Files.readAllLines(DOCS.resolve("reference/glossary.md"))) {
      if (line.startsWith("| ") && !line.startsWith("| word") && !line.contains("in JSON |")) {
        String[] cells = line.split("\\|");
        terms.addAll(List.of(cells[1].strip().split(", ")));
        beside.add(cells[2].strip());
      }
    }
    List<String> expected = new ArrayList<>();
    for (Measures.Metric metric : Measures.Metric.values()) {
      expected.add(metric.label());
    }
    for (TokenMap.Role role : TokenMap.Role.values()) {
      expected.add(words(role));
    }
    for (Headline.Origin origin : Headline.Origin.values()) {
      expected.add(words(origin));
    }
    for (Term term : Term.values()) {
      expected.add(term.text());
    }
    for (Verdict verdict : Verdict.values()) {
      expected.add(verdict.label());
      assertThat(beside).contains(verdict.words());
    }
    assertThat(terms).containsAll(expected);
    // Zones and verdicts share two names, each told where it belongs.
    assertThat(terms.stream().filter(one -> !List.of("image", "text").contains(one)))
        .doesNotHaveDuplicates();
  }

  private static String words(Enum<?> one) {
    return one.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /// A command's own help ends with its options: it has no commands.
  @Test
  void theHelpOfACommandHasNoGroups() {
    String help = Shell.lynceus("help", "match").out();
    assertThat(help).contains("--text");
    for (CommandGroup group : CommandGroup.values()) {
      assertThat(help).doesNotContain(group.title() + ": " + group.purpose());
    }
  }

  /// The documents and the help have commands in the same groups.
  @Test
  void theReferenceHasTheGroupsOfTheHelp() throws IOException {
    String page = Files.readString(DOCS.resolve("reference/cli.md"));
    String help = Shell.lynceus("help").out();
    int at = 0;
    int row = 0;
    for (CommandGroup group : CommandGroup.values()) {
      at = help.indexOf(group.title() + ": " + group.purpose() + "\n", at);
      row = page.indexOf("**" + group.title() + "**: " + group.purpose(), row);
      assertThat(at).as(group.title()).isPositive();
      assertThat(row).as(group.title()).isPositive();
      String rows =
          page.substring(
              row, page.indexOf("\n\n**", row) < 0 ? page.length() : page.indexOf("\n\n**", row));
      for (String line :
          help.substring(at).lines().skip(1).takeWhile(one -> !one.isEmpty()).toList()) {
        assertThat(line).as("one line a command").startsWith("  ").doesNotStartWith("   ");
        assertThat(rows).contains("| `" + line.strip().split(" ")[0]);
      }
    }
    assertThat(Shell.lynceus("help", "trace").out())
        .isEqualTo(Shell.lynceus("trace", "--help").out());
    assertThat(Shell.lynceus("help", "models", "show").out())
        .isEqualTo(Shell.lynceus("models", "show", "--help").out());
    Shell.Result unknown = Shell.lynceus("help", "tarce");
    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.err()).contains("there is no command 'tarce'");
  }

  @Test
  void theLibrarysCoordinatesAreThoseOfTheBuild() throws IOException {
    String page = Files.readString(DOCS.resolve("how-to/library.md"));
    Matcher own =
        Pattern.compile("<version>([^<]*)</version>")
            .matcher(Files.readString(Path.of("../pom.xml")));
    assertThat(own.find()).isTrue();
    for (String module : List.of("core", "pupil")) {
      String pom = Files.readString(Path.of("..", module, "pom.xml"));
      assertThat(pom).contains("<artifactId>lynceus-" + module + "</artifactId>");
      assertThat(page)
          .contains("<artifactId>lynceus-" + module + "</artifactId>\n  <version>" + own.group(1));
    }
  }

  /// The kinds of words of `pupil verdict`, as its results tell them.
  @Test
  void kindsOfWordsAreExplained() throws IOException {
    String page = Files.readString(DOCS.resolve("reference/pupil.md"));
    try (var kept = DocsFactsTest.class.getResourceAsStream("/schemas/pupil-verdict.json")) {
      for (JsonNode kind : JsonMapper.shared().readTree(kept).path("situations")) {
        String row = "| " + kind.path("what").asString() + " | " + kind.path("means").asString();
        assertThat(page).contains(row.replace("; should be ", " | ") + " |");
      }
    }
  }

  /// The SQL of the page about tables, on files that its commands wrote.
  @Test
  void duckDbReadsResults() throws IOException, SQLException {
    Path world = folder.resolve("world");
    assertThat(Shell.lynceus("pupil", "world", "--count=2", "--out=" + world).status()).isZero();
    Path items = folder.resolve("items.csv");
    run(
        "compare",
        "--dataset=" + world.resolve("questions.jsonl"),
        "--limit=2",
        "--methods=top-heads,random",
        "--output=" + folder.resolve("compare.html"),
        "--items=" + items);
    assertThat(Files.readAllLines(items).getFirst()).endsWith(",model,revision");
    assertThat(Files.readAllLines(items).get(1)).matches(".*,pupil,[0-9a-f]{64}");
    Files.writeString(
        folder.resolve("answers.jsonl"), run("ask", "--json", Fixtures.PICTURE, Fixtures.QUESTION));
    Files.writeString(
        folder.resolve("trace.json"),
        run("trace", "--json", "--positions=last", Fixtures.PICTURE, Fixtures.QUESTION));
    Matcher block =
        Pattern.compile("(?s)```sql\\n(.*?)```")
            .matcher(Files.readString(DOCS.resolve("how-to/data.md")));
    assertThat(block.find()).isTrue();
    List<String> told = new ArrayList<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      for (String sql : block.group(1).split(";")) {
        if (!sql.isBlank()) {
          String here = sql.replaceAll("'(\\w+\\.\\w+)'", "'" + folder + "/$1'");
          told.add(statement.execute(here) ? first(statement.getResultSet()) : "written");
        }
      }
    }
    assertThat(told).hasSize(5);
    assertThat(told.get(0)).startsWith("random ");
    assertThat(told.get(2)).isEqualTo("4 ");
    assertThat(told.get(3)).startsWith("What is the color of the car?  brown -2.1");
    assertThat(told.get(4)).isEqualTo("trace 1 pupil 5 ");
    assertThat(items.resolveSibling("items.parquet")).exists();
  }

  private static String run(String... words) {
    Shell.Result result = Shell.lynceus(words);
    assertThat(result.status()).as(result.err()).isZero();
    return result.out();
  }

  private static String first(ResultSet rows) throws SQLException {
    assertThat(rows.next()).isTrue();
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
      text.append(rows.getString(i)).append(' ');
    }
    return text.toString();
  }

  @Test
  void everySchemaStandsInTheReferenceOfJson() throws IOException {
    String page = Files.readString(Path.of("../docs/reference/json.md"));
    try (var files = Files.list(Path.of("../docs/schemas"))) {
      assertThat(files.map(file -> "(../schemas/" + file.getFileName() + ")"))
          .isNotEmpty()
          .allMatch(page::contains);
    }
  }

  /// The car of the sample is the only thing of its colour; its edges are blurred over a pixel.
  @Test
  void theBoxOfTheCarIsThatOfItsPixels() throws IOException {
    var image = ImageIO.read(Path.of("../samples/frog-umbrella-car.png").toFile());
    int left = image.getWidth();
    int top = image.getHeight();
    int right = 0;
    int bottom = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        if ((image.getRGB(x, y) & 0xffffff) == 0x865434) {
          left = Math.min(left, x);
          right = Math.max(right, x + 1);
          top = Math.min(top, y - 1);
          bottom = Math.max(bottom, y + 2);
        }
      }
    }
    String box = "%d,%d,%d,%d".formatted(left, top, right, bottom);
    for (String page : List.of("compare", "mark", "reproduce-2411-10950")) {
      assertThat(Files.readString(Path.of("../docs/how-to/" + page + ".md")))
          .contains("--box " + box);
    }
  }
}
