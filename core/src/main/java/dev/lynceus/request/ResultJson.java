package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Explanation;
import dev.lynceus.method.Finding;
import dev.lynceus.method.Provenance;
import dev.lynceus.method.attention.AttentionResult;
import dev.lynceus.method.attention.ReadingLooks;
import dev.lynceus.method.attention.StackLooks;
import dev.lynceus.method.causal.AttributionMap;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.RegionEffect;
import dev.lynceus.method.causal.Silencing;
import dev.lynceus.method.causal.Steering;
import dev.lynceus.method.cleann.CausalExplanation;
import dev.lynceus.method.dependence.Dependence;
import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.lens.LensGrid;
import dev.lynceus.method.relevancy.RelevancyResult;
import dev.lynceus.method.score.Comparison;
import dev.lynceus.run.Cost;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Results as JSON and back: `kind` says what was found, `provenance` what computed it, `request`
/// what was asked ([RequestJson]), `cost` that of a sweep or null, and `value` has the components
/// of the finding. A number that is not finite is `null`, and NaN when it is read again.
public final class ResultJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(Finite.MODULE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final String MAPS = "causal-maps";
  private static final String ATTRIBUTIONS = "attribution-maps";
  private static final String SILENCING = "silencing";
  private static final String STEERING = "steering";
  private static final String REGIONS = "region-effects";

  /// What can be found, by its word.
  static final Map<String, Type> FINDINGS = findings();

  private static Map<String, Type> findings() {
    Map<String, Type> all = new LinkedHashMap<>();
    for (Class<?> type :
        List.of(
            Answered.class,
            AttentionResult.class,
            CausalExplanation.class,
            ComparedNeurons.class,
            Comparison.class,
            Dependence.class,
            Evidence.class,
            Explanation.class,
            LensGrid.class,
            ReadingLooks.class,
            ReadQueries.class,
            ReadText.class,
            RelevancyResult.class,
            StackLooks.class,
            StrategyResult.class,
            StudiedZones.class)) {
      all.put(Kinds.word(type), type);
    }
    all.put(MAPS, new TypeReference<Changed<CausalMap>>() {}.getType());
    all.put(ATTRIBUTIONS, new TypeReference<Changed<AttributionMap>>() {}.getType());
    all.put(SILENCING, new TypeReference<Changed<Silencing.Result>>() {}.getType());
    all.put(REGIONS, new TypeReference<Changed<RegionEffect.Result>>() {}.getType());
    all.put(STEERING, new TypeReference<Changed<Steering.Result>>() {}.getType());
    return all;
  }

  private ResultJson() {}

  /// The words of what a request may give.
  ///
  /// @param request a record of [Requests#all]
  public static List<String> kinds(Class<?> request) {
    Gives gives = request.getAnnotation(Gives.class);
    if (gives != null) {
      return Arrays.stream(gives.value()).<Class<?>>map(type -> type).map(Kinds::word).toList();
    }
    Type found =
        ((ParameterizedType) request.getGenericInterfaces()[0]).getActualTypeArguments()[0];
    return FINDINGS.entrySet().stream()
        .filter(entry -> entry.getValue().equals(found) || isMapOf(entry.getValue(), found))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isMapOf(Type finding, Type found) {
    return finding instanceof ParameterizedType changed
        && changed.getActualTypeArguments()[0].equals(found);
  }

  /// The word of a finding, for example `explanation`.
  public static String kind(Finding finding) {
    return finding instanceof Changed<?> changed
        ? switch (changed.maps().getFirst()) {
          case AttributionMap map -> ATTRIBUTIONS;
          case Silencing.Result silenced -> SILENCING;
          case Steering.Result steered -> STEERING;
          case RegionEffect.Result region -> REGIONS;
          case null, default -> MAPS;
        }
        : Kinds.word(finding.getClass());
  }

  /// A result as JSON.
  public static String write(Result<?> result) {
    ObjectNode all = MAPPER.createObjectNode();
    all.put("kind", kind(result.value()));
    all.set("provenance", MAPPER.valueToTree(result.provenance()));
    all.set("request", RequestJson.tree(result.request()));
    all.set("cost", MAPPER.valueToTree(result.cost()));
    all.set("value", Finite.written(MAPPER.valueToTree(result.value())));
    return MAPPER.writeValueAsString(all);
  }

  /// Reads what [#write] wrote.
  ///
  /// @throws LynceusException BAD_REQUEST for what is no result
  public static Result<?> read(String json) {
    try {
      JsonNode all = MAPPER.readTree(json);
      Type type = FINDINGS.get(all.path("kind").asString(""));
      if (type == null) {
        throw none(null);
      }
      Finding value = MAPPER.treeToValue(all.path("value"), MAPPER.constructType(type));
      return result(
          MAPPER.treeToValue(all.path("provenance"), Provenance.class),
          RequestJson.read(all.path("request")),
          all.path("cost").isNull()
              ? Optional.empty()
              : Optional.of(MAPPER.treeToValue(all.path("cost"), Cost.class)),
          value);
    } catch (JacksonException e) {
      throw none(e);
    }
  }

  @SuppressWarnings("unchecked") // what the request asks for, as it was written
  private static <V extends Finding> Result<V> result(
      Provenance provenance, Request<V> request, Optional<Cost> cost, Finding value) {
    return new Result<>(provenance, request, cost, (V) value);
  }

  private static LynceusException none(@org.jspecify.annotations.Nullable Exception cause) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST, "this is no result", "Give what `lynceus run` printed.", cause);
  }
}
