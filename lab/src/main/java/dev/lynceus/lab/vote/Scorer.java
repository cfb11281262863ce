package dev.lynceus.lab.vote;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.strategy.Wordings;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Examples of good and bad explanations that are shown before an explanation is judged; JSON there
/// and back. As many are good as are bad, and they take turns.
///
/// @param shown the examples
public record Scorer(List<Shown> shown) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  /// One example.
  ///
  /// @param demo which labelled example it is of
  /// @param answer that goes with the explanation
  /// @param good whether it counts as a good one
  public record Shown(
      String demo, String question, String explanation, String answer, boolean good) {}

  public Scorer {
    shown = List.copyOf(shown);
  }

  /// The examples as words before a question.
  String words(Wordings wordings) {
    StringBuilder words = new StringBuilder();
    for (Shown one : shown) {
      words
          .append(
              wordings.fill(
                  VotePrompts.EXAMPLE,
                  Map.of(
                      "question", one.question,
                      "explanation", one.explanation,
                      "answer", one.answer,
                      "verdict", wordings.text(one.good ? VotePrompts.YES : VotePrompts.NO))))
          .append("\n\n");
    }
    return words.toString();
  }

  /// As JSON.
  public String json() {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
  }

  /// From JSON.
  ///
  /// @param origin what a refusal calls it
  /// @throws LynceusException BAD_REQUEST for anything else
  public static Scorer parse(String json, String origin) {
    try {
      return MAPPER.readValue(json, Scorer.class);
    } catch (JacksonException e) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%s is no scorer: %s".formatted(origin, e.getOriginalMessage()),
          "Make one with `lynceus vote --demos DATASET --save-scorer FILE`.",
          e);
    }
  }
}
