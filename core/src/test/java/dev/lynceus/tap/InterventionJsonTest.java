package dev.lynceus.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.SafetensorsWriter;
import dev.lynceus.tensor.file.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Interventions as JSON: everything comes back as it went, and every mistake is named.
class InterventionJsonTest {
  @TempDir Path folder;

  @Test
  void everyExampleOfTheDocumentRuns() throws IOException {
    Path file = folder.resolve("other-run.safetensors");
    float[] z = new float[4 * 8];
    Arrays.fill(z, 0.5f);
    float[] direction = new float[32];
    direction[3] = 2;
    new SafetensorsWriter()
        .add("z", StoredTensor.of(z, 1, 1, 4, 8))
        .add("direction", StoredTensor.of(direction, 32))
        .write(file);
    List<String> examples = examples();
    assertThat(examples).hasSizeGreaterThan(8);

    try (LoadedModel model = TinyModels.load(folder, Family.LLAVA_CLIP)) {
      var prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
      try (Run plain = model.run(prompt, Capture.NONE)) {
        for (String example : examples) {
          List<Intervention> read =
              InterventionJson.read(example.replace("other-run.safetensors", file.toString()));
          assertThat(InterventionJson.read(InterventionJson.write(read))).isEqualTo(read);
          try (Run run = model.run(prompt, Capture.NONE, read.toArray(Intervention[]::new))) {
            assertThat(run.logits().toFloats())
                .as(example)
                .isNotEqualTo(plain.logits().toFloats())
                .doesNotContain(Float.NaN);
          }
        }
      }
    }
  }

