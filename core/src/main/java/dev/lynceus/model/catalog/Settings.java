package dev.lynceus.model.catalog;

import dev.lynceus.model.blip.BlipConfig;
import dev.lynceus.model.blip.BlipEncoder;
import dev.lynceus.model.blip.BlipMatcher;
import dev.lynceus.model.blip.BlipTower;
import dev.lynceus.model.blip2.Blip2Config;
import dev.lynceus.model.blip2.Blip2Matcher;
import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.config.PositionLimit;
import dev.lynceus.model.config.RopeConfig;
import dev.lynceus.model.decoder.Decoders;
import dev.lynceus.model.decoder.QwenVlDecoders;
import dev.lynceus.model.gemma3.Gemma3Config;
import dev.lynceus.model.idefics3.Idefics3Config;
import dev.lynceus.model.internvl.InternVlConfig;
import dev.lynceus.model.llava.LlavaConfig;
import dev.lynceus.model.llava.VipLlavaConfig;
import dev.lynceus.model.llavanext.LlavaNextConfig;
import dev.lynceus.model.mae.MaeConfig;
import dev.lynceus.model.onevision.OneVisionConfig;
import dev.lynceus.model.paligemma.PaliGemmaConfig;
import dev.lynceus.model.qformer.QFormerConfig;
import dev.lynceus.model.qwenvl.PatchTowerConfig;
import dev.lynceus.model.qwenvl.QwenVlConfig;
import dev.lynceus.model.reader.Readers;
import dev.lynceus.model.vit.VitConfig;
import dev.lynceus.nn.Activation;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.file.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a checkpoint's settings say beyond what is read: settings that would change numbers and are
/// not known are refused; keys without an effect, and values of which one hides another, are told.
/// Which keys are read stands in [ConfigKeys].
public final class Settings {
  private Settings() {}

  /// Refuses settings that change numbers in the reference library and are not known here.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL
  static void refuse(Config config) {
    for (String key : List.of("configuration_files", "transformers_weights")) {
      if (says(config.json().path(key))) {
        throw config.unsupported(key, "settings and weights under their usual names");
      }
    }
    for (Config part : List.of(config, config.at("text_config"), config.at("vision_config"))) {
      if (says(part.json().path("per_layer_config"))) {
        throw part.unsupported("per_layer_config", "the same settings for all layers");
      }
      if (!part.flag("is_causal", true)) {
        throw part.unsupported("is_causal", "true");
      }
      if (part.text("model_type", "").startsWith("gemma")
          && part.flag("use_bidirectional_attention", false)) {
        throw part.unsupported("use_bidirectional_attention", "false");
      }
    }
  }

  /// What is odd about the settings of a checkpoint that can be built: one sentence each, empty for
  /// most.
  public static List<String> notes(Checkpoint checkpoint) {
    Config config = new Config(checkpoint.config(), "config.json");
    List<String> notes =
        new ArrayList<>(
            switch (Purpose.of(checkpoint)) {
              case ANSWERS -> notes(config);
              case MATCHES -> matching(config);
              case RECONSTRUCTS -> {
                List<String> odd = new ArrayList<>();
                unknown(config, MaeConfig.KEYS, odd);
                yield odd;
              }
            });
    if (config.has("vision_config") || config.text("model_type", "").equals("vit_mae")) {
      pictures(checkpoint, notes);
    }
    precision(config, checkpoint, notes);
    return List.copyOf(notes);
  }

