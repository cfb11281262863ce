package dev.lynceus.request;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Makes requests.
public final class Requests {
  private Requests() {}

  /// All records that are requests, in the order of their names.
  public static List<Class<?>> all() {
    return new Kinds(Request.class)
        .records().stream().sorted(java.util.Comparator.comparing(Kinds::word)).toList();
  }

  /// What a request is called in JSON, for example `explain`.
  public static String word(Class<?> type) {
    return Kinds.word(type);
  }

  /// A request to the bundled model with every setting at its default.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST where something has no default
  public static <R extends Request<?>> R of(Class<R> type, Question question) {
    ObjectNode object = JsonMapper.shared().createObjectNode();
    object.set("question", RecordCodec.write(question));
    return type.cast(RecordCodec.read(object, type, Kinds.word(type)));
  }

  /// The same of a request that lacks a default for one of its settings.
  ///
  /// @param setting its name
  /// @param written what it is, as JSON has it: a head as `2.1`
  public static <R extends Request<?>> R of(
      Class<R> type, Question question, String setting, String written) {
    ObjectNode object = JsonMapper.shared().createObjectNode();
    object.set("question", RecordCodec.write(question));
    object.put(setting, written);
    return type.cast(RecordCodec.read(object, type, Kinds.word(type)));
  }

  /// A request with all settings at their defaults but for some.
  ///
  /// @param kept names of the components that stay as they are
  public static <R extends Record & Request<?>> R usual(R request, String... kept) {
    ObjectNode object = (ObjectNode) RecordCodec.write(request);
    object.retain(kept);
    Class<?> type = request.getClass();
    @SuppressWarnings("unchecked")
    R usual = (R) RecordCodec.read(object, type, Kinds.word(type));
    return usual;
  }

  /// A request with another value of one of its settings.
  ///
  /// @param setting name of the component
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST for a setting that there is not
  public static <R extends Record & Request<?>> R with(R request, String setting, Object value) {
    RecordComponent[] components = request.getClass().getRecordComponents();
    List<Object> values = new ArrayList<>();
    boolean found = false;
    for (RecordComponent component : components) {
      boolean is = component.getName().equals(setting);
      found |= is;
      values.add(is ? value : RecordCodec.of(request, component));
    }
    String where = Kinds.word(request.getClass());
    if (!found) {
      throw RecordCodec.wrong(
          where + "." + setting,
          "is not a setting here; there are "
              + String.join(
                  ", ", Arrays.stream(components).map(RecordComponent::getName).toList()));
    }
    @SuppressWarnings("unchecked") // the class of what is copied
    R changed = (R) RecordCodec.make(request.getClass(), values, where);
    return changed;
  }

  /// The seed of all that a request draws; 0 where it draws nothing.
  static long seed(Request<?> request) {
    return switch (request) {
      case AskRequest ask -> ask.choice() instanceof Choice.Drawn drawn ? drawn.seed() : 0;
      case ExplainRequest explain -> explain.seed();
      case TraceRequest trace -> trace.corruption().seed();
      case AttributeRequest attribute -> attribute.corruption().seed();
      case PathsRequest paths -> paths.corruption().seed();
      case SteerRequest steer -> steer.seed();
      case SilenceRequest silence -> silence.seed();
      case RegionRequest region -> region.seed();
      case KnockoutRequest knockout -> knockout.seed();
      case CompareRequest compare -> compare.seed();
      case CausesRequest causes -> causes.seed();
      case StrategyRequest strategy -> strategy.seed();
      case QueriesRequest queries -> queries.seed();
      case ZonesRequest zones -> zones.seed();
      case AttentionRequest _,
          LensRequest _,
          LooksRequest _,
          NeuronsRequest _,
          ReadRequest _,
          RelevancyRequest _,
          EvidenceRequest _,
          PatchRequest _,
          OccludeRequest _,
          AblateRequest _ ->
          0;
    };
  }

  /// Another command line about the question of a request.
  static String line(Request<?> request, Running running, String verb, String word) {
    return running
        .line()
        .map(lines -> lines.apply(verb, word))
        .orElseGet(() -> request.question().line(verb, word, request.model().name()));
  }
}
