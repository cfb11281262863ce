package dev.lynceus.request;

import dev.lynceus.method.Finding;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.Provenance;
import dev.lynceus.method.attention.AttentionExplainer;
import dev.lynceus.method.attention.AttentionOptions;
import dev.lynceus.method.attention.ReadingLooker;
import dev.lynceus.method.attention.StackLooker;
import dev.lynceus.method.causal.AttributionMap;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.RegionEffect;
import dev.lynceus.method.causal.Silencing;
import dev.lynceus.method.causal.Steering;
import dev.lynceus.method.cleann.Cleann;
import dev.lynceus.method.zone.ZoneOrder;
import dev.lynceus.model.Picture;
import dev.lynceus.run.Cancellation;
import dev.lynceus.run.Lease;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A request on its way through a model that is loaded: its pictures are read, its prompt is made.
/// One task is run by one thread, as often as wanted; any number of tasks share a model.
///
/// @param <V> what comes of it
public final class Task<V extends Finding> {
  private final LoadedModel model;
  private final Request<V> request;
  private final Pictures from;
  private final List<Picture> pictures;
  private final Prompt prompt;

  private Task(
      LoadedModel model, Request<V> request, Pictures from, List<Picture> pictures, Prompt prompt) {
    this.model = model;
    this.request = request;
    this.from = from;
    this.pictures = List.copyOf(pictures);
    this.prompt = prompt;
  }

  /// A request for a model. That it is the one which the request names is up to the caller.
  ///
  /// @param from where its pictures are
  /// @throws dev.lynceus.error.LynceusException as [Pictures#read]; BAD_REQUEST for a question that
  ///   the model cannot be asked
  public static <V extends Finding> Task<V> of(
      LoadedModel model, Request<V> request, Pictures from) {
    List<Picture> pictures = request.question().shown(model, from);
    return new Task<>(model, request, from, pictures, prompt(model, request, pictures));
  }

  private static Prompt prompt(LoadedModel model, Request<?> request, List<Picture> pictures) {
    Question question = request.question();
    return switch (request) {
      // These read all windows of a passage themselves.
      case ReadRequest read ->
          read.masked()
              ? model.passages().text(question.text())
              : window(model, question, read.windows());
      case ZonesRequest zones when question.passage().isPresent() ->
          window(model, question, zones.windows());
      case ZonesRequest zones when zones.order() != ZoneOrder.PICTURE ->
          zones.order().prompt(model, question.text(), pictures);
      default -> question.prompt(model, pictures);
    };
  }

  private static Prompt window(LoadedModel model, Question question, PassageWindows windows) {
    return windows
        .options(Optional.empty())
        .windows(model, question.text(), question.passage().orElseThrow())
        .getFirst()
        .prompt();
  }

  /// A turn of a conversation: a question whose prompt is made by the caller, of all turns before
  /// it.
  public static Task<Answered> turn(
      LoadedModel model, AskRequest request, List<Picture> pictures, Prompt prompt) {
    return new Task<>(model, request, Pictures.only(List.of(), Map.of()), pictures, prompt);
  }

  LoadedModel model() {
    return model;
  }

  /// What is asked.
  public Request<V> request() {
    return request;
  }

  Pictures from() {
    return from;
  }

  /// The pictures of the question as the model takes them.
  public List<Picture> pictures() {
    return pictures;
  }

  /// The prompt of the question.
  public Prompt prompt() {
    return prompt;
  }

  /// Runs it.
  ///
  /// @throws dev.lynceus.error.LynceusException CANCELLED within a pass, where the watcher says so;
  ///   what the method refuses
  public Result<V> run(Running running) {
    Costs costs = new Costs(running.costs());
    Running told = running.costs(costs);
    Map<String, Double> seconds = new LinkedHashMap<>();
    long start = System.nanoTime();
    V value;
    try (Lease lease = model.lease()) {
      value = Cancellation.asked(running.progress()::cancelled, () -> value(told, seconds));
    }
    seconds.put("all", (System.nanoTime() - start) / 1e9);
    return new Result<>(
        Provenance.of(model, Requests.seed(request), running.command(), seconds),
        request,
        costs.all(),
        value);
  }

