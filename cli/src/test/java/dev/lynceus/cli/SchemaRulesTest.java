package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The schemas of `docs/schemas` are those of the records that become JSON.
/// `-Dlynceus.rewrite=true` writes them anew.
class SchemaRulesTest {
  private static final Path ROOT = Path.of("..");
  private static final Path FOLDER = ROOT.resolve("docs/schemas");

  /// No model is loaded for these, or not always.
  private static final Set<String> WITHOUT_MODEL =
      Set.of(
          "data-show",
          "models-list",
          "models-taps",
          "models-verify",
          "models-import",
          "tune-reader",
          "lab-runs",
          "lab-show",
          "lab-compare",
          "lab-sql",
          "pupil-xformer");

  @Test
  void theSchemasAreThoseOfTheRecords() throws IOException {
    SchemaMaker maker = new SchemaMaker(new RecordDocs(ROOT));
    List<String> different = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    for (ResultSchemas.Schema result : ResultSchemas.ALL) {
      Type type = ResultTypes.all().get(result.name());
      assertThat(type).as("the record of %s, in ResultTypes", result.name()).isNotNull();
      ObjectNode made = maker.schema(result, type, !WITHOUT_MODEL.contains(result.name()));
      Path file = FOLDER.resolve(result.file());
      String text = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(made);
      String kept = Files.isRegularFile(file) ? Files.readString(file) : "";
      if (!kept.equals(text + "\n")) {
        if (!kept.isEmpty()) {
          broken.addAll(promises(result, JsonMapper.shared().readTree(kept), made));
        }
        if (Boolean.getBoolean("lynceus.rewrite")) {
          Files.writeString(file, text + "\n");
        } else {
          different.add(result.name());
        }
      }
    }
    assertThat(broken).as("fields that went away: count the schema's version up").isEmpty();
    assertThat(maker.unsaid())
        .as("numbers whose unit nobody knows: say it in the record's comment, as @param")
        .isEmpty();
    assertThat(different)
        .as(
            "make them again: mvn -q -Dquick -pl cli -am test -Dtest=SchemaRulesTest"
                + " -Dlynceus.rewrite=true -Dsurefire.failIfNoSpecifiedTests=false")
        .isEmpty();
  }

  /// What was promised and is not kept, within one version.
  private static List<String> promises(ResultSchemas.Schema result, JsonNode before, JsonNode now) {
    List<String> broken = new ArrayList<>();
    if (before.path("$id").equals(now.path("$id"))) {
      compare(result.name(), before, now, broken);
      for (Map.Entry<String, JsonNode> one : before.path("$defs").properties()) {
        compare(
            result.name() + " " + one.getKey(),
            one.getValue(),
            now.path("$defs").path(one.getKey()),
            broken);
      }
    }
    return broken;
  }

  private static void compare(String where, JsonNode before, JsonNode now, List<String> broken) {
    Set<String> fields =
        Set.copyOf(now.path("required").valueStream().map(JsonNode::asString).toList());
    for (JsonNode field : before.path("required")) {
      if (!fields.contains(field.asString())) {
        broken.add(where + "." + field.asString());
      }
    }
  }

  @Test
  void everyCommandThatGivesJsonHasOne() throws IOException {
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, CommandSpec> command : OptionRulesTest.commands(console()).entrySet()) {
      if (command.getValue().findOption("--json") != null) {
        names.add(command.getKey().replace(' ', '-'));
      }
    }
    List<String> schemas = ResultSchemas.ALL.stream().map(ResultSchemas.Schema::name).toList();

    assertThat(names).hasSizeGreaterThan(25);
    assertThat(schemas).doesNotHaveDuplicates().containsAll(names);
    assertThat(
            schemas.stream()
                .map(name -> name.replaceFirst("-(dataset|match|dependence|reading)$", "")))
        .allMatch(names::contains);
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              ResultSchemas.ALL.stream().map(ResultSchemas.Schema::file).toList());
    }
  }

  @Test
  void theProgramPrintsThem() throws IOException {
    for (ResultSchemas.Schema one : ResultSchemas.ALL) {
      assertThat(Shell.lynceus("schema", one.name()).out())
          .isEqualTo(Files.readString(FOLDER.resolve(one.file())));
    }
    assertThat(Shell.lynceus("schema", "pupil", "score").out())
        .isEqualTo(Shell.lynceus("schema", "pupil-score").out());
    assertThat(Shell.lynceus("schema").out().lines()).hasSize(ResultSchemas.ALL.size() + 1);
    Shell.Result unknown = Shell.lynceus("schema", "tarce");
    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.err()).contains("there is no schema 'tarce'", "lynceus schema");
  }

  private static Console console() {
    return new Console(
        java.io.InputStream.nullInputStream(),
        System.out,
        System.err,
        Console.People.NONE,
        List.of(),
        new Console.Cleanup());
  }
}
