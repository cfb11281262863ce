package dev.lynceus.text;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.text.jinja.Template;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns a conversation into the text that a model was trained on.
///
/// Encode the result with [Tokenizer#encodeChat], which does not add a BOS that is there already.
public final class ChatTemplate {
  private final ChatFiles files;
  private final @Nullable Template template;

  private ChatTemplate(ChatFiles files, @Nullable Template template) {
    this.files = files;
    this.template = template;
  }

  /// How the content of a message is given to a template.
  private enum Form {
    /// A list of `{type: image}` and `{type: text, text: …}`, as processors of transformers give
    /// it.
    PARTS,
    /// A string, in which a picture is the image token and a newline.
    STRING
  }

  /// Reads the chat template of a checkpoint folder, from where the reference library takes it. Of
  /// a model with pictures: `chat_template` of `processor_config.json`, else of
  /// `chat_template.json`, else `chat_template.jinja`, else `default.jinja` of the folder
  /// `additional_chat_templates`, else `chat_template` of `tokenizer_config.json`. Of a text-only
  /// model: that folder, `chat_template.jinja`, `tokenizer_config.json`, then the others. Where
  /// there is none, a default.
  ///
  /// @throws LynceusException `BAD_CHECKPOINT` with the line if the template cannot be read
  public static ChatTemplate of(Path folder) {
    ChatFiles files = ChatFiles.read(folder);
    return new ChatTemplate(
        files,
        files.template().map(source -> Template.parse(source.file(), source.text())).orElse(null));
  }

  /// The file that the template came from, or `default` where the checkpoint has none.
  public String origin() {
    return files.template().map(ChatFiles.Source::file).orElse("default");
  }

  /// What is used in the place of a template that the checkpoint lacks; empty where it has one.
  public Optional<String> substitute() {
    if (template != null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (files.modality()) {
          case TEXT_AND_IMAGES ->
              switch (files.form()) {
                case LLAVA -> "the form of LLaVA 1.5 (USER: … ASSISTANT:)";
                case BARE -> "the question as it is";
                case QUESTION_ANSWER -> "the form of BLIP-2 (Question: … Answer:)";
              };
          case TEXT -> "the question as it is";
        });
  }

  /// The text that stands for a picture, for example `<image>`.
  public String imageToken() {
    return files.imageToken();
  }

  /// The text that stands for a video, where the model reads any: `<video>`.
  public String videoToken() {
    return files.videoToken();
  }

