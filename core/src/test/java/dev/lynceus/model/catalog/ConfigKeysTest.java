package dev.lynceus.model.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.error.LynceusException;
import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.decoder.Decoders;
import dev.lynceus.model.llava.LlavaConfig;
import dev.lynceus.model.llavanext.LlavaNextConfig;
import dev.lynceus.model.reader.Readers;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.vit.VitConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The table of keys says the truth: what it calls read is read, what it calls harmless changes
/// nothing, and published configs are read without a word.
class ConfigKeysTest {

  /// Lengths of which the longest counts: one that makes no sense is passed over.
  private static final Set<String> LENGTHS =
      Set.of("max_sequence_length", "model_max_length", "tokenizer_model_max_length");

  /// Somebody who reads a config.
  ///
  /// @param start what the config begins with
  private record Reader(ConfigKeys keys, ObjectNode start, Consumer<Config> read) {
    @Override
    public String toString() {
      return keys.holder();
    }
  }

  static List<Reader> readers() {
    List<Reader> readers = new ArrayList<>();
    for (String type : Decoders.types()) {
      readers.add(
          new Reader(
              Decoders.keys(type),
              start(type).put("use_sliding_window", true),
              Decoders::readAlone));
    }
    for (String type : Readers.types()) {
      readers.add(
          new Reader(
              Readers.keys(type),
              start(type),
              config -> Readers.read(config, TextConfig.Answers.SPANS)));
    }
    readers.add(new Reader(LlavaConfig.KEYS, start("llava"), LlavaConfig::read));
    readers.add(new Reader(LlavaNextConfig.KEYS, start("llava_next"), LlavaNextConfig::read));
    readers.add(new Reader(VitConfig.CLIP_KEYS, start("clip_vision_model"), VitConfig::read));
    readers.add(new Reader(VitConfig.SIGLIP_KEYS, start("siglip_vision_model"), VitConfig::read));
    return readers;
  }

  private static ObjectNode start(String type) {
    return JsonMapper.shared().createObjectNode().put("model_type", type);
  }

