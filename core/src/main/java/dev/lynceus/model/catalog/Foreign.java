package dev.lynceus.model.catalog;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.config.Config;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Checkpoints that are whole and good, but of a kind that is not read: quantised weights, the
/// layout of LLaVA's own code, adapters among the weights, names with something before them. Each
/// is refused by what it is, with the way out; fetching it again would change nothing.
final class Foreign {
  private Foreign() {}

  private static final int NAMES_IN_MESSAGES = 3;

  /// Keys by which configs say that weights are quantised.
  private static final List<String> QUANTISED =
      List.of("quantization_config", "compression_config");

  /// Ends of tensor names that only quantised layers have.
  private static final Pattern QUANTISED_NAME =
      Pattern.compile(
          ".*\\.(qweight|qzeros|g_idx|SCB|weight_packed|weight_scale|weight_scale_inv|weight_shape"
              + "|weight_zero_point|absmax|nested_absmax|quant_map|nested_quant_map|weight_format"
              + "|weight_blocks|weight_scales|quant_state\\..*)");

  private static final Pattern ADAPTER_NAME =
      Pattern.compile(
          ".*\\.(lora_[A-Za-z_]+|base_layer|modules_to_save|ia3_l|oft_[rs]|hada_w.*)\\..*");

  /// Where the layers of a decoder may begin, the longest first.
  private static final List<String> DECODERS =
      List.of(
          "model.text_model.",
          "text_model.",
          "model.language_model.model.decoder.",
          "language_model.model.decoder.",
          "model.language_model.decoder.",
          "model.decoder.",
          "decoder.",
          "model.language_model.model.",
          "language_model.model.",
          "model.language_model.",
          "language_model.",
          "model.",
          "");

  private static final Pattern FIRST_LAYER =
      Pattern.compile("(.*?)layers\\.0\\.self_attn\\.q_proj\\.weight");

  private static final Pattern TOWER = Pattern.compile(".*(vision|visual|image).*");

  /// Refuses the configs that LLaVA's own code writes.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL
  static void refuseOriginal(Config config) {
    String type = config.text("model_type", "");
    if (ORIGINAL.contains(type)) {
      throw originalLlava("model_type = \"" + type + "\"");
    }
  }

  /// Refuses configs of quantised weights.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL
  static void refuseQuantised(Config config) {
    for (Config part : List.of(config, config.at("text_config"), config.at("vision_config"))) {
      for (String key : QUANTISED) {
        if (part.has(key)) {
          throw quantised(
              "%s has %s (%s)".formatted(part.where(), key, method(part.json().path(key))));
        }
      }
    }
  }

