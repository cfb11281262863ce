package dev.lynceus.method.evidence;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/// Where verdicts change, measured on scenes whose truth is known (`lynceus pupil verdict`). They
/// hold for one model and one reading.
///
/// @param revision checkpoint that they were measured on
/// @param reading how words were read out of the picture, see [InternalConfidence.Reading]
/// @param effect nats: a word that the picture raises by less is from the text
/// @param limits what the scores of a word that the picture supports must reach, all of them
public record Thresholds(String revision, String reading, double effect, List<Limit> limits) {

  /// Every number must be there: one that is absent would count as 0.
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  /// The least value of a score.
  public record Limit(Score score, double least) {}

  public Thresholds {
    limits = List.copyOf(limits);
  }

  /// The verdict about a word of an answer.
  ///
  /// @param asked what the question speaks of
  public Verdict word(Evidence.Word word, List<Evidence.Asked> asked) {
    if (word.effect() < effect) {
      return Verdict.TEXT;
    }
    // A score that a word does not have (NaN) does not speak against it.
    boolean fails =
        limits.stream().anyMatch(limit -> limit.score().of(word, asked) < limit.least());
    return fails ? Verdict.UNSUPPORTED : Verdict.IMAGE;
  }

  /// The verdict about a thing of the question; uncalibrated where no limit is about such.
  public Verdict asked(Evidence.Asked thing) {
    List<Limit> some =
        limits.stream()
            .filter(l -> l.score() == Score.PRESENCE || l.score() == Score.ASKED)
            .toList();
    if (some.isEmpty()) {
      return Verdict.UNCALIBRATED;
    }
    boolean fails = some.stream().anyMatch(l -> l.score().asked(List.of(thing)) < l.least());
    return fails ? Verdict.UNSUPPORTED : Verdict.IMAGE;
  }

  /// Reads JSON.
  ///
  /// @param json for example as `lynceus pupil verdict --thresholds FILE` writes it
  /// @param name what messages call it
  /// @throws LynceusException BAD_REQUEST
  public static Thresholds parse(String json, String name) {
    @Nullable Exception cause = null;
    try {
      Thresholds read = MAPPER.readValue(json, Thresholds.class);
      if (read != null && read.isSane()) {
        return read;
      }
    } catch (JacksonException | NullPointerException e) {
      cause = e;
    }
    throw new LynceusException(
        ErrorCode.BAD_REQUEST,
        name + " holds no thresholds",
        "Make such a file with `lynceus pupil verdict --thresholds FILE`.",
        cause);
  }

  /// Numbers are finite, nothing is absent, no score has two limits. What is read from JSON may be
  /// null where nothing else is.
  private boolean isSane() {
    return Objects.nonNull(revision)
        && Objects.nonNull(reading)
        && Double.isFinite(effect)
        && limits.stream().allMatch(l -> Objects.nonNull(l.score()) && Double.isFinite(l.least()))
        && limits.stream().map(Limit::score).distinct().count() == limits.size();
  }

  /// Checks that these are for a model, and for a reading if they are about what is read.
  ///
  /// @throws LynceusException BAD_REQUEST
  public Thresholds fitting(String itsRevision, InternalConfidence.Reading itsReading) {
    boolean reads =
        limits.stream().anyMatch(l -> l.score() == Score.CONFIDENCE || l.score() == Score.ASKED);
    if (!revision.equals(itsRevision) || reads && !reading.equals(itsReading.label())) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the thresholds were measured on %s (%s), not on %s (%s)"
              .formatted(revision, reading, itsRevision, itsReading.label()),
          "Measure this model, or leave --thresholds out and read the scores.");
    }
    return this;
  }
}
