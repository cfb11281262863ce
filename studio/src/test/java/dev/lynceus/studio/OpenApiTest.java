package dev.lynceus.studio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.request.Requests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The document of the API is the code's: `-Dlynceus.rewrite=true` writes it anew.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
  private static final Path DOCUMENT = Path.of("../docs/reference/openapi.json");
  private static final Path TYPES = Path.of("ui/src/openapi.ts");
  private static final Path PAGE = Path.of("../docs/reference/http-api.md");

  @TempDir static Path folder;
  private JsonNode served;

  @BeforeAll
  void ask() throws Exception {
    try (Studio studio = Studio.start(StudioOptions.local(folder), line -> {})) {
      served = new Client(studio.address()).get("/openapi.json").json();
    }
  }

  @Test
  void theDocumentIsWhatTheServerServes() throws Exception {
    String written =
        JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(served)
            + "\n";
    if (Boolean.getBoolean("lynceus.rewrite")) {
      Files.writeString(DOCUMENT, written);
    }
    assertThat(JsonMapper.shared().readTree(Files.readString(DOCUMENT))).isEqualTo(served);
  }

  /// The page is compiled against these, so that an answer that has changed is a page that does not
  /// compile.
  @Test
  void theTypesOfThePageAreThoseOfTheDocument() throws Exception {
    String types = TypeScript.of(served);
    if (Boolean.getBoolean("lynceus.rewrite")) {
      Files.writeString(TYPES, types);
    }
    assertThat(Files.readString(TYPES)).isEqualTo(types);
  }

  @Test
  void everyReferenceLeadsToASchema() {
    List<String> lost = new ArrayList<>();
    references(served)
        .forEach(reference -> {
          if (served.at(reference.substring(1)).isMissingNode()) {
            lost.add(reference);
          }
        });
    assertThat(lost).isEmpty();
  }

  private static Set<String> references(JsonNode node) {
    TreeSet<String> found = new TreeSet<>();
    if (node.path("$ref").isString()) {
      found.add(node.path("$ref").asString());
    }
    node.forEach(inner -> found.addAll(references(inner)));
    return found;
  }

  @Test
  void everyRequestHasASchemaWithItsSettings() {
    JsonNode schemas = served.path("components").path("schemas");
    assertThat(Requests.all()).hasSizeGreaterThan(10);
    for (Class<?> request : Requests.all()) {
      JsonNode schema = schemas.path(request.getSimpleName());
      assertThat(schema.path("properties").path("request").path("const").asString())
          .isEqualTo(Requests.word(request));
      assertThat(schema.path("properties")).hasSize(request.getRecordComponents().length + 1);
      assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
    }
    JsonNode repeats = schemas.path("TraceRequest").path("properties").path("repeats");
    assertThat(repeats.path("default").asInt()).isEqualTo(1);
    assertThat(repeats.path("minimum").asInt()).isEqualTo(1);
    assertThat(schemas.path("TraceRequest").path("required").toString())
        .contains("\"request\"")
        .doesNotContain("repeats");
  }

  @Test
  void thePageTellsOfEveryRoute() throws Exception {
    String page = Files.readString(PAGE);
    for (String path : served.path("paths").propertyNames()) {
      String last = path.substring(path.lastIndexOf('/'));
      assertThat(page).as(path).containsAnyOf(path, "…" + last);
    }
  }
}