  @ParameterizedTest
  @MethodSource("readers")
  void whatIsCalledReadIsRead(Reader reader) {
    Set<String> unread = new TreeSet<>();
    for (String key : reader.keys.used()) {
      ObjectNode config = reader.start.deepCopy();
      // No value of any key is a list of an object in a list.
      config.set(key, JsonMapper.shared().readTree("[[{}]]"));
      try {
        reader.read.accept(new Config(config, "config.json"));
        unread.add(key);
      } catch (LynceusException expected) {
        assertThat(expected.getMessage()).contains(key);
      }
    }
    unread.removeAll(LENGTHS);
    assertThat(unread).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("readers")
  void whatIsCalledHarmlessIsNotRead(Reader reader) {
    for (String key : reader.keys.harmless()) {
      ObjectNode config = reader.start.deepCopy();
      config.set(key, JsonMapper.shared().readTree("[[{}]]"));
      reader.read.accept(new Config(config, "config.json"));
    }
  }

  @Test
  void unknownKeysAreToldInOneSentence() {
    assertThat(
            notes(
                "{\"model_type\": \"llama\", \"attention_multiplier\": 0.1, \"qk_norm\": true, \"clip_qkv\": null, \"use_x\": false, \"_mine\": 1}"))
        .containsExactly(
            "config.json: attention_multiplier = 0.1, qk_norm = true have no effect on a llama decoder");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = PUBLISHED)
  void publishedConfigsAreReadWithoutAWord(String name, String json, int positions) {
    Config config = new Config(JsonMapper.shared().readTree(json), "config.json");
    Settings.refuse(config);
    List<String> notes = Settings.notes(config);
    if (name.endsWith("!")) {
      assertThat(notes).singleElement().asString().contains("up to " + positions + " positions");
    } else {
      assertThat(notes).as(name).isEmpty();
    }
    TextConfig decoder =
        switch (config.text("model_type", "")) {
          case "llava" -> LlavaConfig.read(config).text();
          case "llava_next" -> LlavaNextConfig.read(config).base().text();
          default -> Decoders.readAlone(config);
        };
    assertThat(decoder.maxPositions()).isEqualTo(positions);
    boolean slides = Arrays.stream(decoder.windows()).anyMatch(w -> w != TextConfig.UNLIMITED);
    assertThat(slides).isEqualTo(name.contains("v0.1"));
  }

  private static List<String> notes(String json) {
    JsonNode config = JsonMapper.shared().readTree(json);
    return Settings.notes(new Config(config, "config.json"));
  }

  /// What the files of published models hold, and how many positions they take.
  private static final String PUBLISHED =
      """
      vicuna-7b-v1.5 | {"_name_or_path": "vicuna-7b-v1.5", "architectures": ["LlamaForCausalLM"], "bos_token_id": 1, "eos_token_id": 2, "hidden_act": "silu", "hidden_size": 4096, "initializer_range": 0.02, "intermediate_size": 11008, "max_position_embeddings": 4096, "model_type": "llama", "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 32, "pad_token_id": 0, "pretraining_tp": 1, "rms_norm_eps": 1e-05, "rope_scaling": null, "tie_word_embeddings": false, "torch_dtype": "float16", "transformers_version": "4.31.0", "use_cache": true, "vocab_size": 32000} | 4096
      vicuna-7b-v1.5-16k! | {"architectures": ["LlamaForCausalLM"], "hidden_act": "silu", "hidden_size": 4096, "intermediate_size": 11008, "max_position_embeddings": 4096, "max_sequence_length": 16384, "model_type": "llama", "num_attention_heads": 32, "num_hidden_layers": 32, "rms_norm_eps": 1e-05, "rope_scaling": {"factor": 4.0, "type": "linear"}, "tie_word_embeddings": false, "vocab_size": 32000} | 16384
      Llama-3.1-8B | {"architectures": ["LlamaForCausalLM"], "attention_bias": false, "attention_dropout": 0.0, "bos_token_id": 128000, "eos_token_id": [128001, 128008, 128009], "hidden_act": "silu", "hidden_size": 4096, "initializer_range": 0.02, "intermediate_size": 14336, "max_position_embeddings": 131072, "mlp_bias": false, "model_type": "llama", "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "pretraining_tp": 1, "rms_norm_eps": 1e-05, "rope_scaling": {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192, "rope_type": "llama3"}, "rope_theta": 500000.0, "tie_word_embeddings": false, "torch_dtype": "bfloat16", "use_cache": true, "vocab_size": 128256} | 131072
      Mistral-7B-v0.1 | {"architectures": ["MistralForCausalLM"], "bos_token_id": 1, "eos_token_id": 2, "hidden_act": "silu", "hidden_size": 4096, "intermediate_size": 14336, "max_position_embeddings": 32768, "model_type": "mistral", "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "rms_norm_eps": 1e-05, "rope_theta": 10000.0, "sliding_window": 4096, "tie_word_embeddings": false, "torch_dtype": "bfloat16", "vocab_size": 32000} | 32768
      Mistral-7B-Instruct-v0.2 | {"architectures": ["MistralForCausalLM"], "attention_dropout": 0.0, "hidden_act": "silu", "hidden_size": 4096, "intermediate_size": 14336, "max_position_embeddings": 32768, "model_type": "mistral", "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "rms_norm_eps": 1e-05, "rope_theta": 1000000.0, "sliding_window": null, "vocab_size": 32000} | 32768
      Qwen2.5-7B-Instruct | {"architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 151643, "eos_token_id": 151645, "hidden_act": "silu", "hidden_size": 3584, "initializer_range": 0.02, "intermediate_size": 18944, "max_position_embeddings": 32768, "max_window_layers": 28, "model_type": "qwen2", "num_attention_heads": 28, "num_hidden_layers": 28, "num_key_value_heads": 4, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "sliding_window": 131072, "tie_word_embeddings": false, "torch_dtype": "bfloat16", "use_cache": true, "use_mrope": false, "use_sliding_window": false, "vocab_size": 152064} | 32768
      Qwen2.5-7B-Instruct with YaRN as its card says! | {"model_type": "qwen2", "hidden_size": 3584, "num_attention_heads": 28, "num_hidden_layers": 28, "num_key_value_heads": 4, "max_position_embeddings": 32768, "max_window_layers": 28, "rope_theta": 1000000.0, "sliding_window": 131072, "use_sliding_window": false, "rope_scaling": {"factor": 4.0, "original_max_position_embeddings": 32768, "type": "yarn"}} | 131072
      gemma-2b | {"architectures": ["GemmaForCausalLM"], "attention_bias": false, "attention_dropout": 0.0, "bos_token_id": 2, "eos_token_id": 1, "head_dim": 256, "hidden_act": "gelu", "hidden_size": 2048, "initializer_range": 0.02, "intermediate_size": 16384, "max_position_embeddings": 8192, "model_type": "gemma", "num_attention_heads": 8, "num_hidden_layers": 18, "num_key_value_heads": 1, "pad_token_id": 0, "rms_norm_eps": 1e-06, "rope_scaling": null, "rope_theta": 10000.0, "use_cache": true, "vocab_size": 256000} | 8192
      gemma-1.1-2b-it | {"head_dim": 256, "hidden_act": "gelu_pytorch_tanh", "hidden_activation": "gelu_pytorch_tanh", "hidden_size": 2048, "intermediate_size": 16384, "max_position_embeddings": 8192, "model_type": "gemma", "num_attention_heads": 8, "num_hidden_layers": 18, "num_key_value_heads": 1, "rms_norm_eps": 1e-06, "rope_theta": 10000.0, "vocab_size": 256000} | 8192
      llava-1.5-7b-hf | {"architectures": ["LlavaForConditionalGeneration"], "ignore_index": -100, "image_token_index": 32000, "model_type": "llava", "pad_token_id": 32001, "projector_hidden_act": "gelu", "text_config": {"_name_or_path": "lmsys/vicuna-7b-v1.5", "architectures": ["LlamaForCausalLM"], "max_position_embeddings": 4096, "model_type": "llama", "rms_norm_eps": 1e-05, "torch_dtype": "float16", "vocab_size": 32064}, "tie_word_embeddings": false, "torch_dtype": "float16", "transformers_version": "4.36.0.dev0", "vision_config": {"hidden_size": 1024, "image_size": 336, "intermediate_size": 4096, "model_type": "clip_vision_model", "num_attention_heads": 16, "num_hidden_layers": 24, "patch_size": 14, "projection_dim": 768, "vocab_size": 32000}, "vision_feature_layer": -2, "vision_feature_select_strategy": "default", "vocab_size": 32064} | 4096
      llava-v1.6-mistral-7b-hf | {"architectures": ["LlavaNextForConditionalGeneration"], "ignore_index": -100, "image_grid_pinpoints": [[336, 672], [672, 336], [672, 672], [1008, 336], [336, 1008]], "image_token_index": 32000, "image_seq_length": 576, "multimodal_projector_bias": true, "model_type": "llava_next", "projector_hidden_act": "gelu", "text_config": {"_name_or_path": "mistralai/Mistral-7B-Instruct-v0.2", "intermediate_size": 14336, "max_position_embeddings": 32768, "model_type": "mistral", "num_key_value_heads": 8, "rms_norm_eps": 1e-05, "rope_theta": 1000000.0, "sliding_window": null, "torch_dtype": "bfloat16", "vocab_size": 32064}, "tie_word_embeddings": false, "torch_dtype": "float16", "use_image_newline_parameter": true, "vision_config": {"hidden_size": 1024, "image_size": 336, "intermediate_size": 4096, "model_type": "clip_vision_model", "num_attention_heads": 16, "num_hidden_layers": 24, "patch_size": 14, "projection_dim": 768, "vocab_size": 32000}, "vision_feature_layer": -2, "vision_feature_select_strategy": "default", "vocab_size": 32064} | 32768
      llava-interleave-qwen-0.5b-hf | {"architectures": ["LlavaForConditionalGeneration"], "ignore_index": -100, "image_seq_length": 576, "image_token_index": 151646, "model_type": "llava", "projector_hidden_act": "gelu", "text_config": {"architectures": ["Qwen2ForCausalLM"], "bos_token_id": 151643, "eos_token_id": 151645, "hidden_size": 1024, "intermediate_size": 2816, "max_position_embeddings": 32768, "max_window_layers": 21, "model_type": "qwen2", "num_attention_heads": 16, "num_hidden_layers": 24, "num_key_value_heads": 16, "rope_theta": 1000000.0, "sliding_window": 32768, "tie_word_embeddings": true, "torch_dtype": "float16", "vocab_size": 152000}, "torch_dtype": "float16", "vision_config": {"hidden_size": 1152, "image_size": 384, "intermediate_size": 4304, "model_type": "siglip_vision_model", "num_attention_heads": 16, "num_hidden_layers": 26, "patch_size": 14, "vision_use_head": false}, "vision_feature_layer": -1, "vision_feature_select_strategy": "full"} | 32768
      """;
}
