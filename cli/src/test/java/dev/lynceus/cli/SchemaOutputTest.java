package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What commands write follows their schemas to the letter: no field is missing, none is there that
/// the schema does not have.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaOutputTest {
  private static final String ASKED = Fixtures.PICTURE + " '" + Fixtures.QUESTION + "'";
  private static final String TINY = "../core/src/test/resources/goldens/llava-llama";
  private static final String SMALL = " --model=" + TINY + "/hub";
  private static final String BLIP = " --model=../core/src/test/resources/goldens/blip-vqa/hub";
  private static final String READER =
      " --model=../core/src/test/resources/goldens/bert-qa/hub 'What color was the ball?'"
          + " --passage='The dog chased the red ball.'";

  @TempDir private static Path folder;

  private final Set<String> validated = new HashSet<>();

  @BeforeAll
  static void questions() throws IOException {
    Path picture = Files.copy(Path.of(Fixtures.PICTURE), folder.resolve("car.png"));
    StringBuilder lines = new StringBuilder();
    for (String thing : List.of("car", "frog", "umbrella", "car", "frog", "umbrella")) {
      lines.append(
          "{\"image\": \"%s\", \"question\": \"What is the color of the %s?\"}%n"
              .formatted(picture.getFileName(), thing));
    }
    StringBuilder probed = new StringBuilder();
    for (String thing : List.of("car", "dog")) {
      for (String file : List.of("frog-umbrella-car.png", "heart-guitar-horse-dove.png")) {
        Files.copy(
            Path.of("../samples", file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        probed.append(
            "{\"image\": \"%s\", \"question\": \"Is there a %s?\", \"kind\": \"%s\"}%n"
                .formatted(file, thing, thing));
      }
    }
    Files.writeString(folder.resolve("probed.jsonl"), probed);
    Files.writeString(folder.resolve("lines.jsonl"), lines);
    Files.writeString(folder.resolve("passages.json"), Fixtures.PASSAGES);
  }

  static Stream<String> commands() {
    return Stream.of(
        "explain " + ASKED,
        "explain --words=1 --method=random,occlusion --check " + ASKED,
        "explain --target=brown --against=red " + ASKED,
        "explain --answer='It is red.' " + ASKED,
        "explain --words=2" + SMALL + " " + ASKED,
        "explain --max-tokens=2" + BLIP + " " + ASKED,
        "explain" + READER,
        "ask " + ASKED,
        "ask --weigh " + ASKED,
        "ask --temperature=1 --seed=2 --max-tokens=4" + SMALL + " " + ASKED,
        "models list",
        "models show",
        "models show " + TINY + "/hub",
        "models taps",
        "models taps pupil",
        "models verify " + TINY + "/hub --against=" + TINY,
        "models import ../core/src/test/resources/convert/onnx.jar --out=FOLDER/imported",
        "tune-reader FOLDER/imported --dataset=FOLDER/passages.json --steps=1 --out=FOLDER/reader",
        "attention " + ASKED,
        "attention --var=.5 --why=1.2@most --patches=image[0].row[3].col[6] " + ASKED,
        "attention --max-tokens=3" + SMALL + " " + ASKED,
        "attention --max-tokens=2" + BLIP + " " + ASKED,
        "attention" + READER,
        "lens --positions=image " + ASKED,
        "lens" + SMALL + " " + ASKED,
        "tune-lens --scenes=2 --held-out=2 --steps=1 --output=FOLDER/lens.safetensors --force",
        "heads --sequences=1 --texts=1",
        "heads --sequences=1 --texts=1 " + TINY + "/hub",
        "seeing",
        "data show FOLDER/lines.jsonl --examples=1",
        "seeing --dataset=FOLDER/lines.jsonl --blankings=4 --heads=2 --dry-run",
        "relevancy --mode=all " + ASKED,
        "relevancy --mode=decoder --max-tokens=3" + SMALL + " " + ASKED,
        "relevancy --mode=all --max-tokens=2" + BLIP + " " + ASKED,
        "relevancy" + READER,
        "causes --head=2.3 --trials=2 " + ASKED,
        "queries --max-tokens=2 --model=../core/src/test/resources/goldens/instructblip-vicuna/hub "
            + ASKED,
        "queries --draws=2 --model=../core/src/test/resources/goldens/blip2-itm/hub ../samples/frog-umbrella-car.png 'a car'",
        "match --draws=2 --maps=all --text=frog --text=car --model=../core/src/test/resources/goldens/blip2-itm/hub ../samples/frog-umbrella-car.png",
        "reconstruct --masks=2 --model=../core/src/test/resources/goldens/vit-mae/hub ../samples/frog-umbrella-car.png",
        "read --model=../core/src/test/resources/goldens/bert-qa/hub 'What color was the ball?' 'The dog chased the red ball.'",
        "read --masked --model=../core/src/test/resources/goldens/bert-mlm/hub 'The [MASK] is brown.'",
        "zones --heads-of=1 --model=../core/src/test/resources/goldens/bert-qa/hub 'What color was the ball?' 'The dog chased the red ball.'",
        "zones --box=62,34,108,74 --draws=0 " + ASKED,
        "describe --loops=1 " + ASKED,
        "describe --caption=A_car --caption=A_dove ../samples/frog-umbrella-car.png ../samples/heart-guitar-horse-dove.png",
        "think --controls=1 " + ASKED,
        "vote --samples=2 --weigh-by=score,image,map " + ASKED,
        "mark --box=62,34,108,74 --operator=box,crop,crg,api --controls=1 " + ASKED,
        "trace --corrupt=mean --positions=last " + ASKED,
        "trace --repeats=2 --positions=last --sever=attention " + ASKED,
        "trace --corrupt=mean --positions=last" + SMALL + " " + ASKED,
        "patch --other=../samples/heart-guitar-horse-dove.png --positions=last " + ASKED,
        "attribute --retest=2 --sample=2 " + ASKED,
        "paths --corrupt=mean --receiver=3.1 " + ASKED,
        "neurons --against=red " + ASKED,
        "neurons --without=2.3 " + ASKED,
        "knockout " + ASKED,
        "occlude --group=4 " + ASKED,
        "ablate --site=attention " + ASKED,
        "knockout --draws=2 " + ASKED,
        "looks --box=60,60,110,110 " + ASKED,
        "ablate --stack=vision --site=attention " + ASKED,
        "region --box=60,60,110,110 --draws=1 --controls=2 " + ASKED,
        "silence --head=1.2,1.4 --draws=1 " + ASKED,
        "steer --words=red,brown --strengths=0,1 --randoms=1 " + ASKED,
        "edit --subject=car --to=red --contexts=1 --rows=1 --randoms=1 --steps=2 " + ASKED,
        "evidence " + ASKED,
        "evidence --answer='The car is red.' --project-away=frog " + ASKED,
        "evidence --other=../samples/heart-guitar-horse-dove.png" + BLIP + " --answer=red " + ASKED,
        "evidence --max-tokens=3" + SMALL + " " + ASKED,
        "evidence --ask-claims " + Fixtures.PICTURE + " 'Why is the dog purple?'",
        "evidence --dataset=FOLDER/lines.jsonl --limit=2",
        "compare --methods=top-heads,random --box=62,34,108,74 " + ASKED,
        "compare --methods=random" + SMALL + " " + ASKED,
        "compare --methods=random --dataset=FOLDER/lines.jsonl --limit=2",
        "lab run answer world:5:1 --name=one --store=FOLDER/runs",
        "lab runs --store=FOLDER/runs",
        "lab show one --store=FOLDER/runs",
        "lab compare one one --store=FOLDER/runs",
        "lab sql 'SELECT answer FROM examples' --store=FOLDER/runs",
        "pupil accuracy --scenes=2",
        "pupil words --scenes=1",
        "pupil score --scenes=1 --method=random",
        "words --view=embedding,lens,next,context --replace --search=red " + ASKED,
        "tune-sae --scenes=2 --held-out=2 --steps=2 --output=FOLDER/features.safetensors --force",
        "features --sae=FOLDER/features.safetensors --top=2 --randoms=1 " + ASKED,
        "probe --dataset=FOLDER/probed.jsonl --label=kind --folds=2 --draws=1 --save=FOLDER/probe.safetensors --force",
        "probe --dataset=FOLDER/probed.jsonl --label=kind --probe=FOLDER/probe.safetensors",
        "tune-words --scenes=2 --held-out=2 --steps=1 --output=FOLDER/words.safetensors --force",
        "pupil views --scenes=2 --texts=20",
        "pupil probe --scenes=4 --train-scenes=8",
        "pupil trace --scenes=2 --asked=2",
        "pupil xformer --seeds=1 --train-scenes=64 --effort=.001 --scenes=32 --probe-scenes=48 --dir=FOLDER/xformer",
        "pupil marks --scenes=2 --controls=1 --operator=box",
        "pupil skills --scenes=1",
        "pupil strategies --scenes=2 --seeds=1 --samples=1 --kinds=colour --strategies=mark,vote",
        "hallucinate --scenes=2 --judged=1",
        "literacy --charts=pie --orders=2 --say --maps=1 --methods=random");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void whatACommandWritesFollowsItsSchema(String line) throws IOException {
    List<String> words = new ArrayList<>(Shell.words(line.replace("FOLDER", folder.toString())));
    words.add("--json");

    Shell.Result result = Shell.lynceus(words.toArray(String[]::new));

    assertThat(result.status()).as(result.err()).isZero();
    JsonNode told = JsonMapper.shared().readTree(result.out());
    String name = told.path("schema").path("name").asString();
    assertThat(line.replace(' ', '-'))
        .startsWith(name.replaceFirst("-(dataset|match|dependence|reading)$", ""));
    assertThat(faults(name, told)).isEmpty();
    assertThat(result.out()).doesNotContain("\"NaN\"").doesNotContain("Infinity\"");
    validated.add(name);
  }

  /// The study of verdicts takes minutes however few its scenes, so what it wrote once is kept:
  /// `lynceus pupil verdict --scenes 4 --calibration-scenes 8 --json`. What `pupil findings` and
  /// `calibrate` write is validated in [PupilCommandTest] and [CalibrateCommandTest], which run
  /// them anyway.
  @Test
  void whatTheStudyOfVerdictsWroteFollowsItsSchema() throws IOException {
    try (var kept = SchemaOutputTest.class.getResourceAsStream("/schemas/pupil-verdict.json")) {
      assertThat(faults("pupil-verdict", JsonMapper.shared().readTree(kept))).isEmpty();
    }
  }

  @AfterAll
  void everySchemaWasTried() {
    assertThat(ResultSchemas.ALL.stream().map(ResultSchemas.Schema::name))
        .filteredOn(name -> !validated.contains(name))
        .containsExactly("calibrate", "pupil-findings", "pupil-verdict");
  }

  /// A field too few, one too many, a word for a number: each is found.
  @Test
  void theSchemasCanFail() throws IOException {
    ObjectNode told =
        (ObjectNode)
            JsonMapper.shared()
                .readTree(
                    Shell.lynceus("ask", "--json", Fixtures.PICTURE, Fixtures.QUESTION).out());
    assertThat(faults("ask", told)).isEmpty();
    assertThat(faults("ask", told.deepCopy().put("more", 1))).hasSize(1);
    ObjectNode fewer = told.deepCopy();
    fewer.remove("answer");
    assertThat(faults("ask", fewer)).hasSize(1);
    ObjectNode other = told.deepCopy();
    ((ObjectNode) other.path("tokens").get(0)).put("logProbability", "NaN");
    assertThat(faults("ask", other)).isNotEmpty();
    assertThat(faults("trace", told)).isNotEmpty();
  }

  /// What is wrong with a result by its schema; a field more than it has is wrong, too.
  static List<String> faults(String name, JsonNode told) throws IOException {
    JsonNode schema =
        JsonMapper.shared()
            .readTree(Files.readString(Path.of("../docs/schemas", name + ".schema.json")));
    return faults(schema, told);
  }

  /// The same by a schema, which is made strict.
  static List<String> faults(JsonNode schema, JsonNode told) {
    strict(schema);
    Schema read =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
    return read.validate(told).stream().map(Error::toString).toList();
  }

  /// Within a version fields may come, so readers must let them pass; here none may.
  private static void strict(JsonNode node) {
    if (node instanceof ObjectNode object) {
      if (object.path("properties").isObject() && object.path("type").isString()) {
        object.put("additionalProperties", false);
      }
      object.properties().forEach(field -> strict(field.getValue()));
    } else if (node.isArray()) {
      node.forEach(SchemaOutputTest::strict);
    }
  }
}
