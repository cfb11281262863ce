package dev.lynceus.verify;

import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.text.ChatTemplate;
import dev.lynceus.text.Content;
import dev.lynceus.text.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Compares what a reader sees of a run with `expected.json`: prompt tokens, the predicted word,
/// the most probable words, the greedy text, the chat template.
record Answers(LoadedModel model, Prompt prompt, Judge judge, JsonNode expected) {

  /// Most tokens of an answer that are compared.
  private static final int MOST = 1 << 16;

  /// Compares everything that is there.
  List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    promptIds(checks);
    if (expected.has("tokens")) {
      List<String> pieces =
          IntStream.of(shown()).mapToObj(id -> model.tokenizer().piece(id)).toList();
      checks.add(judge.texts("tokens", pieces, strings(expected.path("tokens"))));
    }
    if (expected.has("image_positions")) {
      checks.add(judge.ids("image_positions", imagePositions(), ints("image_positions")));
    }
    prediction(checks);
    if (expected.has("generated_ids")) {
      generated(checks);
    }
    JsonNode chat = expected.path("chat_template_example");
    if (chat.has("text")) {
      checks.add(chat(chat));
    }
    return checks;
  }

  /// The words that stand in the file: of a question that is read beside the decoder, those.
  private int[] shown() {
    return prompt.beside().length() > 0 && SpokenValues.answers(model)
        ? prompt.beside().ids()
        : prompt.ids();
  }

  /// The greedy answer: where the reference says how many tokens it might have, up to its own end,
  /// else as many tokens as the reference has.
  private void generated(List<Check> checks) {
    int[] reference = ints("generated_ids");
    if (reference.length == 0) {
      return;
    }
    if (SpokenValues.answers(model)) {
      int[] all = new SpokenValues(model, prompt, judge).generated(reference.length);
      add(checks, judge.ids("generated_ids", all, reference, reference.length));
      return;
    }
    int[] ids;
    if (expected.has("max_new_tokens")) {
      int most = expected.path("max_new_tokens").asInt(0);
      if (most < reference.length || most > MOST) {
        throw ReferenceFolder.bad(
            "max_new_tokens = %s does not fit %d generated tokens"
                .formatted(expected.path("max_new_tokens"), reference.length));
      }
      Greedy answer = Greedy.answer(model, prompt, most);
      ids = answer.ids();
      add(checks, judge.ids("generated_ids", ids, reference, reference.length));
      if (expected.has("generation_ended")) {
        add(checks, text("generation_ended", answer.ended()));
      }
    } else {
      ids = Greedy.ids(model, prompt, reference.length);
      add(checks, judge.ids("generated_ids", ids, reference, reference.length));
    }
    if (expected.has("generated_text")) {
      add(checks, text("generated_text", known(ids)));
    }
  }

  /// A difference is no mistake where the checkpoint asks for a way of choosing that is left out
  /// here, unless the reference says that it left it out too.
  private void add(List<Check> checks, Check check) {
    List<String> leftOut =
        expected.has("generation_left_out") ? List.of() : model.settings().leftOut();
    checks.add(
        check.verdict() == Verdict.FAIL && !leftOut.isEmpty()
            ? Check.skipped(
                check.file(),
                check.name(),
                check.shape(),
                "the checkpoint asks for %s, which is left out here; %s"
                    .formatted(String.join(", ", leftOut), check.reason()))
            : check);
  }

  private void promptIds(List<Check> checks) {
    int[] ours = model.textIds(expected.path("prompt").asString(prompt.text()));
    for (String name : List.of("prompt_ids_before_expansion", "prompt_ids_by_tokenizer_json")) {
      if (expected.has(name)) {
        int[] reference = ints(name);
        // A processor that puts the beginning of a text behind the pictures tokenises without one.
        boolean without =
            name.equals("prompt_ids_before_expansion") && ours.length == reference.length + 1;
        int[] compared =
            without && placesBeginning() ? Arrays.copyOfRange(ours, 1, ours.length) : ours;
        checks.add(judge.ids(name, compared, reference, reference.length));
      }
    }
  }

  private void prediction(List<Check> checks) {
    try (Scope scope = Scope.open();
        Run run = model.run(prompt, Capture.NONE)) {
      int predicted = run.logits().argmax(-1).toInts()[0];
      if (expected.has("predicted_id")) {
        checks.add(
            judge.ids(
                "predicted_id",
                new int[] {predicted},
                new int[] {expected.path("predicted_id").asInt()}));
      }
      if (expected.has("predicted_text")) {
        checks.add(text("predicted_text", known(predicted)));
      }
      JsonNode top =
          Stream.of("top5", "top5_first_answer_token", "top5_first_token")
              .map(expected::path)
              .filter(JsonNode::isArray)
              .findFirst()
              .orElse(expected.path("top5"));
      if (top.isArray() && !top.isEmpty()) {
        int[] ids = top.valueStream().mapToInt(entry -> entry.path("id").asInt()).toArray();
        double[] probabilities =
            top.valueStream().mapToDouble(entry -> entry.path("prob").asDouble()).toArray();
        Tensor ours = Torch.softmax(run.logits().reshape(-1).to(DType.FLOAT64), 0);
        checks.addAll(judge.ranking(ours, ids, probabilities));
      }
    }
  }

  /// Whether the processor itself says where a text begins.
  private boolean placesBeginning() {
    return model.model() instanceof VisionLanguageModel eyes
        && !eyes.written("", model.template().imageToken(), "").isEmpty();
  }

  private int[] imagePositions() {
    int[] positions = prompt.tokens().positions(TokenMap.Role.IMAGE);
    return positions.length == 0
        ? new int[0]
        : new int[] {positions[0], positions[positions.length - 1] + 1};
  }

  /// Rows of the output layer beyond the vocabulary have no text.
  private String known(int... ids) {
    int size = model.tokenizer().vocabularySize();
    return model
        .tokenizer()
        .decodeSkippingSpecial(IntStream.of(ids).filter(id -> id < size).toArray());
  }

  private Check chat(JsonNode chat) {
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : chat.path("messages")) {
      messages.add(
          new Message(message.path("role").asString(""), content(message.path("content"))));
    }
    String rendered =
        ChatTemplate.of(model.checkpoint().folder())
            .render(messages, chat.path("add_generation_prompt").asBoolean(false));
    return judge.texts(
        "chat_template_example", List.of(rendered), List.of(chat.path("text").asString()));
  }

  private static List<Content> content(JsonNode content) {
    List<Content> parts = new ArrayList<>();
    if (content.isString()) {
      parts.add(new Content.Text(content.asString()));
    }
    for (JsonNode part : content) {
      if (part.path("type").asString("").equals("image")) {
        parts.add(new Content.Image());
      } else {
        parts.add(new Content.Text(part.path("text").asString("")));
      }
    }
    return parts;
  }

  private Check text(String name, String ours) {
    return judge.texts(name, List.of(ours), List.of(expected.path(name).asString("")));
  }

  private int[] ints(String name) {
    return expected.path(name).valueStream().mapToInt(JsonNode::asInt).toArray();
  }

  static List<String> strings(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }
}
