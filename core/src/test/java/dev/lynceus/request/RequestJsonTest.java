package dev.lynceus.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.TargetSpec;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Requests survive JSON, and what is none is refused by the name of the key.
class RequestJsonTest {
  private static final Question QUESTION = Question.about("What is it?", "a.png", "b.png");
  private static final Question TEXT = Question.about("The [MASK] is brown.");
  private static final String ASK =
      "{\"request\": \"ask\", \"question\": {\"text\": \"What is it?\"}%s}";

  static List<Class<?>> all() {
    return Requests.all();
  }

  /// What a request needs beside the question, as JSON.
  private static String needed(Class<?> type) {
    return switch (Requests.word(type)) {
      case "patch" -> ", \"other\": {\"kind\": \"file\", \"path\": \"c.png\"}";
      case "steer" -> ", \"direction\": {\"kind\": \"words\", \"word\": \"a\", \"other\": \"b\"}";
      case "causes" -> ", \"head\": \"1.0\"";
      case "neurons" -> ", \"beside\": {\"kind\": \"against\", \"word\": \"a\"}";
      case "read" -> ", \"masked\": true";
      case "region" ->
          ", \"region\": {\"kind\": \"rectangle\", \"left\": 0, \"top\": 0, \"right\": 9, \"bottom\": 9}";
      case "silence" -> ", \"heads\": [\"1.0\"]";
      default -> "";
    };
  }

  private static Request<?> usual(Class<?> type) {
    return RequestJson.read(
        "{\"request\": \"%s\", \"question\": %s%s}"
            .formatted(
                Requests.word(type),
                RecordCodec.write(type == ReadRequest.class ? TEXT : QUESTION),
                needed(type)));
  }

  @ParameterizedTest
  @MethodSource("all")
  void aRequestIsWrittenWholeAndReadAgain(Class<?> type) {
    Request<?> request = usual(type);

    String json = RequestJson.write(request);

    assertThat(RequestJson.read(json)).isEqualTo(request);
    assertThat(RequestJson.write(RequestJson.read(json))).isEqualTo(json);
    Set<String> keys =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getName)
            .collect(Collectors.toSet());
    assertThat(JsonMapper.shared().readTree(json).propertyNames())
        .contains("request")
        .containsAll(keys)
        .hasSize(keys.size() + 1);
  }

  /// Every key of every request has a type, and a key more is refused wherever it stands.
  @ParameterizedTest
  @MethodSource("all")
  void aWrongValueIsRefusedByItsKey(Class<?> type) {
    ObjectNode whole = (ObjectNode) RequestJson.tree(usual(type));
    for (RecordComponent component : type.getRecordComponents()) {
      ObjectNode wrong = whole.deepCopy();
      wrong.putArray(component.getName()).addArray();
      assertThatExceptionOfType(LynceusException.class)
          .as(component.getName())
          .isThrownBy(() -> RequestJson.read(wrong.toString()))
          .withMessageContaining("request." + component.getName())
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }
    for (String place : List.of("", "model", "question")) {
      ObjectNode more = whole.deepCopy();
      (place.isEmpty() ? more : (ObjectNode) more.get(place)).put("colour", 1);
      assertThatExceptionOfType(LynceusException.class)
          .isThrownBy(() -> RequestJson.read(more.toString()))
          .withMessageContaining("colour: is not a key here");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ", \"maxTokens\": 0 | request.maxTokens: 0 is less than 1",
        ", \"maxTokens\": 1.5 | request.maxTokens: 1.5 is no whole number",
        ", \"maxTokens\": \"1\" | request.maxTokens: \"1\" is no whole number",
        ", \"stop\": [1] | request.stop[0]: 1 is no text",
        ", \"stop\": null | request.stop: null is no list",
        ", \"choice\": {\"kind\": \"best\"} | request.choice.kind: 'best' is none of greedy, drawn",
        ", \"choice\": {} | request.choice: does not say what it is",
        ", \"choice\": {\"kind\": \"drawn\", \"topP\": 2} | request.choice.topP: 2 is more than 1",
        ", \"model\": {\"reach\": \"far\"} | request.model.reach: \"far\" is none of trained, any",
        ", \"stop\": [], \"stop\": [] | the request is not JSON"
      })
  void errorsSayWhatIsWrongWhere(String more, String message) {
    assertThatExceptionOfType(LynceusException.class)
        .isThrownBy(() -> RequestJson.read(ASK.formatted(more)))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
  }

  @Test
  void whatIsNoRequestIsRefused() {
    for (String none :
        List.of(
            "", "[]", "null", "{}", "{\"request\": \"dance\"}", "{\"request\": 1}", "{} {}", "{")) {
      assertThatExceptionOfType(LynceusException.class)
          .as(none)
          .isThrownBy(() -> RequestJson.read(none))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }
    assertThatExceptionOfType(LynceusException.class)
        .isThrownBy(() -> RequestJson.read("{\"request\": \"ask\"}"))
        .withMessageContaining("request.question");
    assertThatExceptionOfType(LynceusException.class)
        .as("deep")
        .isThrownBy(() -> RequestJson.read("[".repeat(100_000)));
  }

  @Test
  void oneSettingIsChanged() {
    ExplainRequest usual = Requests.of(ExplainRequest.class, QUESTION);

    ExplainRequest changed = Requests.with(usual, "target", new TargetSpec.Word("red"));

    assertThat(changed.target()).isEqualTo(new TargetSpec.Word("red"));
    assertThat(Requests.with(changed, "target", usual.target())).isEqualTo(usual);
    assertThatExceptionOfType(LynceusException.class)
        .isThrownBy(() -> Requests.with(usual, "colour", 1))
        .withMessageContaining("explain.colour");
  }

  @Test
  void aFileIsNotOpenedWhereOnlyWhatCameIsShown() {
    Pictures pictures = Pictures.only(List.of(), java.util.Map.of());

    for (PictureRef ref :
        List.of(
            new PictureRef.File("a.png"),
            new PictureRef.Attached(0),
            new PictureRef.Stored("00"))) {
      assertThatExceptionOfType(LynceusException.class).isThrownBy(() -> pictures.read(ref));
    }
  }
}
