package dev.lynceus.text;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What a checkpoint folder says about conversations.
///
/// @param template the chat template and the file it came from, if there is one
/// @param modality whether the model takes pictures
/// @param imageToken the text that stands for a picture
/// @param videoToken the text that stands for a video
/// @param specialTokens special tokens by role
/// @param form how a question is put where there is no template
record ChatFiles(
    Optional<Source> template,
    Modality modality,
    String imageToken,
    String videoToken,
    Map<String, String> specialTokens,
    Form form) {

  /// How a question is put to a model that has no template.
  enum Form {
    /// As LLaVA 1.5 was asked.
    LLAVA,
    /// Pictures and the question alone; the processor writes the rest (PaliGemma).
    BARE,
    /// `Question: … Answer:` (BLIP-2).
    QUESTION_ANSWER
  }

  private static final String ADDITIONAL = "additional_chat_templates";

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
            || InputFile.isThere(folder.resolve("preprocessor_config.json"));
    Modality modality = images ? Modality.TEXT_AND_IMAGES : Modality.TEXT;
    SpecialTokens special = SpecialTokens.read(folder);
    return new ChatFiles(
        template(folder, processor, modality),
        modality,
        imageToken(config, processor, special),
        processor.path("video_token").asString("<video>"),
        special.names(),
        switch (config.path("model_type").asString("")) {
          case "paligemma", "instructblip" -> Form.BARE;
          case "blip-2" -> Form.QUESTION_ANSWER;
          default -> Form.LLAVA;
        });
  }

  /// The template, from where the reference library takes it: the processor of a model with
  /// pictures, the tokenizer of one without. Where that one finds none, what the other would find
  /// is better than nothing.
  private static Optional<Source> template(Path folder, JsonNode processor, Modality modality) {
    JsonNode tokenizer = CheckpointJson.read(folder, "tokenizer_config.json");
    Optional<Source> ofTokenizer = choose("tokenizer_config.json", tokenizer);
    Optional<Source> ofProcessor = choose("processor_config.json", processor);
    return switch (modality) {
      case TEXT_AND_IMAGES ->
          ofProcessor
              .or(() -> legacy(folder))
              .or(() -> separate(folder, modality))
              .or(() -> ofTokenizer);
      case TEXT ->
          separate(folder, modality)
              .or(() -> ofTokenizer)
              .or(() -> ofProcessor)
              .or(() -> legacy(folder));
    };
  }

  /// `chat_template.json`, the older file of processors; with templates beside it the reference
  /// library does not know which to take.
  private static Optional<Source> legacy(Path folder) {
    Optional<Source> found =
        choose("chat_template.json", CheckpointJson.read(folder, "chat_template.json"));
    if (found.isPresent() && !additional(folder).isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "chat_template.json and the folder " + ADDITIONAL + " contradict each other",
          "Remove one of them, or put the template that you want into chat_template.jinja alone.");
    }
    return found;
  }

  /// `chat_template.jinja` and the folder beside it, of which `default.jinja` is taken. Where both
  /// are there, processors take the file and tokenizers the folder.
  private static Optional<Source> separate(Path folder, Modality modality) {
    Path jinja = folder.resolve("chat_template.jinja");
    List<Path> named = additional(folder);
    Optional<Source> file =
        InputFile.isThere(jinja)
            ? Optional.of(new Source("chat_template.jinja", InputFile.TEMPLATE.text(jinja)))
            : Optional.empty();
    Optional<Source> beside =
        named.stream()
            .filter(path -> path.endsWith("default.jinja"))
            .findFirst()
            .map(path -> new Source(ADDITIONAL + "/default.jinja", InputFile.TEMPLATE.text(path)));
    Optional<Source> found =
        switch (modality) {
          case TEXT_AND_IMAGES -> file.or(() -> beside);
          case TEXT -> beside.or(() -> file);
        };
    if (found.isEmpty() && !named.isEmpty()) {
      throw noDefault(ADDITIONAL, named.size());
    }
    return found;
  }

  private static List<Path> additional(Path folder) {
    Path templates = folder.resolve(ADDITIONAL);
    if (!Files.isDirectory(templates)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(templates)) {
      return files.filter(file -> file.toString().endsWith(".jinja")).sorted().toList();
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          templates + " cannot be read: " + e.getMessage(),
          "Check the rights of the folder and the disk.",
          e);
    }
  }

  /// `chat_template` is a string, a list of `{name, template}`, or an object of names, of which
  /// `default` is taken.
  private static Optional<Source> choose(String file, JsonNode json) {
    JsonNode template = json.path("chat_template");
    if (template.isString()) {
      return Optional.of(new Source(file, template.asString()));
    }
    Map<String, JsonNode> named = new LinkedHashMap<>();
    if (template.isObject()) {
      template.properties().forEach(entry -> named.put(entry.getKey(), entry.getValue()));
    }
    if (template.isArray()) {
      template.forEach(one -> named.put(one.path("name").asString(""), one.path("template")));
    }
    if (named.isEmpty()) {
      return Optional.empty();
    }
    JsonNode chosen =
        named.size() == 1 && template.size() == 1
            ? named.values().iterator().next()
            : named.get("default");
    if (chosen == null || !chosen.isString()) {
      throw noDefault(file, template.size());
    }
    return Optional.of(new Source(file, chosen.asString()));
  }

  private static LynceusException noDefault(String where, int count) {
    return new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        "%s has %d chat template%s and none is named default"
            .formatted(where, count, count == 1 ? "" : "s"),
        "Put the one that you want into a file chat_template.jinja in the checkpoint folder.");
  }

  private static String imageToken(JsonNode config, JsonNode processor, SpecialTokens special) {
    JsonNode declared = processor.path("image_token");
    JsonNode text = declared.isObject() ? declared.path("content") : declared;
    if (text.isString()) {
      return text.asString();
    }
    // What stands for a picture of Gemma 3 begins its tokens; the processor writes the rest.
    boolean begins = config.path("model_type").asString("").equals("gemma3");
    String role = begins ? "boi_token" : "image_token";
    String named = special.names().get(role);
    if (named != null) {
      return named;
    }
    int id = config.path(role + "_index").asInt(config.path(role + "_id").asInt(-1));
    return special.added().stream()
        .filter(token -> token.id() == id)
        .map(SpecialTokens.Added::content)
        .findFirst()
        .orElse("<image>");
  }
}