  /// Renders a conversation.
  ///
  /// A model with pictures gets its content as a list of parts, a text-only model as a string, as
  /// transformers does. Where a template fails with that form, prints the list itself, leaves out
  /// the pictures or the last question, the other form is tried.
  ///
  /// @param addGenerationPrompt whether the text ends where the assistant starts to answer
  /// @throws LynceusException `BAD_REQUEST` without messages, for a picture to a text-only model,
  ///   or if the template refuses the conversation; `BAD_CHECKPOINT` if the template fails
  public String render(List<Message> messages, boolean addGenerationPrompt) {
    if (messages.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "The conversation is empty", "Give at least one question.");
    }
    boolean images = messages.stream().anyMatch(message -> message.images() > 0);
    boolean multimodal = files.modality() == ChatFiles.Modality.TEXT_AND_IMAGES;
    if (images && !multimodal) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "This model takes text only, and the conversation has a picture",
          "Leave the picture out, or choose a vision-language model.");
    }
    if (template == null) {
      return multimodal
          ? switch (files.form()) {
            case LLAVA -> llavaDefault(messages, addGenerationPrompt);
            case BARE -> bare(messages);
            case QUESTION_ANSWER -> questions(messages, addGenerationPrompt);
          }
          : String.join("\n", messages.stream().map(Message::text).toList());
    }
    List<Form> forms =
        multimodal ? List.of(Form.PARTS, Form.STRING) : List.of(Form.STRING, Form.PARTS);
    return firstComplete(template, forms, messages, addGenerationPrompt);
  }

  private String firstComplete(
      Template rendered, List<Form> forms, List<Message> messages, boolean addGenerationPrompt) {
    LynceusException failure = null;
    String incomplete = null;
    for (Form form : forms) {
      try {
        String text = rendered.render(variables(messages, form, addGenerationPrompt));
        if (isComplete(text, rendered, form, messages, addGenerationPrompt)) {
          return text;
        }
        incomplete = incomplete == null && !showsParts(text) ? text : incomplete;
      } catch (LynceusException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (incomplete != null) {
      return incomplete;
    }
    throw failure != null
        ? failure
        : new LynceusException(
            ErrorCode.BAD_CHECKPOINT,
            origin() + " does not print the content of the messages",
            "Correct the template, or give the prompt as plain text.");
  }

  private boolean isComplete(
      String text,
      Template rendered,
      Form form,
      List<Message> messages,
      boolean addGenerationPrompt) {
    String question = messages.getLast().text().strip();
    if (showsParts(text) || !text.contains(question)) {
      return false;
    }
    if (messages.stream().noneMatch(message -> message.images() > 0)) {
      return true;
    }
    List<Message> blind = messages.stream().map(ChatTemplate::withoutImages).toList();
    try {
      return !text.equals(rendered.render(variables(blind, form, addGenerationPrompt)));
    } catch (LynceusException e) {
      // The template needs the pictures, so it did not leave them out.
      return true;
    }
  }

  private static Message withoutImages(Message message) {
    return new Message(
        message.role(), message.content().stream().filter(Content.Text.class::isInstance).toList());
  }

  /// Whether the template printed the list of parts as Python writes a list.
  private static boolean showsParts(String text) {
    return text.contains("[{'type': 'text'") || text.contains("[{'type': 'image'");
  }

  private Map<String, @Nullable Object> variables(
      List<Message> messages, Form form, boolean addGenerationPrompt) {
    Map<String, @Nullable Object> variables = new HashMap<>(files.specialTokens());
    List<Map<String, Object>> list = new ArrayList<>();
    for (Message message : messages) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("role", message.role());
      map.put(
          "content",
          switch (form) {
            case PARTS -> parts(message);
            case STRING -> string(message);
          });
      list.add(map);
    }
    variables.put("messages", list);
    variables.put("tools", null);
    variables.put("documents", null);
    variables.put("add_generation_prompt", addGenerationPrompt);
    return variables;
  }

  private static List<Map<String, String>> parts(Message message) {
    List<Map<String, String>> parts = new ArrayList<>();
    for (Content content : message.content()) {
      Map<String, String> part = new LinkedHashMap<>();
      switch (content) {
        case Content.Image _ -> part.put("type", "image");
        case Content.Video _ -> part.put("type", "video");
        case Content.Text text -> {
          part.put("type", "text");
          part.put("text", text.text());
        }
      }
      parts.add(part);
    }
    return parts;
  }

  private String string(Message message) {
    StringBuilder text = new StringBuilder();
    for (Content content : message.content()) {
      switch (content) {
        case Content.Image _ -> text.append(imageToken()).append('\n');
        case Content.Video _ -> text.append(files.videoToken()).append('\n');
        case Content.Text written -> text.append(written.text());
      }
    }
    return text.toString();
  }

  /// The conversation form that LLaVA 1.5 was trained on: `USER: <image>\nquestion ASSISTANT:
  /// answer</s>USER: question ASSISTANT:`. Pictures, then the words of all messages.
  private String bare(List<Message> messages) {
    int images = messages.stream().mapToInt(Message::images).sum();
    return files.imageToken().repeat(images)
        + String.join("\n", messages.stream().map(Message::text).toList());
  }

  /// Pictures first, then each question and its answer.
  private String questions(List<Message> messages, boolean addGenerationPrompt) {
    int images = messages.stream().mapToInt(Message::images).sum();
    StringBuilder text = new StringBuilder(files.imageToken().repeat(images));
    String space = "";
    for (Message message : messages) {
      text.append(space);
      switch (message.role()) {
        case "system" -> text.append(message.text());
        case "user" -> text.append("Question: ").append(message.text());
        case "assistant" -> text.append("Answer: ").append(message.text()).append('.');
        default -> throw unknownRole(message);
      }
      space = " ";
    }
    return addGenerationPrompt ? text.append(" Answer:").toString() : text.toString();
  }

  private static LynceusException unknownRole(Message message) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        "The role " + message.role() + " is not known",
        "Use system, user or assistant.");
  }

  private String llavaDefault(List<Message> messages, boolean addGenerationPrompt) {
    String end = files.specialTokens().getOrDefault("eos_token", "</s>");
    StringBuilder text = new StringBuilder();
    for (Message message : messages) {
      switch (message.role()) {
        case "system" -> text.append(message.text()).append(' ');
        case "user" -> text.append("USER: ").append(string(message)).append(' ');
        case "assistant" -> text.append("ASSISTANT: ").append(message.text()).append(end);
        default -> throw unknownRole(message);
      }
    }
    if (addGenerationPrompt) {
      return text.append("ASSISTANT:").toString();
    }
    return text.toString().stripTrailing();
  }
}
