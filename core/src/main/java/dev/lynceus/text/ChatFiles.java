package dev.lynceus.text;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a checkpoint folder says about conversations.
///
/// @param template the chat template and the file it came from, if there is one
/// @param modality whether the model takes pictures
/// @param imageToken the text that stands for a picture
/// @param specialTokens special tokens by role
record ChatFiles(
    Optional<Source> template,
    Modality modality,
    String imageToken,
    Map<String, String> specialTokens) {

  /// What a model takes.
  enum Modality {
    TEXT,
    TEXT_AND_IMAGES
  }

  /// A template and where it was found.
  record Source(String file, String text) {}

  static ChatFiles read(Path folder) {
    JsonNode config = CheckpointJson.read(folder, "config.json");
    JsonNode processor = CheckpointJson.read(folder, "processor_config.json");
    boolean images =
        processor.isObject()
            || config.has("vision_config")
            || config.has("image_token_index")
            || config.has("image_token_id")
            || Files.isRegularFile(folder.resolve("preprocessor_config.json"));
    SpecialTokens special = SpecialTokens.read(folder);
    return new ChatFiles(
        template(folder, processor),
        images ? Modality.TEXT_AND_IMAGES : Modality.TEXT,
        imageToken(config, processor, special),
        special.names());
  }

  private static Optional<Source> template(Path folder, JsonNode processor) {
    Path jinja = folder.resolve("chat_template.jinja");
    if (Files.isRegularFile(jinja)) {
      return Optional.of(new Source("chat_template.jinja", CheckpointJson.text(jinja)));
    }
    return choose("chat_template.json", CheckpointJson.read(folder, "chat_template.json"))
        .or(() -> choose("processor_config.json", processor))
        .or(() ->
            choose("tokenizer_config.json", CheckpointJson.read(folder, "tokenizer_config.json")));
  }

  /// `chat_template` is a string, or a list of `{name, template}` of which `default` is taken.
  private static Optional<Source> choose(String file, JsonNode json) {
    JsonNode template = json.path("chat_template");
    if (template.isString()) {
      return Optional.of(new Source(file, template.asString()));
    }
    if (!template.isArray() || template.isEmpty()) {
      return Optional.empty();
    }
    for (JsonNode named : template) {
      if (named.path("name").asString("").equals("default") || template.size() == 1) {
        return Optional.of(new Source(file, named.path("template").asString("")));
      }
    }
    throw new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        file + " has " + template.size() + " chat templates and none is named default",
        "Put the one that you want into a file chat_template.jinja in the checkpoint folder.");
  }

  private static String imageToken(JsonNode config, JsonNode processor, SpecialTokens special) {
    JsonNode declared = processor.path("image_token");
    JsonNode text = declared.isObject() ? declared.path("content") : declared;
    if (text.isString()) {
      return text.asString();
    }
    String named = special.names().get("image_token");
    if (named != null) {
      return named;
    }
    int id = config.path("image_token_index").asInt(config.path("image_token_id").asInt(-1));
    return special.added().stream()
        .filter(token -> token.id() == id)
        .map(SpecialTokens.Added::content)
        .findFirst()
        .orElse("<image>");
  }
}
