package dev.lynceus.lab.think;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Unit;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A series of rationales as it can be replayed: the same model and picture give the same pictures,
/// and the same numbers. JSON there and back.
///
/// @param model its name
/// @param question that was asked
/// @param picture SHA-256 of the original
/// @param shown how pictures of steps came to the model again
/// @param steps with what was read
/// @param labels what was decided among
/// @param logs log probability of each after all steps
public record ThinkRecord(
    String model,
    String question,
    String picture,
    ThinkSettings.Shown shown,
    List<Step> steps,
    List<String> labels,
    @Unit("nats") List<Double> logs) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  /// A step.
  ///
  /// @param goal what it is for
  /// @param tool what is done, with every box in its place
  /// @param text what was read
  /// @param digest SHA-256 of the picture
  public record Step(String goal, Tool tool, String text, String digest) {}

  public ThinkRecord {
    steps = List.copyOf(steps);
    labels = List.copyOf(labels);
    logs = List.copyOf(logs);
  }

  /// As JSON.
  public String json() {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
  }

  /// From JSON.
  ///
  /// @param origin what a refusal calls it
  /// @throws LynceusException BAD_REQUEST for anything else
  public static ThinkRecord parse(String json, String origin) {
    try {
      return MAPPER.readValue(json, ThinkRecord.class);
    } catch (JacksonException e) {
      if (e.getCause() instanceof LynceusException own) {
        throw own;
      }
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%s is no record: %s".formatted(origin, e.getOriginalMessage()),
          "Make one with `lynceus think --save FILE`.",
          e);
    }
  }

  /// The plan of the record, with what was read.
  public Plan plan() {
    return new Plan(
        steps.stream().map(one -> new Plan.Step(one.goal, one.tool, "", one.text)).toList());
  }
}
