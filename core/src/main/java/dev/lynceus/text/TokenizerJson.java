package dev.lynceus.text;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The `tokenizer.json` of a checkpoint, with the tokens that only the configuration files add.
///
/// @param json the file as the native library gets it
/// @param root the same, parsed
record TokenizerJson(String json, JsonNode root) {
  private static final List<String> OTHER_FORMS =
      List.of("tokenizer.model", "vocab.json", "vocab.txt", "spiece.model", "tekken.json");

  static TokenizerJson read(Path folder, SpecialTokens special) {
    Path file = folder.resolve("tokenizer.json");
    if (!Files.isRegularFile(file)) {
      throw absent(folder);
    }
    String json = CheckpointJson.text(file);
    JsonNode root = CheckpointJson.parse(file, json);
    if (!root.path("model").path("vocab").isContainer()) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          file + " has no model.vocab",
          "This is not a tokenizer.json of the tokenizers library; download the file again.");
    }
    return withAdded(json, root, special.added());
  }

  private static LynceusException absent(Path folder) {
    if (!Files.isDirectory(folder)) {
      return new LynceusException(
          ErrorCode.MODEL_NOT_FOUND,
          "There is no checkpoint folder " + folder,
          "Give the folder that holds config.json and tokenizer.json.");
    }
    List<String> others =
        OTHER_FORMS.stream().filter(name -> Files.isRegularFile(folder.resolve(name))).toList();
    String seen = others.isEmpty() ? "" : " (only " + String.join(", ", others) + ")";
    return new LynceusException(
        ErrorCode.MODEL_NOT_FOUND,
        "There is no tokenizer.json in " + folder + seen,
        others.isEmpty()
            ? "Download the tokenizer files of the checkpoint into that folder."
            : "Convert it once in Python: from transformers import AutoTokenizer; "
                + "AutoTokenizer.from_pretrained(FOLDER, use_fast=True).save_pretrained(FOLDER)");
  }

  /// Adds the tokens that `tokenizer_config.json` or `added_tokens.json` name and `tokenizer.json`
  /// lacks, as transformers does when it loads such a folder.
  private static TokenizerJson withAdded(
      String json, JsonNode root, List<SpecialTokens.Added> configured) {
    Set<String> present = new HashSet<>();
    root.path("added_tokens").forEach(t -> present.add(t.path("content").asString("")));
    List<SpecialTokens.Added> missing =
        configured.stream().filter(token -> !present.contains(token.content())).toList();
    if (missing.isEmpty() || !(root instanceof ObjectNode object)) {
      return new TokenizerJson(json, root);
    }
    List<JsonNode> all = new ArrayList<>();
    root.path("added_tokens").forEach(all::add);
    for (SpecialTokens.Added token : missing) {
      ObjectNode node = CheckpointJson.MAPPER.createObjectNode();
      node.put("id", token.id());
      node.put("content", token.content());
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        node.put(flag, token.definition().path(flag).asBoolean(false));
      }
      node.put("special", token.special());
      all.add(node);
    }
    all.sort(java.util.Comparator.comparingInt(t -> t.path("id").asInt()));
    ArrayNode added = CheckpointJson.MAPPER.createArrayNode();
    all.forEach(added::add);
    object.set("added_tokens", added);
    return new TokenizerJson(CheckpointJson.MAPPER.writeValueAsString(object), object);
  }
}
