package dev.lynceus.method.evidence;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Where verdicts change, measured on words whose truth is known (`lynceus pupil verdict`). They
/// hold for one model and one reading.
///
/// @param revision checkpoint that they were measured on
/// @param reading how words were read out of the picture, see [InternalConfidence.Reading]
/// @param effect nats: a word that the picture raises by less is from the text, and one that it
///   lowers by more is contradicted if it is also less likely than not
/// @param limits what the scores of a word that the picture supports must reach, all of them
/// @param premise log odds from which on an attribute that a question grants is supported; null
///   where none were measured
/// @param reliability from scores to the probability that a word is right; null for none
/// @param measured how often verdicts were wrong on words that nothing was chosen on; null for
///   unknown
public record Thresholds(
    String revision,
    String reading,
    double effect,
    List<Limit> limits,
    @Nullable Double premise,
    @Nullable Reliability reliability,
    @Nullable Measured measured) {

  /// Log probability of a word that is as likely as all others together.
  static final double LIKELY = Math.log(.5);

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

  /// How often verdicts were wrong.
  ///
  /// @param on what they were measured on, in words
  /// @param rates one for each verdict
  public record Measured(String on, List<Rate> rates) {
    public Measured {
      rates = List.copyOf(rates);
    }
  }

  /// How often words with a verdict were wrong; empty where that was not measured.
  public Optional<Rate> rate(Verdict verdict) {
    return measured == null
        ? Optional.empty()
        : measured.rates().stream()
            .filter(rate -> rate.verdict().equals(verdict.label()) && rate.of() > 0)
            .findFirst();
  }

  /// How often words with a verdict were wrong.
  ///
  /// @param verdict label of a [Verdict]
  /// @param wrong words that were
  /// @param of words with the verdict
  public record Rate(String verdict, int wrong, int of) {}

  public Thresholds {
    Objects.requireNonNull(revision);
    Objects.requireNonNull(reading);
    limits = List.copyOf(limits);
  }

  /// The verdict about a word of an answer.
  ///
  /// @param asked what the question speaks of and takes for granted
  public Verdict word(Evidence.Word word, List<Evidence.Asked> asked) {
    return verdict(Score.all(word, asked));
  }

  /// The verdict about a word.
  ///
  /// @param scores one for each [Score]; a score that the word does not have (NaN) does not speak
  ///   against it
  public Verdict verdict(double[] scores) {
    double moved = scores[Score.EFFECT.ordinal()];
    // A word that stays the likeliest of all is not one that the picture speaks against.
    if (moved < -effect && scores[Score.PROBABILITY.ordinal()] < LIKELY) {
      return Verdict.CONTRADICTED;
    }
    if (moved < effect) {
      return Verdict.TEXT;
    }
    return limits.stream().anyMatch(limit -> scores[limit.score().ordinal()] < limit.least())
        ? Verdict.UNSUPPORTED
        : Verdict.IMAGE;
  }

  /// What a score must reach; empty where nothing is asked of it.
  Optional<Limit> limit(Score score) {
    return limits.stream().filter(limit -> limit.score() == score).findFirst();
  }

  /// The limits that a word's scores do not reach.
  List<Limit> failed(Evidence.Word word, List<Evidence.Asked> asked) {
    return limits.stream().filter(limit -> limit.score().of(word, asked) < limit.least()).toList();
  }

  /// Whether verdicts or reliability need the model to be asked about what its words claim.
  boolean needClaims() {
    return limits.stream().anyMatch(limit -> limit.score() == Score.NAMED)
        || reliability != null
            && reliability.weights().stream().anyMatch(weight -> weight.score() == Score.NAMED);
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

  /// The verdict about an attribute that a question grants; uncalibrated where nothing was measured
  /// about such.
  ///
  /// @param odds of the attribute against what the model says
  /// @param raised what the picture raises its log probability by, nats
  public Verdict premise(double odds, double raised) {
    if (premise == null) {
      return Verdict.UNCALIBRATED;
    }
    if (odds >= premise) {
      return Verdict.IMAGE;
    }
    return raised < -effect ? Verdict.CONTRADICTED : Verdict.UNSUPPORTED;
  }

  /// Reads JSON.
  ///
  /// @param json for example as `lynceus pupil verdict --thresholds FILE` writes it
  /// @param name what messages call it
  /// @throws LynceusException BAD_REQUEST
  public static Thresholds parse(String json, String name) {
    Thresholds read;
    try {
      read = MAPPER.treeToValue(whole(json), Thresholds.class);
    } catch (JacksonException | NullPointerException e) {
      throw none(name, e);
    }
    if (read == null || !read.isSane()) {
      throw none(name, null);
    }
    return read;
  }

  /// Numbers are finite and such as a measurement gives, nothing is absent, no score has two limits
  /// or weights. What is read from JSON may be null where nothing else is.
  private boolean isSane() {
    List<Reliability.Weight> weights = reliability == null ? List.of() : reliability.weights();
    return numbers().allMatch(Double::isFinite)
        && effect >= 0
        && effect <= FARTHEST
        && weights.stream().allMatch(w -> Objects.nonNull(w.score()) && w.scale() > 0)
        && weights.stream().map(Reliability.Weight::score).distinct().count() == weights.size()
        && limits.stream().allMatch(limit -> Objects.nonNull(limit.score()))
        && limits.stream().map(Limit::score).distinct().count() == limits.size();
  }

  /// The file with what may be left out said to be nothing.
  private static JsonNode whole(String json) {
    JsonNode tree = MAPPER.readTree(json);
    if (tree instanceof ObjectNode object) {
      for (String name : List.of("premise", "reliability", "measured")) {
        if (!object.has(name)) {
          object.putNull(name);
        }
      }
      if (object.get("reliability") instanceof ObjectNode inner && !inner.has("probe")) {
        inner.putNull("probe");
      }
    }
    return tree;
  }

  /// No word is raised by more nats.
  private static final double FARTHEST = 1000;

  private static LynceusException none(String name, @Nullable Exception cause) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        name + " holds no thresholds",
        "Make such a file with `lynceus calibrate`, or as docs/reference/evidence.md says.",
        cause);
  }

  private DoubleStream numbers() {
    DoubleStream own =
        DoubleStream.concat(
            DoubleStream.of(effect, premise == null ? 0 : premise),
            limits.stream().mapToDouble(Limit::least));
    if (reliability == null) {
      return own;
    }
    StateProbe probe = reliability.probe();
    return Stream.of(
            own,
            DoubleStream.of(reliability.bias()),
            DoubleStream.of(reliability.calibration().slope()),
            DoubleStream.of(reliability.calibration().offset()),
            reliability.weights().stream()
                .flatMapToDouble(w -> DoubleStream.of(w.mean(), w.scale(), w.weight())),
            reliability.calibration().knots().stream()
                .flatMapToDouble(k -> DoubleStream.of(k.sum(), k.right())),
            probe == null
                ? DoubleStream.empty()
                : DoubleStream.concat(
                    DoubleStream.of(probe.bias()),
                    probe.weights().stream().mapToDouble(Double::doubleValue)))
        .flatMapToDouble(values -> values);
  }

  /// These with how often verdicts were wrong; null where that is not known.
  public Thresholds with(@Nullable Measured rates) {
    return new Thresholds(revision, reading, effect, limits, premise, reliability, rates);
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
