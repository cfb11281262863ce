package dev.lynceus.run.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.TinyModels;
import dev.lynceus.tensor.file.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Precedence of the files, as transformers 5.18 was seen to read each of these, and what is told.
class GenerationFilesTest {
  @TempDir Path parent;
  private Path folder;

  @BeforeEach
  void checkpoint() {
    folder = TinyModels.write(parent.resolve("m"), TinyModels.Family.LLAMA, 1);
  }

  private GenerationSettings read(String generation, Map<String, Object> config)
      throws IOException {
    ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(folder.resolve("config.json"));
    config.forEach((key, value) -> json.set(key, JsonMapper.shared().valueToTree(value)));
    Files.writeString(folder.resolve("config.json"), json.toString());
    Path file = folder.resolve("generation_config.json");
    Files.deleteIfExists(file);
    if (!generation.isEmpty()) {
      Files.writeString(file, generation);
    }
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return GenerationFiles.read(checkpoint, 64);
    }
  }

  @Test
  void endTokensComeFromTheFirstFileThatCounts() throws IOException {
    assertThat(read("", Map.of()).ends()).isEmpty();
    assertThat(read("", Map.of("text_config", Map.of("eos_token_id", 11))).ends())
        .containsExactly(11);
    assertThat(read("", Map.of("eos_token_id", 12)).ends()).containsExactly(12);
    assertThat(read("", Map.of("eos_token_id", List.of(12, 13))).ends())
        .containsExactlyInAnyOrder(12, 13);
    assertThat(read("{\"eos_token_id\": [5, 6]}", Map.of()).ends()).containsExactlyInAnyOrder(5, 6);
    // The file alone counts, also where it lacks the key.
    assertThat(read("{\"eos_token_id\": null}", Map.of()).ends()).isEmpty();
    GenerationSettings empty = read("{}", Map.of());
    assertThat(empty.ends()).isEmpty();
    assertThat(empty.notes(false).toString()).contains("answers run on to their limit");
  }

  @Test
  void otherSettingsFollowTheSameOrder() throws IOException {
    Map<String, Object> text = Map.of("no_repeat_ngram_size", 2, "repetition_penalty", 1.5);
    GenerationSettings merged =
        read("", Map.of("eos_token_id", 3, "repetition_penalty", 1.3, "text_config", text));
    assertThat(merged.applied())
        .containsExactly("repetition_penalty 1.3", "no_repeat_ngram_size 2");
    assertThat(merged.source()).isEqualTo("config.json");
    assertThat(merged.unknown()).isEmpty();
    assertThat(read("{\"eos_token_id\": 3}", Map.of()).applied()).isEmpty();
  }

  @Test
  void whatIsLeftOutIsTold() throws IOException {
    GenerationSettings settings =
        read(
            """
            {"eos_token_id": [2, -5], "num_beams": 4, "penalty_alpha": 0.6, "top_k": 4, "max_time": 3.5,
             "do_sample": true, "temperature": 0.7, "guidance_scale": 1.0, "use_cache": true,
             "cache_implementation": "hybrid", "length_penalty": 2.0, "chat_format": "raw"}
            """,
            Map.of());
    assertThat(settings.leftOut())
        .containsExactlyInAnyOrder("num_beams 4", "penalty_alpha 0.6", "max_time 3.5");
    assertThat(settings.unknown())
        .containsExactly("chat_format", "eos_token_id -5 (the model has no such token)");
    assertThat(settings.notes(false))
        .containsExactly(
            "generation_config.json draws lots (temperature 0.7, top_k 4); here the most probable"
                + " token is taken",
            "generation_config.json, left out: num_beams 4, penalty_alpha 0.6, max_time 3.5",
            "generation_config.json, not known and ignored: chat_format, eos_token_id -5 (the model"
                + " has no such token)");
    assertThat(settings.notes(true)).hasSize(2);
    assertThat(read("{\"eos_token_id\": 2, \"num_beams\": 1}", Map.of()).notes(false)).isEmpty();
    assertThat(read("{\"min_new_tokens\": 3}", Map.of()).leftOut())
        .containsExactly("min_new_tokens 3 (there is no end token)");
  }

  @Test
  void lengthsHoldWhereNobodyAsksForOne() throws IOException {
    assertThat(read("{\"max_new_tokens\": 5}", Map.of()).limit(64, 10)).isEqualTo(5);
    assertThat(read("{\"max_new_tokens\": 500}", Map.of()).limit(64, 10)).isEqualTo(500);
    assertThat(read("{\"max_length\": 30}", Map.of()).limit(64, 10)).isEqualTo(20);
    assertThat(read("{\"max_length\": 4096}", Map.of()).limit(64, 10)).isEqualTo(64);
    assertThat(read("{\"max_length\": 20}", Map.of()).limit(64, 600)).isEqualTo(64);
  }

  @Test
  void valuesThatMakeNoSenseAreRefusedByName() {
    for (String bad :
        List.of(
            "\"repetition_penalty\": -1",
            "\"repetition_penalty\": \"much\"",
            "\"encoder_repetition_penalty\": 0",
            "\"no_repeat_ngram_size\": 2.5",
            "\"eos_token_id\": \"</s>\"",
            "\"eos_token_id\": 2.0",
            "\"eos_token_id\": [[2]]",
            "\"bad_words_ids\": [5]",
            "\"bad_words_ids\": [[]]",
            "\"bad_words_ids\": [[64]]",
            "\"bad_words_ids\": [[-1]]",
            "\"sequence_bias\": {\"5\": 1.0}",
            "\"sequence_bias\": [[[5], \"x\"]]",
            "\"sequence_bias\": [[5, 1.0]]",
            "\"forced_eos_token_id\": 64",
            "\"forced_bos_token_id\": -2",
            "\"min_new_tokens\": \"3\"",
            "\"max_new_tokens\": 0",
            "\"remove_invalid_values\": 1",
            "\"exponential_decay_length_penalty\": [1.5, 2]",
            "\"exponential_decay_length_penalty\": 3",
            "\"suppress_tokens\": \"5\"",
            "\"stop_strings\": [\"\"]",
            "\"stop_strings\": 7",
            "\"temperature\": \"hot\"",
            "\"do_sample\": \"yes\"")) {
      String key = bad.substring(0, bad.indexOf(':')).replace("\"", "");
      String eos = key.equals("eos_token_id") ? "" : ", \"eos_token_id\": 2";
      assertThatThrownBy(() -> read("{" + bad + eos + "}", Map.of()))
          .as(bad)
          .isInstanceOfSatisfying(
              LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT))
          .hasMessageContaining("generation_config.json: " + key);
    }
    assertThatThrownBy(() ->
            read(
                "{\"suppress_tokens\": [5, 6], \"forced_eos_token_id\": 5, \"eos_token_id\": 5}",
                Map.of()))
        .hasMessageContaining("forced_eos_token_id");
  }

  @Test
  void numbersThatPythonWritesAreRead() throws IOException {
    GenerationSettings settings =
        read("{\"eos_token_id\": 2, \"sequence_bias\": [[[5], -Infinity]]}", Map.of());
    float[] scores = settings.scores(new float[64], new Rule.Moment(new int[] {1, 2}, 2, 9));
    assertThat(scores[5]).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(scores[6]).isZero();
  }
}
