package dev.lynceus.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChatTemplateTest {
  @TempDir Path folder;

  private void write(String name, Object json) throws IOException {
    Files.writeString(folder.resolve(name), JsonMapper.shared().writeValueAsString(json));
  }

  private void multimodal() throws IOException {
    write("processor_config.json", Map.of("image_token", "<image>"));
  }

  private void template(String source) throws IOException {
    Files.writeString(folder.resolve("chat_template.jinja"), source);
  }

  /// Which source wins, as AutoProcessor and AutoTokenizer of transformers 5.18 were seen to
  /// choose.
  ///
  /// @param there P processor_config.json, J chat_template.json, X chat_template.jinja, A
  ///   additional_chat_templates/default.jinja, T tokenizer_config.json
  private String source(boolean sees, String there) throws IOException {
    Path made = Files.createDirectories(folder.resolve(sees + there));
    for (char one : there.toCharArray()) {
      String json = JsonMapper.shared().writeValueAsString(Map.of("chat_template", "" + one));
      switch (one) {
        case 'P' -> Files.writeString(made.resolve("processor_config.json"), json);
        case 'J' -> Files.writeString(made.resolve("chat_template.json"), json);
        case 'X' -> Files.writeString(made.resolve("chat_template.jinja"), "X");
        case 'A' -> {
          Files.createDirectories(made.resolve("additional_chat_templates"));
          Files.writeString(made.resolve("additional_chat_templates/default.jinja"), "A");
          Files.writeString(made.resolve("additional_chat_templates/tool_use.jinja"), "tools");
        }
        default -> Files.writeString(made.resolve("tokenizer_config.json"), json);
      }
    }
    if (sees) {
      Files.writeString(made.resolve("preprocessor_config.json"), "{}");
    }
    return ChatTemplate.of(made).render(List.of(Message.user("q")), true);
  }

  @Test
  void aTemplateComesFromWhereTheReferenceTakesIt() throws IOException {
    for (String there : List.of("PJX", "PXAT", "PT")) {
      assertThat(source(true, there)).as(there).isEqualTo("P");
    }
    for (String there : List.of("JX", "JT", "J")) {
      assertThat(source(true, there)).as(there).isEqualTo("J");
    }
    for (String there : List.of("XT", "XA", "XAT")) {
      assertThat(source(true, there)).as(there).isEqualTo("X");
    }
    assertThat(source(true, "AT")).isEqualTo("A");
    assertThat(source(true, "T")).isEqualTo("T");
    for (String there : List.of("JX", "XT", "X")) {
      assertThat(source(false, there)).as(there).isEqualTo("X");
    }
    for (String there : List.of("AX", "AT", "AJ")) {
      assertThat(source(false, there)).as(there).isEqualTo("A");
    }
    for (String there : List.of("JT", "T")) {
      assertThat(source(false, there)).as(there).isEqualTo("T");
    }
    assertThat(source(false, "J")).isEqualTo("J");
  }

  @Test
  void contradictingAndNamelessTemplatesAreRefused() throws IOException {
    assertThatThrownBy(() -> source(true, "JA")).hasMessageContaining("contradict each other");
    Path made = Files.createDirectories(folder.resolve("additional_chat_templates"));
    Files.writeString(made.resolve("rag.jinja"), "R");
    assertThatThrownBy(() -> ChatTemplate.of(folder))
        .hasMessageContaining("has 1 chat template and none is named default");
    template("X");
    assertThat(ChatTemplate.of(folder).origin()).isEqualTo("chat_template.jinja");
  }

  @Test
  void theLackOfATemplateIsTold() throws IOException {
    assertThat(ChatTemplate.of(folder).substitute()).contains("the question as it is");
    multimodal();
    assertThat(ChatTemplate.of(folder).substitute().orElseThrow()).contains("LLaVA 1.5");
    template("X");
    assertThat(ChatTemplate.of(folder).substitute()).isEmpty();
  }

  @Test
  void ofNamedTemplatesTheDefaultIsTaken() throws IOException {
    Map<String, String> tools = Map.of("name", "tool_use", "template", "T");
    Map<String, String> normal =
        Map.of("name", "default", "template", "D{{ messages[0].content }}");
    write("tokenizer_config.json", Map.of("chat_template", List.of(tools, normal)));
    assertThat(ChatTemplate.of(folder).render(List.of(Message.user("q")), true)).isEqualTo("Dq");
    write("tokenizer_config.json", Map.of("chat_template", List.of(tools, tools)));
    assertThatThrownBy(() -> ChatTemplate.of(folder)).hasMessageContaining("none is named default");
  }

  @Test
  void aTextOnlyModelGetsAStringAndNoPicture() throws IOException {
    template("{{ bos_token }}{{ messages[0].content is string }} {{ messages[0].content }}");
    write("tokenizer_config.json", Map.of("bos_token", "<s>"));
    ChatTemplate chat = ChatTemplate.of(folder);
    assertThat(chat.render(List.of(Message.user("q")), true)).isEqualTo("<s>True q");
    assertThatThrownBy(() -> chat.render(List.of(Message.user(1, "q")), true))
        .isInstanceOfSatisfying(
            LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    assertThatThrownBy(() -> chat.render(List.of(), true)).hasMessageContaining("empty");
  }

  /// Templates for strings inside multimodal checkpoints: they fail on a list, print it, lose the
  /// picture, or refuse it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for m in messages %}{{ '[' + m['role'] + '] ' + m['content'] }}{% endfor %}",
        "{% for m in messages %}[{{ m.role }}] {{ m.content }}{% endfor %}",
        "{% for m in messages %}[{{ m.role }}] {% if m.content is string %}{{ m.content }}{% else"
            + " %}{{ m.content | selectattr('type', 'equalto', 'text') | map(attribute='text') |"
            + " join }}{% endif %}{% endfor %}",
        "{% for m in messages %}{% if m.content is not string %}{{ raise_exception('no') }}{% endif"
            + " %}[{{ m.role }}] {{ m.content }}{% endfor %}",
      })
  void aTemplateForStringsStillShowsThePicture(String source) throws IOException {
    multimodal();
    template(source);
    assertThat(ChatTemplate.of(folder).render(List.of(Message.user(1, "What?")), true))
        .isEqualTo("[user] <image>\nWhat?");
  }

  @Test
  void aTemplateForPartsWorksInATextOnlyModel() throws IOException {
    template(
        "{% for m in messages %}{% for p in m.content %}<{{ p['text'] }}>{% endfor %}{% endfor %}");
    assertThat(ChatTemplate.of(folder).render(List.of(Message.user("What?")), true))
        .isEqualTo("<What?>");
  }

  @Test
  void errorsOfATemplateReachTheUser() throws IOException {
    multimodal();
    template("{{ raise_exception('roles must alternate') }}");
    assertThatThrownBy(() -> ChatTemplate.of(folder).render(List.of(Message.user("q")), true))
        .hasMessageContaining("roles must alternate")
        .isInstanceOfSatisfying(
            LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    template("a\n{{ messages | frobnicate }}");
    assertThatThrownBy(() -> ChatTemplate.of(folder).render(List.of(Message.user("q")), true))
        .hasMessageContaining("line 2")
        .hasMessageContaining("frobnicate");
    template("{% if %}");
    assertThatThrownBy(() -> ChatTemplate.of(folder)).hasMessageContaining("line 1");
  }

  @Test
  void withoutATemplateTheFormOfLlava15IsUsed() throws IOException {
    multimodal();
    ChatTemplate chat = ChatTemplate.of(folder);
    assertThat(chat.origin()).isEqualTo("default");
    assertThat(chat.render(List.of(Message.user(1, "What is it?")), true))
        .isEqualTo("USER: <image>\nWhat is it? ASSISTANT:");
    List<Message> turns =
        List.of(Message.user(1, "What is it?"), Message.assistant("A dog."), Message.user("Sure?"));
    assertThat(chat.render(turns, true))
        .isEqualTo("USER: <image>\nWhat is it? ASSISTANT: A dog.</s>USER: Sure? ASSISTANT:");
    assertThat(chat.render(List.of(Message.system("Be brief."), Message.user("Hi")), false))
        .isEqualTo("Be brief. USER: Hi");
  }

  @Test
  void withoutATemplateATextOnlyModelGetsPlainText() throws IOException {
    write("config.json", Map.of("model_type", "llama"));
    assertThat(ChatTemplate.of(folder).render(List.of(Message.user("The dog is")), true))
        .isEqualTo("The dog is");
  }

  /// The examples in the goldens: what transformers renders for one picture and one question.
  @ParameterizedTest
  @ValueSource(strings = {"llava-llama", "llava-mistral-gqa", "llava-qwen2-siglip"})
  void goldenExamples(String family) {
    JsonNode example =
        TestFiles.json(SharedData.require("goldens/" + family + "/expected.json"))
            .path("chat_template_example");
    assertThat(example.isMissingNode()).isFalse();
    ChatTemplate chat = ChatTemplate.of(SharedData.require("goldens/" + family + "/hub"));
    String expected = example.findValuesAsString("text").getLast();
    assertThat(chat.render(List.of(Message.user(1, "What is in the picture?")), true))
        .isEqualTo(expected);
  }
}
