package dev.lynceus.run.choice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.model.Picture;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Greedy answers under generation settings against `generate(do_sample=False)` of transformers
/// 5.18 on the same checkpoints (`generation/settings.json`).
class GenerationSettingsTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens");
  private static final JsonNode CASES = read("settings.json");

  @TempDir static Path folder;

  private static JsonNode read(String name) {
    return JsonMapper.shared().readTree(Path.of("src/test/resources/generation").resolve(name));
  }

  /// A copy of a checkpoint with other generation settings.
  private static Path with(String family, JsonNode settings) throws IOException {
    Path copy = folder.resolve(family);
    if (!Files.exists(copy)) {
      Files.createDirectories(copy);
      try (Stream<Path> files = Files.list(GOLDENS.resolve(family).resolve("hub"))) {
        for (Path file : files.toList()) {
          Files.copy(file, copy.resolve(file.getFileName()));
        }
      }
    }
    Files.writeString(copy.resolve("generation_config.json"), settings.toString());
    return copy;
  }

  private static int[] answer(JsonNode one, LoadOptions options) throws IOException {
    Path checkpoint = with(one.path("family").asString(), one.path("generation_config"));
    try (LoadedModel model = LoadedModel.load(checkpoint, options)) {
      List<Picture> pictures = new ArrayList<>();
      for (JsonNode name : one.path("pictures")) {
        pictures.add(
            model.picture(
                name.asString(),
                new ImageFileReader().read(GOLDENS.resolve("images").resolve(name.asString()))));
      }
      try (Generation generation =
          model.generate(
              model.raw(one.path("prompt").asString(), pictures.toArray(Picture[]::new)),
              GenerationOptions.greedy(one.path("max_new_tokens").asInt()),
              Capture.NONE)) {
        Generation.Answer answer = generation.answer();
        int[] ids = answer.ids();
        if (answer.closing().isPresent()) {
          ids = Arrays.copyOf(ids, ids.length + 1);
          ids[ids.length - 1] = answer.closing().getAsInt();
        }
        return ids;
      }
    }
  }

  private static int[] ints(JsonNode array) {
    return array.valueStream().mapToInt(JsonNode::asInt).toArray();
  }

  @Test
  void answersAreThoseOfTheReference() throws IOException {
    Torch.setThreads(1);
    List<String> wrong = new ArrayList<>();
    for (JsonNode one : CASES) {
      int[] ours = answer(one, LoadOptions.DEFAULT);
      if (!Arrays.equals(ours, ints(one.path("ids")))) {
        wrong.add(
            "%s, %s: %s, expected %s"
                .formatted(
                    one.path("family").asString(),
                    one.path("name").asString(),
                    Arrays.toString(ours),
                    one.path("ids")));
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(CASES.size()).isGreaterThan(50);
  }

  @Test
  void withoutTheSettingsTheMostProbableTokenIsTaken() throws IOException {
    LoadOptions argmax = LoadOptions.DEFAULT.choice(LoadOptions.Choice.MOST_PROBABLE);
    int changed = 0;
    Set<String> seen = new HashSet<>();
    for (JsonNode one : CASES) {
      // One case of each family whose settings matter: the raw answer is another one.
      String family = one.path("family").asString();
      if (one.path("changed").asBoolean() && seen.add(family)) {
        assertThat(answer(one, argmax)).as(family).isNotEqualTo(ints(one.path("ids")));
        changed++;
      }
    }
    assertThat(changed).isEqualTo(5);
  }

  @Test
  void aTokenThatASettingChoseIsNamedWithTheOneItTookThePlaceOf() throws IOException {
    JsonNode penalised = CASES.get(0);
    Path checkpoint =
        with(penalised.path("family").asString(), penalised.path("generation_config"));
    try (LoadedModel model = LoadedModel.load(checkpoint, LoadOptions.DEFAULT)) {
      Picture picture =
          model.picture(
              "photo.png",
              new ImageFileReader().read(GOLDENS.resolve("images").resolve("photo.png")));
      try (Generation generation =
          model.generate(
              model.raw(penalised.path("prompt").asString(), picture),
              GenerationOptions.greedy(20),
              Capture.NONE)) {
        Generation.Answer answer = generation.answer();
        // The first six tokens are the model's own (expected values of the reference without a
        // penalty: 415 404 396 313 284 350 299).
        assertThat(answer.overruled()[0]).isEqualTo(6);
        assertThat(answer.mostProbable()[6]).isEqualTo(299);
        assertThat(model.overruled(answer).getFirst()).contains("not as the most probable");
        assertThat(model.settings().applied()).containsExactly("repetition_penalty 1.3");
        assertThat(answer.logProbabilities()[6]).isNegative();
      }
    }
  }

  @Test
  void cutsKeepTheTokensThatTheReferenceKeeps() throws IOException {
    for (JsonNode one : read("cuts.json")) {
      List<Cut> cuts =
          GenerationFiles.drawing(new Keys("generation_config.json", List.of(one.path("config"))))
              .cuts();
      double heat = one.path("config").path("temperature").asDouble(1);
      double[] logits = one.path("logits").valueStream().mapToDouble(JsonNode::asDouble).toArray();
      Integer[] order = new Integer[logits.length];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (a, b) -> Double.compare(logits[b], logits[a]));
      double[] sorted = new double[logits.length];
      Arrays.setAll(sorted, i -> logits[order[i]] / heat);
      cuts.forEach(cut -> cut.apply(sorted));
      List<Integer> kept = new ArrayList<>();
      for (int i = 0; i < sorted.length; i++) {
        if (sorted[i] != Double.NEGATIVE_INFINITY) {
          kept.add(order[i]);
        }
      }
      assertThat(kept)
          .as(one.path("config").toString())
          .containsExactlyInAnyOrder(
              Arrays.stream(ints(one.path("kept"))).boxed().toArray(Integer[]::new));
    }
  }
}