  /// What is odd about a `config.json`.
  static List<String> notes(Config config) {
    List<String> notes = new ArrayList<>();
    String type = config.text("model_type", "");
    switch (type) {
      case "llava", "vipllava", "llava_next", "llava_onevision" -> {
        unknown(
            config,
            switch (type) {
              case "llava" -> LlavaConfig.KEYS;
              case "vipllava" -> VipLlavaConfig.KEYS;
              case "llava_next" -> LlavaNextConfig.KEYS;
              default -> OneVisionConfig.KEYS;
            },
            notes);
        twice(config, "image_token_id", "image_token_index", notes);
        decoder(config.at("text_config"), notes);
        if (config.at("text_config").text("model_type", "").equals("mistral")
            && config.at("text_config").has("layer_types")) {
          notes.add(
              "config.json: text_config: layer_types has no effect on a mistral decoder of a larger model, as in the reference library");
        }
        Config tower = config.at("vision_config");
        boolean siglip =
            tower
                .text("model_type", type.equals("llava_onevision") ? "siglip_vision_model" : "")
                .equals("siglip_vision_model");
        unknown(tower, siglip ? VitConfig.SIGLIP_KEYS : VitConfig.CLIP_KEYS, notes);
      }
      case "idefics3", "smolvlm" -> {
        unknown(config, Idefics3Config.KEYS, notes);
        decoder(config.at("text_config"), notes);
        unknown(config.at("vision_config"), VitConfig.IDEFICS3_KEYS, notes);
      }
      case "internvl" -> {
        unknown(config, InternVlConfig.KEYS, notes);
        decoder(config.at("text_config"), notes);
        unknown(config.at("vision_config"), InternVlConfig.TOWER_KEYS, notes);
      }
      case "paligemma", "gemma3" -> {
        unknown(config, type.equals("gemma3") ? Gemma3Config.KEYS : PaliGemmaConfig.KEYS, notes);
        twice(config, "image_token_id", "image_token_index", notes);
        decoder(config.at("text_config"), notes);
        unknown(config.at("vision_config"), VitConfig.SIGLIP_KEYS, notes);
      }
      case "blip" -> {
        unknown(config, BlipConfig.KEYS, notes);
        unknown(config.at("text_config"), BlipConfig.TEXT_KEYS, notes);
        unknown(config.at("vision_config"), BlipTower.KEYS, notes);
      }
      case "blip-2", "instructblip" -> {
        unknown(config, Blip2Config.KEYS, notes);
        twice(config, "image_token_id", "image_token_index", notes);
        decoder(config.at("text_config"), notes);
        unknown(config.at("vision_config"), BlipTower.KEYS, notes);
        unknown(config.at("qformer_config"), QFormerConfig.KEYS, notes);
      }
      case "qwen2_vl", "qwen2_5_vl", "qwen3_vl" -> {
        if (config.has("text_config")) {
          unknown(config, QwenVlConfig.keys(config), notes);
        }
        ConfigKeys keys =
            config.has("text_config") ? QwenVlDecoders.keys(type) : QwenVlConfig.keys(config);
        decoder(QwenVlConfig.decoder(config), keys, QwenVlDecoders.ROPE, notes);
        unknown(config.at("vision_config"), PatchTowerConfig.KEYS, notes);
      }
      case "bert", "electra", "albert" -> unknown(config, Readers.keys(type), notes);
      default -> decoder(config, notes);
    }
    if (says(config.json().path("auto_map"))) {
      notes.add(
          "config.json: auto_map names code that comes with the model; it is not run: the model is"
              + " read as a %s model".formatted(type));
    }
    return List.copyOf(notes);
  }

  /// What is odd about the settings of a model for matching.
  private static List<String> matching(Config config) {
    List<String> notes = new ArrayList<>();
    if (config.text("model_type", "").equals("blip")) {
      unknown(config, BlipMatcher.KEYS, notes);
      unknown(config.at("text_config"), BlipEncoder.KEYS, notes);
    } else {
      unknown(config, Blip2Matcher.KEYS, notes);
      unknown(config.at("qformer_config"), QFormerConfig.KEYS, notes);
    }
    unknown(config.at("vision_config"), BlipTower.KEYS, notes);
    return notes;
  }

  private static void decoder(Config c, List<String> notes) {
    String type = c.text("model_type", "llama");
    decoder(c, Decoders.keys(type), ConfigKeys.ROPE, notes);
  }

  private static void decoder(Config c, ConfigKeys keys, ConfigKeys rotation, List<String> notes) {
    String type = c.text("model_type", "llama");
    unknown(c, keys, notes);
    if (type.equals("opt")) {
      // Its positions are learned: nothing is rotated or stretched.
      return;
    }
    String rope = RopeConfig.key(c);
    if (type.equals("gemma3_text")) {
      // One rotation for each kind of layers.
      for (Config part :
          List.of(
              c.at("rope_scaling"),
              c.at("rope_parameters").at("full_attention"),
              c.at("rope_parameters").at("sliding_attention"))) {
        unknown(part, ConfigKeys.ROPE, notes);
      }
    } else {
      unknown(RopeConfig.part(c), rotation, notes);
    }
    if (rope.equals("rope_scaling")
        && !type.equals("gemma3_text")
        && c.has("rope_parameters")
        && !c.json().path("rope_scaling").equals(c.json().path("rope_parameters"))) {
      notes.add(
          "%s: rope_scaling is read, and nothing of rope_parameters beside it, as in the reference library"
              .formatted(c.where()));
    }
    Config holder = RopeConfig.part(c).has(RopeConfig.PARTIAL) ? RopeConfig.part(c) : c;
    if (!keys.used().contains(RopeConfig.PARTIAL) && holder.number(RopeConfig.PARTIAL, 1) != 1) {
      notes.add(
          "%s: partial_rotary_factor = %s has no effect on %s: heads are rotated whole, as in the reference library"
              .formatted(holder.where(), holder.value(RopeConfig.PARTIAL), keys.holder()));
    }
    if (type.equals("gemma") && c.has("hidden_activation") && !sameFunction(c)) {
      notes.add(
          "%s: hidden_act = %s is read, and hidden_activation = %s is not, as in the reference library since its version 5"
              .formatted(c.where(), c.value("hidden_act"), c.value("hidden_activation")));
    }
    PositionLimit limit =
        PositionLimit.read(c, c.size("max_position_embeddings", PositionLimit.MOST));
    if (limit.positions() > limit.stored()) {
      notes.add(
          "%s: up to %d positions are taken, more than max_position_embeddings = %d: %s"
              .formatted(c.where(), limit.positions(), limit.stored(), limit.reason()));
    }
  }