  private static List<String> examples() throws IOException {
    String text = Files.readString(Path.of("../docs/reference/interventions.md"));
    Matcher matcher = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL).matcher(text);
    List<String> examples = new ArrayList<>();
    while (matcher.find()) {
      examples.add(matcher.group(1));
    }
    return examples;
  }

  @Test
  void theDocumentNamesEveryOp() throws IOException {
    String text = Files.readString(Path.of("../docs/reference/interventions.md"));
    for (Op op : ops(new Random(1))) {
      assertThat(text).contains("| `" + op.word() + "` |");
    }
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    Random random = new Random(5);
    for (int round = 0; round < 50; round++) {
      List<Intervention> all = new ArrayList<>();
      for (Point point : Point.all()) {
        if (!point.writable()) {
          continue;
        }
        for (Op op : ops(random)) {
          boolean mask = op instanceof Op.Mask;
          boolean scores = point == Point.ATTN_SCORES || point == Point.vision(Site.ATTN_SCORES);
          boolean pixels = point.axis(Axis.POSITION) < 0;
          boolean given = op instanceof Op.Redistribute;
          if (mask && !scores
              || given && point != Point.PATTERN
              || pixels && op instanceof Op.Mean) {
            continue;
          }
          Indices layers = point.perLayer() && random.nextBoolean() ? some(random) : Indices.ALL;
          Indices heads =
              point.headAxis() >= 0 && random.nextBoolean() ? some(random) : Indices.ALL;
          all.add(
              new Intervention(
                  point, layers, heads, pixels ? Positions.all() : positions(random), op));
        }
      }
      String json = InterventionJson.write(all);
      List<Intervention> read = InterventionJson.read(json);
      assertThat(read).isEqualTo(all);
      assertThat(InterventionJson.write(read)).isEqualTo(json);
    }
  }

  private static Indices some(Random random) {
    return Indices.of(random.ints(1 + random.nextInt(3), 0, 40).toArray());
  }

  private static Positions positions(Random random) {
    return switch (random.nextInt(7)) {
      case 0 -> Positions.all();
      case 1 -> Positions.last();
      case 2 -> new Positions.Zone("image[0].row[1].col[2]");
      case 3 -> new Positions.Range(3, 9);
      case 4 -> Positions.from(4);
      case 5 -> Positions.of();
      default -> Positions.of(random.ints(3, 0, 600).toArray());
    };
  }

  private static List<Op> ops(Random random) {
    float[] numbers = {random.nextFloat(), -1e-30f, 3.4e38f, (float) random.nextGaussian()};
    Values inline = new Values.Inline(numbers, new long[] {2, 2});
    Values stored = new Values.Stored(Path.of("runs", "a.safetensors"), "blocks.2.z");
    return List.of(
        new Op.Set(inline),
        new Op.Add(stored, random.nextGaussian()),
        new Op.Scale(random.nextDouble()),
        new Op.Zero(),
        new Op.Mean(positions(random)),
        new Op.Noise(random.nextLong(), random.nextDouble()),
        new Op.Patch(stored),
        new Op.Mask(positions(random)),
        new Op.Redistribute(
            positions(random), positions(random), random.nextDouble(), random.nextDouble()),
        new Op.Project(inline, random.nextDouble(), Op.When.POSITIVE));
  }

  @Test
  void immenseWordsGiveShortMessages() {
    String word = "a".repeat(100_000);
    for (String json :
        List.of(
            "{\"point\": \"%s\", \"op\": \"zero\"}",
            "{\"point\": \"z\", \"op\": \"%s\"}",
            "{\"point\": \"z\", \"op\": \"zero\", \"%s\": 1}",
            "{\"point\": \"z\", \"op\": \"zero\", \"positions\": \"%s\"}",
            "{\"point\": \"z\", \"op\": \"scale\", \"factor\": \"%s\"}")) {
      assertThatThrownBy(() -> InterventionJson.read(json.formatted(word)))
          .isInstanceOf(LynceusException.class)
          .satisfies(wrong -> assertThat(wrong.getMessage().length()).isLessThan(400));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{ | not JSON",
        "[] [] | not JSON",
        "7 | interventions[0]: is not an object",
        "[{\"point\":\"z\",\"op\":\"zero\"}, []] | interventions[1]: is not an object",
        "{\"op\":\"zero\"} | interventions[0].point: is absent",
        "{\"point\":\"z\"} | interventions[0].op: is absent",
        "{\"point\":5,\"op\":\"zero\"} | interventions[0].point: 5 is not a text",
        "{\"point\":\"z\",\"point\":\"q\",\"op\":\"zero\"} | not JSON: Duplicate",
        "{\"point\":\"blocks.1.hook_resid_prr\",\"op\":\"zero\"} | interventions[0].point: there is no point",
        "{\"point\":\"z\",\"op\":\"zeros\"} | interventions[0].op: 'zeros' is not known; did you mean zero?",
        "{\"point\":\"z\",\"op\":\"zero\",\"head\":3} | interventions[0].head: is not a key here; did you mean 'heads'?",
        "{\"point\":\"z\",\"op\":\"scale\",\"factr\":3} | interventions[0].factor: is absent",
        "{\"point\":\"z\",\"op\":\"zero\",\"factor\":3} | interventions[0].factor: is not a key here",
        "{\"point\":\"z\",\"op\":\"scale\",\"factor\":\"3\"} | interventions[0].factor: \"3\" is not a number",
        "{\"point\":\"z\",\"op\":\"zero\",\"heads\":[-1]} | interventions[0].heads: -1 is not a whole number",
        "{\"point\":\"z\",\"op\":\"zero\",\"heads\":[]} | interventions[0].heads: is empty",
        "{\"point\":\"blocks.99999999999999999999.attn.hook_z\",\"op\":\"zero\"} | interventions[0].point: there is no point",
        "{\"point\":\"z\",\"op\":\"set\",\"values\":[]} | interventions[0].values: has no numbers",
        "{\"point\":\"z\",\"op\":\"set\",\"values\":{\"inline\":[]}} | interventions[0].values.inline: has no numbers",
        "{\"point\":\"z\",\"op\":\"set\",\"values\":{\"inline\":[1],\"shape\":[65536,65536,65536,65536]}} | interventions[0].values.shape: 1 numbers do not fill",
        "{\"point\":\"z\",\"op\":\"set\",\"values\":{\"inline\":[1],\"shape\":[0]}} | do not fill",
        "{\"point\":\"z\",\"op\":\"set\",\"values\":[1e39]} | interventions[0].values: 1.0E39 is too large",
        "{\"point\":\"z\",\"op\":\"set\",\"values\":[1e999]} | interventions[0].values",
        "{\"point\":\"z\",\"op\":\"set\",\"values\":[NaN]} | not JSON",
        "{\"point\":\"z\",\"op\":\"set\",\"values\":[[1]]} | interventions[0].values: [1] is not a number",
        "{\"point\":\"z\",\"op\":\"set\",\"values\":{\"file\":\"a\\u0000b\",\"tensor\":\"x\"}} | interventions[0].values.file",
        "{\"point\":\"z\",\"op\":\"scale\",\"factor\":1e308} | interventions[0].factor: 1.0E308 is too large",
        "{\"point\":\"z\",\"op\":\"zero\",\"layers\":2147483648} | interventions[0].layers: 2147483648 is not",
        "{\"point\":\"z\",\"op\":\"zero\",\"layers\":1.5} | interventions[0].layers: 1.5 is not a whole number",
        "{\"point\":\"blocks.1.attn.hook_z\",\"op\":\"zero\",\"layers\":2} | interventions[0].layers: [2] contradicts",
        "{\"point\":\"hook_embed\",\"op\":\"zero\",\"layers\":2} | interventions[0].layers: hook_embed exists once",
        "{\"point\":\"z\",\"op\":\"zero\",\"positions\":\"imag\"} | interventions[0].positions: 'imag' names no positions",
        "{\"point\":\"z\",\"op\":\"zero\",\"positions\":[-2]} | interventions[0].positions: -2 is not a whole number",
        "{\"point\":\"z\",\"op\":\"zero\",\"positions\":{}} | interventions[0].positions: {} is neither",
        "{\"point\":\"z\",\"op\":\"set\",\"values\":7} | interventions[0].values: 7 is neither an object nor a list",
        "{\"point\":\"z\",\"op\":\"set\",\"values\":{\"inline\":[1,2],\"shape\":[3]}} | interventions[0].values.shape: 2 numbers do not fill shape [3]",
        "{\"point\":\"z\",\"op\":\"set\",\"values\":{\"inline\":[1,\"a\"]}} | interventions[0].values.inline: \"a\" is not a number",
        "{\"point\":\"z\",\"op\":\"set\",\"values\":{\"inline\":[1e39]}} | interventions[0].values.inline: 1.0E39 is too large",
        "{\"point\":\"z\",\"op\":\"set\",\"values\":{\"file\":\"a\",\"tenor\":\"b\"}} | interventions[0].values.tensor: is absent",
        "{\"point\":\"z\",\"op\":\"set\",\"values\":{\"inline\":[1],\"shap\":[1]}} | interventions[0].values.shap: is not a key here; did you mean 'shape'?",
        "{\"point\":\"z\",\"op\":\"noise\"} | interventions[0].deviation: is absent",
        "{\"point\":\"z\",\"op\":\"noise\",\"deviation\":-1} | interventions[0].deviation: noise of deviation -1.0",
        "{\"point\":\"z\",\"op\":\"noise\",\"deviation\":1,\"seed\":0.5} | interventions[0].seed: 0.5 is not a whole number",
        "{\"point\":\"attn_scores\",\"op\":\"mask\"} | interventions[0].sources: is absent",
        "{\"point\":\"z\",\"op\":\"mask\",\"sources\":\"image\"} | interventions[0]: op 'mask' does not work at",
        "{\"point\":\"z\",\"op\":\"project\",\"direction\":[1],\"when\":\"often\"} | interventions[0].when: is neither",
        "{\"point\":\"blocks.0.ln1.hook_scale\",\"op\":\"zero\"} | interventions[0]: blocks.{l}.ln1.hook_scale can be seen but not changed",
        "{\"point\":\"resid_pre\",\"heads\":1,\"op\":\"zero\"} | interventions[0]: blocks.{l}.hook_resid_pre has no heads",
        "{\"point\":\"vision.pixels\",\"positions\":1,\"op\":\"zero\"} | interventions[0]: vision.hook_pixels [batch, channel, height, width] has no positions",
      })
  void mistakesAreNamed(String json, String message) {
    assertThatThrownBy(() -> InterventionJson.read(json))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining(message);
  }

  @Test
  void tensorsInMemoryCannotBeWritten() {
    try (var tensor = Torch.zeros(DType.FLOAT32, 3)) {
      Intervention change = Intervention.at(Point.Z, 1, new Op.Set(Values.of(tensor)));
      assertThatThrownBy(() -> InterventionJson.write(List.of(change)))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("values float32[3] are in memory");
    }
  }
}