  /// Each request says by its type what comes of it.
  @SuppressWarnings("unchecked")
  private V value(Running running, Map<String, Double> seconds) {
    Finding found =
        switch (request) {
          case AskRequest ask -> new Asking(this, ask, running).answered();
          case ExplainRequest explain -> new Explained(this, explain, running).finding();
          case EvidenceRequest evidence -> new Judging(this, evidence, running).evidence();
          case AttentionRequest attention -> looked(attention, running);
          case LooksRequest looks ->
              new StackLooker(
                      model,
                      looks.stack().map(Pile::stack),
                      Box.in(pictures, looks.box()).boxes().stream().findFirst(),
                      running.progress())
                  .explain(prompt);
          case LensRequest lens -> new LensReading(this, lens, running).grid();
          case RelevancyRequest relevancy -> new FollowingBack(this, relevancy, running).result();
          case TraceRequest trace -> maps(trace, running, seconds);
          case PatchRequest patch -> maps(patch, running, seconds);
          case PathsRequest paths -> maps(paths, running, seconds);
          case KnockoutRequest knockout -> maps(knockout, running, seconds);
          case OccludeRequest occlude -> maps(occlude, running, seconds);
          case AblateRequest ablate -> maps(ablate, running, seconds);
          case AttributeRequest attribute -> {
            Sweeping<AttributionMap> sweeping = new Sweeping<>(this, attribute, running);
            yield sweeping.changed(new AttributeMethod(sweeping, attribute), seconds);
          }
          case CompareRequest compare -> new Comparing(this, compare, running).comparison();
          case CausesRequest causes -> caused(causes, running);
          case NeuronsRequest neurons -> new ComparingNeurons(this, neurons, running).compared();
          case QueriesRequest queries -> ReadQueries.of(this, queries, running);
          case ReadRequest read -> ReadText.of(this, read, running);
          case ZonesRequest zones -> StudiedZones.of(this, zones, running);
          case StrategyRequest strategy ->
              StrategyRunner.found()
                  .run(
                      model,
                      strategy,
                      pictures.stream().map(Picture::original).toList(),
                      from::read,
                      running.progress());
          case SilenceRequest silence -> {
            Sweeping<Silencing.Result> sweeping = new Sweeping<>(this, silence, running);
            yield sweeping.changed(new SilenceMethod(sweeping, silence), seconds);
          }
          case RegionRequest region -> {
            Sweeping<RegionEffect.Result> sweeping = new Sweeping<>(this, region, running);
            yield sweeping.changed(new RegionMethod(sweeping, region), seconds);
          }
          case SteerRequest steer -> {
            Sweeping<Steering.Result> sweeping = new Sweeping<>(this, steer, running);
            yield sweeping.changed(new SteerMethod(sweeping, steer), seconds);
          }
        };
    return (V) found;
  }

  private Finding looked(AttentionRequest attention, Running running) {
    AttentionOptions options =
        attention.options(
            attention.maxTokens().orElseGet(() -> Explained.usual(model, prompt.length())));
    return Inputs.reads(model.model())
        ? new ReadingLooker(model, options, running.progress()).explain(prompt)
        : new AttentionExplainer(model, options, running.progress()).explain(prompt);
  }

  private Finding caused(CausesRequest causes, Running running) {
    return new Cleann(causes.settings(), running.progress())
        .explain(
            model,
            prompt,
            causes.head(),
            causes.target(),
            causes.maxTokens().orElseGet(() -> Explained.usual(model, prompt.length())));
  }

  private Changed<CausalMap> maps(
      Change<CausalMap> change, Running running, Map<String, Double> seconds) {
    Sweeping<CausalMap> sweeping = new Sweeping<>(this, change, running);
    return sweeping.changed(new MapMethod(sweeping, change), seconds);
  }
}
