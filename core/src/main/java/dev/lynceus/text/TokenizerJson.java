package dev.lynceus.text;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.InputFile;
import dev.lynceus.text.safe.TokenizerCheck;
import dev.lynceus.text.safe.TokenizerDefect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The `tokenizer.json` of a checkpoint, with the tokens that only the configuration files add,
/// after it was checked.
///
/// @param json what the native library gets
/// @param root the file, parsed
/// @param check what was found out about it
record TokenizerJson(String json, JsonNode root, TokenizerCheck check) {
  private static final List<String> OTHER_FORMS =
      List.of("tokenizer.model", "vocab.json", "vocab.txt", "spiece.model", "tekken.json");

  static TokenizerJson read(Path folder, SpecialTokens special) {
    Path file = folder.resolve("tokenizer.json");
    if (!InputFile.isThere(file)) {
      throw absent(folder);
    }
    JsonNode root = CheckpointJson.parse(file, InputFile.TOKENIZER.text(file));
    if (!root.path("model").path("vocab").isContainer()) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          file + " has no model.vocab",
          "This is not a tokenizer.json of the tokenizers library; download the file again.");
    }
    int own = root.path("added_tokens").size();
    JsonNode whole = withAdded(root, special.added());
    try {
      TokenizerCheck check = TokenizerCheck.of(whole, own);
      return new TokenizerJson(
          CheckpointJson.MAPPER.writeValueAsString(check.root()), whole, check);
    } catch (TokenizerDefect defect) {
      throw refused(file, defect);
    }
  }

  private static LynceusException refused(Path file, TokenizerDefect defect) {
    String reason = String.valueOf(defect.getMessage());
    return switch (defect.kind()) {
      case BROKEN -> NativeTokenizer.unreadable(file.toString(), reason, defect);
      case BEYOND_BOUNDS ->
          new LynceusException(
              ErrorCode.BAD_CHECKPOINT,
              file + " is past what is read of a tokenizer: " + reason,
              "The file may be whole. Lynceus bounds what a tokenizer may cost; docs/reference/robustness.md has the"
                  + " bounds.",
              defect);
      case UNSUPPORTED ->
          new LynceusException(
              ErrorCode.UNSUPPORTED_MODEL,
              file + " asks for what is not supported: " + reason,
              "The file may be whole. docs/reference/text.md has what tokenizers may use; write it anew with"
                  + " save_pretrained of transformers if yours is older.",
              defect);
    };
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
  private static JsonNode withAdded(JsonNode root, List<SpecialTokens.Added> configured) {
    Set<String> present = new HashSet<>();
    root.path("added_tokens").forEach(t -> present.add(t.path("content").asString("")));
    List<SpecialTokens.Added> missing =
        configured.stream().filter(token -> !present.contains(token.content())).toList();
    if (missing.isEmpty() || !(root instanceof ObjectNode object)) {
      return root;
    }
    ArrayNode added = CheckpointJson.MAPPER.createArrayNode();
    root.path("added_tokens").forEach(added::add);
    for (SpecialTokens.Added token : missing) {
      ObjectNode node = CheckpointJson.MAPPER.createObjectNode();
      node.put("id", token.id());
      node.put("content", token.content());
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        node.put(flag, token.definition().path(flag).asBoolean(false));
      }
      node.put("special", token.special());
      added.add(node);
    }
    object.set("added_tokens", added);
    return object;
  }
}
