package dev.lynceus.text;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The special tokens that a checkpoint names in `tokenizer_config.json`,
/// `special_tokens_map.json`, `added_tokens.json` and `generation_config.json`.
///
/// @param names role to text, for example `bos_token` to `<s>`; a role set to null is left out
/// @param beginning what `tokenizer_config.json` says about a token at the beginning of a text
/// @param added tokens that the configuration adds to the vocabulary
/// @param generationBos `bos_token_id` of the generation config, empty if absent
/// @param generationPad `pad_token_id` of the generation config, empty if absent
record SpecialTokens(
    Map<String, String> names,
    Beginning beginning,
    List<Added> added,
    List<Integer> generationBos,
    List<Integer> generationPad) {

  /// Whether a text begins with the BOS token.
  enum Beginning {
    /// The configuration asks for it.
    ADD,
    /// Nothing is said: the post-processor of `tokenizer.json` decides.
    AS_TOKENIZER_JSON
  }

  /// A token of `added_tokens_decoder` or `added_tokens.json`.
  record Added(int id, String content, boolean special, JsonNode definition) {}

  static SpecialTokens read(Path folder) {
    JsonNode config = CheckpointJson.read(folder, "tokenizer_config.json");
    JsonNode map = CheckpointJson.read(folder, "special_tokens_map.json");
    JsonNode generation = CheckpointJson.read(folder, "generation_config.json");
    Map<String, String> names = new LinkedHashMap<>();
    collectNames(map, names);
    collectNames(config.path("extra_special_tokens"), names);
    collectNames(config, names);
    return new SpecialTokens(
        Map.copyOf(names),
        beginning(config),
        added(config, CheckpointJson.read(folder, "added_tokens.json")),
        ids(generation.path("bos_token_id")),
        ids(generation.path("pad_token_id")));
  }

  private static void collectNames(JsonNode node, Map<String, String> names) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String key = entry.getKey();
      if (!key.endsWith("_token") || key.startsWith("add_")) {
        continue;
      }
      JsonNode value = entry.getValue();
      JsonNode text = value.isObject() ? value.path("content") : value;
      if (text.isString()) {
        names.put(key, text.asString());
      } else if (value.isNull()) {
        names.remove(key);
      }
    }
  }

  /// `LlamaTokenizer` and `GemmaTokenizer` add BOS unless told not to; other classes only if told
  /// to.
  private static Beginning beginning(JsonNode config) {
    String type = config.path("tokenizer_class").asString("");
    boolean byDefault =
        type.startsWith("LlamaTokenizer")
            || type.startsWith("CodeLlamaTokenizer")
            || type.startsWith("GemmaTokenizer");
    return config.path("add_bos_token").asBoolean(byDefault)
        ? Beginning.ADD
        : Beginning.AS_TOKENIZER_JSON;
  }

  private static List<Added> added(JsonNode config, JsonNode addedTokens) {
    List<Added> added = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : config.path("added_tokens_decoder").properties()) {
      JsonNode definition = entry.getValue();
      String content = definition.path("content").asString("");
      if (entry.getKey().matches("\\d{1,9}") && !content.isEmpty()) {
        added.add(
            new Added(
                Integer.parseInt(entry.getKey()),
                content,
                definition.path("special").asBoolean(false),
                definition));
      }
    }
    for (Map.Entry<String, JsonNode> entry : addedTokens.properties()) {
      boolean known = added.stream().anyMatch(token -> token.content().equals(entry.getKey()));
      if (!known && entry.getValue().isIntegralNumber()) {
        added.add(
            new Added(
                id("added_tokens.json", entry.getValue()), entry.getKey(), true, entry.getValue()));
      }
    }
    added.sort(java.util.Comparator.comparingInt(Added::id));
    return List.copyOf(added);
  }

  private static List<Integer> ids(JsonNode node) {
    List<Integer> ids = new ArrayList<>();
    if (node.isIntegralNumber()) {
      ids.add(id("generation_config.json", node));
    }
    if (node.isArray()) {
      node.forEach(element -> {
        if (element.isIntegralNumber()) {
          ids.add(id("generation_config.json", element));
        }
      });
    }
    return List.copyOf(ids);
  }

  private static int id(String file, JsonNode node) {
    if (!node.canConvertToInt()) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          file + " names the token id " + node + ", which no vocabulary has",
          "Correct the file, or take it from the repository of the model.");
    }
    return node.asInt();
  }
}
