package dev.lynceus.bench.fuzz;

import dev.lynceus.image.RgbImage;
import dev.lynceus.run.Batch;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.InterventionJson;
import dev.lynceus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// Interventions, as documents show them, with values, names and shapes changed; read, and run on a
/// tiny model.
final class InterventionFuzz implements FuzzKind {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<String> WORDS =
      List.of(
          "[",
          "]",
          "{",
          "}",
          ",",
          ":",
          "\"",
          "1e999",
          "-1",
          "99999999999999999999",
          "null",
          "*",
          "blocks.",
          "\"layers\"",
          "\"heads\"",
          "image[0]",
          "last",
          "5:2",
          "\\u0000");
  private static final List<String> MORE =
      List.of(
          "{\"point\": \"rot_k\", \"op\": \"set\", \"positions\": \"last\", \"values\": [1, 2, 3]}",
          "{\"point\": \"blocks.1.attn.hook_pattern\", \"op\": \"redistribute\", \"sinks\": [0], \"share\": 0.5}",
          "{\"point\": \"resid_post\", \"layers\": [0, 1], \"op\": \"noise\", \"deviation\": 0.1, \"seed\": 3}",
          "{\"point\": \"z\", \"op\": \"add\", \"values\": {\"inline\": [1, 1], \"shape\": [2, 1]}, \"factor\": -1}",
          "{\"point\": \"vision.blocks.1.hook_resid_post\", \"op\": \"scale\", \"factor\": 0.5}",
          "{\"point\": \"attn.hook_attn_scores\", \"op\": \"mask\", \"positions\": \"last\", \"sources\": \"image\"}",
          "{\"point\": \"resid_pre\", \"op\": \"project\", \"direction\": {\"file\": \"d.safetensors\", \"tensor\": \"d\"}}",
          "{\"point\": \"mlp_out\", \"op\": \"mean\", \"over\": \"image\", \"positions\": \"2:9\"}");

  private final List<String> seeds = new ArrayList<>(MORE);
  private final LoadedModel model;
  private final Prompt prompt;

  InterventionFuzz() {
    Torch.setThreads(1);
    Path root = Fuzz.repository();
    try {
      Matcher blocks =
          Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL)
              .matcher(Files.readString(root.resolve("docs/reference/interventions.md")));
      while (blocks.find()) {
        seeds.add(blocks.group(1));
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    model =
        LoadedModel.load(
            root.resolve("core/src/test/resources/goldens/llava-llama/hub"), LoadOptions.DEFAULT);
    prompt =
        model.raw(
            "<image> what is it", model.picture("p", RgbImage.of(40, 40, new byte[40 * 40 * 3])));
  }

  @Override
  public String name() {
    return "interventions";
  }

  @Override
  public String about() {
    return "interventions, read and run on a tiny model";
  }

  @Override
  public FuzzCase make(long seed, int index, Path folder) throws IOException {
    RandomGenerator random = Fuzz.random(name(), seed, index);
    List<String> done = new ArrayList<>();
    String json = Fuzz.pick(random, seeds);
    if (random.nextInt(3) == 0) {
      json = TextMutation.mutate(random, json, WORDS, 1 + random.nextInt(3), done);
    } else {
      ArrayNode all = JSON.createArrayNode();
      int count = 1 + random.nextInt(3);
      for (int i = 0; i < count; i++) {
        all.add(
            JsonMutation.mutate(
                random, JSON.readTree(Fuzz.pick(random, seeds)), random.nextInt(3), done));
      }
      // Documents show lists too; a list in a list is refused, which is tried often enough.
      json = JSON.writeValueAsString(count == 1 ? all.get(0) : all);
    }
    Files.writeString(folder.resolve("interventions.json"), json);
    String read = json;
    return new FuzzCase(
        String.join("; ", done),
        () -> {
          try (Run run = model.run(Batch.of(prompt), Capture.NONE, InterventionJson.read(read))) {
            run.logits().toDoubles();
          }
        });
  }
}