  /// Refuses what the names and types of tensors say is of another kind.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL, or BAD_CHECKPOINT for adapters and prefixes
  static void refuse(Config config, Weights weights) {
    Set<String> names = weights.names();
    Optional<String> projector =
        names.stream().filter(name -> name.contains("mm_projector.")).findFirst();
    boolean converted = names.stream().anyMatch(name -> name.contains("multi_modal_projector."));
    if (projector.isPresent()) {
      throw originalLlava("a tensor " + projector.get());
    }
    if (config.has("mm_vision_tower") && !converted) {
      throw originalLlava("mm_vision_tower = " + config.value("mm_vision_tower"));
    }
    List<String> adapters = matching(names, ADAPTER_NAME);
    if (!adapters.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "%d of the %d tensors belong to adapters that are not merged into the weights, for example %s"
              .formatted(adapters.size(), names.size(), adapters.getFirst()),
          "Merge them with the library that made them (peft: merge_and_unload, then save_pretrained), and give that folder.");
    }
    List<String> quantised = matching(names, QUANTISED_NAME);
    if (!quantised.isEmpty()) {
      throw quantised(
          "the checkpoint holds tensors that only quantised layers have, for example "
              + quantised.getFirst());
    }
    for (String name : names) {
      if (name.endsWith(".weight") && !weights.info(name).dtype().isFloating()) {
        throw quantised("tensor %s is stored as %s".formatted(name, weights.info(name).dtype()));
      }
    }
    prefix(names)
        .ifPresent(prefix -> {
          throw prefixed(prefix, names);
        });
  }

  /// What stands before the names of a decoder, if anything does that belongs to no layout. Where
  /// the layers alone leave it open, the other parts of the model tell.
  static Optional<String> prefix(Set<String> names) {
    for (String name : names) {
      Matcher first = FIRST_LAYER.matcher(name);
      if (!first.matches() || TOWER.matcher(name).matches()) {
        continue;
      }
      String before = first.group(1);
      String best = before;
      long most = -1;
      for (String layout : DECODERS) {
        if (before.endsWith(layout)) {
          String prefix = before.substring(0, before.length() - layout.length());
          long parts =
              names.stream()
                  .filter(other -> other.startsWith(prefix))
                  .map(other -> other.substring(prefix.length()))
                  .filter(rest -> OTHER_PARTS.stream().anyMatch(rest::startsWith))
                  .count();
          if (parts > most) {
            most = parts;
            best = prefix;
          }
        }
      }
      return Optional.of(best).filter(prefix -> !prefix.isEmpty());
    }
    return Optional.empty();
  }

  /// How names of the other parts of a model begin.
  private static final List<String> OTHER_PARTS =
      List.of(
          "lm_head",
          "language_model.lm_head",
          "vision_tower",
          "model.vision_tower",
          "visual",
          "model.visual",
          "multi_modal_projector",
          "model.multi_modal_projector");

  private static LynceusException prefixed(String prefix, Set<String> names) {
    long with = names.stream().filter(name -> name.startsWith(prefix)).count();
    return new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        "%s names begin with \"%s\", which belongs to no layout of a checkpoint: for example %s"
            .formatted(
                with == names.size() ? "all " + with : with + " of " + names.size(),
                prefix,
                examples(names)),
        "A wrapper was saved, not the model in it (%s). Save the inner model with save_pretrained, or take the prefix from the names; the files themselves are whole."
            .formatted(
                WRAPPERS.getOrDefault(prefix.replaceAll("\\.$", ""), "as training programs do")));
  }

  private static final Map<String, String> WRAPPERS =
      Map.of(
          "base_model.model", "peft writes such names",
          "module", "torch's DataParallel writes such names",
          "_orig_mod", "torch.compile writes such names",
          "_fsdp_wrapped_module", "torch's FSDP writes such names",
          "_forward_module", "Lightning writes such names");

  /// Some names, for messages.
  static String examples(Set<String> names) {
    return new TreeSet<>(names).stream().limit(NAMES_IN_MESSAGES).collect(Collectors.joining(", "));
  }

  /// Types that LLaVA's own code writes. Those of the reference library differ: llava, llava_next
  /// and others.
  private static final Set<String> ORIGINAL =
      Set.of(
          "llava_llama",
          "llava_mistral",
          "llava_mixtral",
          "llava_qwen",
          "llava_qwen2",
          "llava_gemma",
          "llava_mpt",
          "llava_phi",
          "LlavaLlamaForCausalLM");

  private static LynceusException originalLlava(String sign) {
    return new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        "this is the layout of LLaVA's own code (" + sign + "), which is not read",
        "Use its conversion for transformers (model_type llava or llava_next; the organisation llava-hf"
            + " has those of the published models), or convert it with transformers'"
            + " convert_llava_weights_to_hf.py or convert_llava_next_weights_to_hf.py.");
  }

  private static LynceusException quantised(String sign) {
    return new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        sign + ": quantised weights are not read",
        "Use the checkpoint that it was made from, in float32, bfloat16 or float16. Nothing is broken.");
  }

  private static String method(JsonNode part) {
    List<String> facts = new ArrayList<>();
    String method = part.path("quant_method").asString("");
    facts.add(method.isEmpty() ? "no quant_method named" : "quant_method " + method);
    for (String bits : List.of("load_in_4bit", "load_in_8bit")) {
      if (part.path(bits).isBoolean() && part.path(bits).asBoolean()) {
        facts.add(bits.replace("load_in_", "").replace("bit", " bit"));
      }
    }
    for (String bits : List.of("bits", "w_bit", "nbits", "weight_bits")) {
      if (part.path(bits).isNumber()) {
        facts.add(part.path(bits).asInt() + " bit");
      }
    }
    return String.join(", ", facts);
  }

  private static List<String> matching(Set<String> names, Pattern pattern) {
    return names.stream().filter(name -> pattern.matcher(name).matches()).toList();
  }
}