  /// Whether the key that older versions of the reference library read names the same function.
  private static boolean sameFunction(Config c) {
    String read = c.text("hidden_act", "gelu_pytorch_tanh");
    String other = c.json().path("hidden_activation").asString("");
    return Activation.named(read.equals("gelu") ? "gelu_pytorch_tanh" : read)
        .equals(Activation.named(other));
  }

  private static void pictures(Checkpoint checkpoint, List<String> notes) {
    Optional<JsonNode> processor = checkpoint.json("processor_config.json");
    processor.ifPresent(json -> placeholders(json, checkpoint, notes));
    Optional<JsonNode> nested = processor.map(json -> json.path("image_processor"));
    if (nested.isPresent() && nested.get().isObject()) {
      unknown(
          new Config(nested.get(), "processor_config.json: image_processor"),
          pictures(checkpoint),
          notes);
    } else {
      checkpoint
          .json("preprocessor_config.json")
          .ifPresent(json ->
              unknown(new Config(json, "preprocessor_config.json"), pictures(checkpoint), notes));
    }
  }

  /// Which settings of a processor of pictures have an effect.
  private static ConfigKeys pictures(Checkpoint checkpoint) {
    return checkpoint.config().path("model_type").asString("").matches("qwen.*_vl")
        ? ConfigKeys.PICTURES.and(PATCHES)
        : ConfigKeys.PICTURES;
  }

  /// Settings of processors that make patches.
  private static final ConfigKeys PATCHES =
      ConfigKeys.of("", "patch_size temporal_patch_size merge_size min_pixels max_pixels", "");

  /// The reference library counts placeholders by the processor's settings and visual tokens by the
  /// model's, and stops where they differ; here the model's decide alone.
  private static void placeholders(JsonNode processor, Checkpoint checkpoint, List<String> notes) {
    JsonNode config = checkpoint.config();
    JsonNode patch = config.path("vision_config").path("patch_size");
    JsonNode strategy = config.path("vision_feature_select_strategy");
    JsonNode aspects = config.path("vision_aspect_ratio");
    for (Map.Entry<String, JsonNode> own :
        Map.of(
                "patch_size", patch,
                "vision_feature_select_strategy", strategy,
                "vision_aspect_ratio", aspects)
            .entrySet()) {
      JsonNode other = processor.path(own.getKey());
      if (says(other) && says(own.getValue()) && !other.equals(own.getValue())) {
        notes.add(
            "processor_config.json: %s = %s is not read; config.json has %s"
                .formatted(own.getKey(), other, own.getValue()));
      }
    }
  }

  /// Tells keys that nobody reads.
  private static void unknown(Config c, ConfigKeys keys, List<String> notes) {
    List<String> odd = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : c.json().properties()) {
      if (!keys.knows(entry.getKey()) && says(entry.getValue())) {
        odd.add(entry.getKey() + " = " + c.value(entry.getKey()));
      }
    }
    if (!odd.isEmpty()) {
      notes.add(
          "%s: %s %s no effect on %s"
              .formatted(
                  c.where(),
                  String.join(", ", odd),
                  odd.size() == 1 ? "has" : "have",
                  keys.holder()));
    }
  }

  private static void twice(Config c, String read, String hidden, List<String> notes) {
    if (c.has(read) && c.has(hidden) && !c.json().path(read).equals(c.json().path(hidden))) {
      notes.add(
          "%s: %s = %s is read, and %s = %s is not"
              .formatted(c.where(), read, c.value(read), hidden, c.value(hidden)));
    }
  }

  /// Weights that are stored in more digits than the config names would be rounded by the reference
  /// library when it loads them in their own type.
  private static void precision(Config config, Checkpoint checkpoint, List<String> notes) {
    String key = config.has("dtype") ? "dtype" : "torch_dtype";
    String named = config.json().path(key).asString("");
    boolean half = named.equals("float16") || named.equals("bfloat16");
    boolean wide =
        half
            && checkpoint.names().stream()
                .map(name -> checkpoint.info(name).dtype())
                .anyMatch(type -> type == DType.FLOAT32 || type == DType.FLOAT64);
    if (wide) {
      notes.add(
          "config.json: %s = \"%s\", and weights are stored in more digits; they are read as they are stored"
              .formatted(key, named));
    }
  }

  /// Whether a value says anything: null, false, and empty texts, lists and objects ask for
  /// nothing.
  private static boolean says(JsonNode value) {
    boolean empty =
        value.isMissingNode()
            || value.isNull()
            || value.isBoolean() && !value.asBoolean()
            || value.isContainer() && value.isEmpty()
            || value.isString() && value.asString().isEmpty();
    return !empty;
  }
}
