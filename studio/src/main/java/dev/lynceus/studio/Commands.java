package dev.lynceus.studio;

import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.request.AblateRequest;
import dev.lynceus.request.AskRequest;
import dev.lynceus.request.AttentionRequest;
import dev.lynceus.request.CausesRequest;
import dev.lynceus.request.Choice;
import dev.lynceus.request.CompareRequest;
import dev.lynceus.request.Corrupted;
import dev.lynceus.request.EvidenceRequest;
import dev.lynceus.request.ExplainRequest;
import dev.lynceus.request.KnockoutRequest;
import dev.lynceus.request.LensRequest;
import dev.lynceus.request.LooksRequest;
import dev.lynceus.request.Measure;
import dev.lynceus.request.ModelSpec;
import dev.lynceus.request.OccludeRequest;
import dev.lynceus.request.PictureRef;
import dev.lynceus.request.Pile;
import dev.lynceus.request.Question;
import dev.lynceus.request.RegionRequest;
import dev.lynceus.request.RelevancyRequest;
import dev.lynceus.request.Request;
import dev.lynceus.request.RequestJson;
import dev.lynceus.request.Requests;
import dev.lynceus.request.SilenceRequest;
import dev.lynceus.request.TraceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The command line that does what a request asks: the verb with its options where they say all of
/// it, else `lynceus run` with the request itself.
///
/// @param pictures the name of a picture as its user knows it, by its sum
/// @param models how the command line names a model
public record Commands(Function<String, String> pictures, Function<String, String> models) {

  /// A question whose pictures are files with the names that their user knows.
  Question named(Question question) {
    return new Question(
        question.pictures().stream().map(this::file).toList(),
        question.video().stream().map(this::file).toList(),
        question.text(),
        question.form(),
        question.start(),
        question.passage(),
        question.before());
  }

  private PictureRef file(PictureRef ref) {
    return ref instanceof PictureRef.Stored(String sum)
        ? new PictureRef.File(pictures.apply(sum))
        : ref;
  }

  /// The name of a picture as its user knows it.
  private String path(PictureRef ref) {
    return ((PictureRef.File) file(ref)).path();
  }

  /// The line of a request.
  public String of(Request<?> request) {
    return options(request)
        .filter(options -> isPlain(request.model()))
        .map(options ->
            named(request.question())
                    .line(
                        Requests.word(request.getClass()), "", models.apply(request.model().name()))
                + options.stream().map(option -> " " + option).collect(Collectors.joining()))
        .orElseGet(() -> whole(request));
  }

  private static boolean isPlain(ModelSpec model) {
    return model.equals(ModelSpec.named(model.name()));
  }

  /// The request itself behind `lynceus run`.
  private String whole(Request<?> request) {
    String json = RequestJson.write(request);
    for (PictureRef.Stored ref : Trusted.pictures(request)) {
      json =
          json.replaceAll(
              "\"kind\" : \"stored\",\\s+\"sha256\" : \"" + ref.sha256() + "\"",
              java.util.regex.Matcher.quoteReplacement(
                  "\"kind\" : \"file\", \"path\" : "
                      + tools.jackson.databind.json.JsonMapper.shared()
                          .writeValueAsString(pictures.apply(ref.sha256()))));
    }
    return "lynceus run - <<'END'\n" + json + "\nEND";
  }

  /// The options that make the command's request this one; empty where none do.
  private Optional<List<String>> options(Request<?> request) {
    List<String> options = new ArrayList<>();
    Request<?> rest =
        switch (request) {
          case AskRequest ask -> ask(ask, options);
          case ExplainRequest explain -> explain(explain, options);
          case EvidenceRequest evidence -> evidence(evidence, options);
          case AttentionRequest attention -> attention(attention, options);
          case LensRequest lens -> lens(lens, options);
          case LooksRequest looks -> looks(looks, options);
          case RelevancyRequest relevancy -> relevancy;
          case TraceRequest trace -> trace(trace, options);
          case OccludeRequest occlude -> occlude(occlude, options);
          case KnockoutRequest knockout -> knockout(knockout, options);
          case AblateRequest ablate ->
              Requests.with(
                  Requests.with(ablate, "stack", stack(ablate.stack(), options)),
                  "measure",
                  measured(ablate.measure(), options));
          case SilenceRequest silence -> silence(silence, options);
          case RegionRequest region -> new RegionOptions(region).rest(this::path, options);
          case CompareRequest compare -> compare(compare, options);
          case CausesRequest causes -> causes(causes, options);
          default -> null;
        };
    return rest != null && rest.equals(onModel(rest)) ? Optional.of(options) : Optional.empty();
  }

  /// The same kind of request with all else at its default, to the same model.
  private static Request<?> onModel(Request<?> like) {
    // What has no default is said by an option, whatever it is.
    Request<?> plain =
        switch (like) {
          case CausesRequest causes ->
              Requests.of(CausesRequest.class, causes.question(), "head", causes.head().text());
          case SilenceRequest silence ->
              new SilenceRequest(
                  silence.model(),
                  silence.question(),
                  Measure.USUAL,
                  Pile.DECODER,
                  silence.heads(),
                  5,
                  0,
                  OptionalInt.empty());
          case RegionRequest region -> RegionOptions.plain(region);
          default -> Requests.of(asRequest(like.getClass()), like.question());
        };
    return with(plain, "model", like.model());
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // every request is a record
  private static Request<?> with(Request<?> request, String setting, Object value) {
    return (Request<?>) Requests.with((Record & Request) request, setting, value);
  }

  @SuppressWarnings("unchecked") // the class of a request
  private static Class<Request<?>> asRequest(Class<?> type) {
    return (Class<Request<?>>) type;
  }

  private static AskRequest ask(AskRequest ask, List<String> options) {
    AskRequest rest = Requests.with(ask, "maxTokens", length(ask.maxTokens(), options));
    if (ask.choice() instanceof Choice.Drawn(var temperature, var topK, var topP, long seed)
        && !temperature.equals(OptionalDouble.of(0))) {
      options.add(
          temperature.isPresent() ? "--temperature " + temperature.getAsDouble() : "--sample");
      topP.ifPresent(p -> options.add("--top-p " + p));
      topK.ifPresent(k -> options.add("--top-k " + k));
      if (seed != 0) {
        options.add("--seed " + seed);
      }
      rest = Requests.with(rest, "choice", new Choice.Greedy());
    }
    if (ask.weigh()) {
      options.add("--weigh");
    }
    return Requests.with(rest, "weigh", false);
  }

  private static EvidenceRequest evidence(EvidenceRequest evidence, List<String> options) {
    evidence.answer().ifPresent(answer -> options.add("--answer " + quoted(answer)));
    EvidenceRequest rest = Requests.with(evidence, "answer", Optional.empty());
    return Requests.with(rest, "maxTokens", length(evidence.maxTokens(), options));
  }

  private static OptionalInt length(OptionalInt most, List<String> options) {
    most.ifPresent(tokens -> options.add("--max-tokens " + tokens));
    return OptionalInt.empty();
  }

  private static ExplainRequest explain(ExplainRequest explain, List<String> options) {
    ExplainRequest rest = Requests.with(explain, "maxTokens", length(explain.maxTokens(), options));
    if (explain.target() instanceof TargetSpec.Word(String word)) {
      options.add("--target " + quoted(word));
      rest = Requests.with(rest, "target", new TargetSpec.OwnAnswer());
    }
    if (!explain.methods().isEmpty()) {
      options.add("--method " + quoted(String.join(",", explain.methods())));
      rest = Requests.with(rest, "methods", List.of());
    }
    return rest;
  }

  private static AttentionRequest attention(AttentionRequest attention, List<String> options) {
    AttentionRequest rest = attention;
    if (attention.target().isPresent()) {
      options.add("--target " + quoted(attention.target().get()));
      rest = Requests.with(rest, "target", Optional.empty());
    }
    if (!attention.named().isEmpty()) {
      options.add(
          "--head "
              + attention.named().stream().map(HeadRef::text).collect(Collectors.joining(",")));
      rest = Requests.with(rest, "named", List.of());
    }
    return rest;
  }

  private static LooksRequest looks(LooksRequest looks, List<String> options) {
    looks.stack().ifPresent(pile -> stack(pile, options, Optional.empty()));
    if (!looks.box().isEmpty()) {
      options.add(
          "--box " + looks.box().stream().map(String::valueOf).collect(Collectors.joining(",")));
    }
    return Requests.with(Requests.with(looks, "stack", Optional.empty()), "box", List.of());
  }

  private static LensRequest lens(LensRequest lens, List<String> options) {
    lens.positions().forEach(one -> options.add("--positions " + quoted(one)));
    LensRequest rest = Requests.with(lens, "positions", List.of("last"));
    if (lens.top() > 0) {
      options.add("--top " + lens.top());
      rest = Requests.with(rest, "top", 0);
    }
    return rest;
  }

  private static TraceRequest trace(TraceRequest trace, List<String> options) {
    TraceRequest rest = Requests.with(trace, "measure", measured(trace.measure(), options));
    if (trace.corruption().by() instanceof Corrupted.Mean) {
      options.add("--corrupt mean");
    } else if (trace.corruption().by() instanceof Corrupted.Zero) {
      options.add("--corrupt zero");
    } else if (trace.corruption().by() instanceof Corrupted.Blur(double share) && share == 0.15) {
      options.add("--corrupt blur");
    } else {
      return rest;
    }
    Corrupted corrupted = trace.corruption();
    return Requests.with(
        rest,
        "corruption",
        new Corrupted(
            new Corrupted.Noise(3), corrupted.where(), corrupted.direction(), corrupted.seed()));
  }

  private OccludeRequest occlude(OccludeRequest occlude, List<String> options) {
    OccludeRequest rest = Requests.with(occlude, "measure", measured(occlude.measure(), options));
    switch (occlude.parts()) {
      case OccludeRequest.Squares(int side) when side > 1 -> options.add("--group " + side);
      case OccludeRequest.Superpixels(int count) -> options.add("--superpixels " + count);
      case OccludeRequest.Masks(List<PictureRef> masks, int rings, int of) -> {
        masks.forEach(mask -> options.add("--mask " + quoted(path(mask))));
        if (rings != 2) {
          options.add("--rings " + rings);
        }
        if (of != 0) {
          options.add("--of " + of);
        }
      }
      default -> {
        return rest;
      }
    }
    return Requests.with(rest, "parts", new OccludeRequest.Squares(1));
  }

  private static KnockoutRequest knockout(KnockoutRequest knockout, List<String> options) {
    KnockoutRequest rest =
        Requests.with(knockout, "measure", measured(knockout.measure(), options));
    knockout.written().forEach(edge -> options.add("--edge " + quoted(edge)));
    if (knockout.window() != 1) {
      options.add("--window " + knockout.window());
    }
    if (knockout.draws() != 0) {
      options.add("--draws " + knockout.draws());
    }
    return Requests.with(
        Requests.with(Requests.with(rest, "edges", List.of()), "window", 1), "draws", 0);
  }

  private static SilenceRequest silence(SilenceRequest silence, List<String> options) {
    options.add(
        "--head " + silence.heads().stream().map(HeadRef::text).collect(Collectors.joining(",")));
    return Requests.with(
        Requests.with(silence, "stack", stack(silence.stack(), options)),
        "measure",
        measured(silence.measure(), options));
  }

  /// The usual stack, of which no option says anything.
  private static Pile stack(Pile stack, List<String> options) {
    stack(stack, options, Optional.of(Pile.DECODER));
    return Pile.DECODER;
  }

  /// @param usual the one of which no option says anything
  private static void stack(Pile stack, List<String> options, Optional<Pile> usual) {
    if (!usual.equals(Optional.of(stack))) {
      options.add("--stack " + stack.name().toLowerCase(Locale.ROOT));
    }
  }

  private static CausesRequest causes(CausesRequest causes, List<String> options) {
    options.add("--head " + causes.head().text());
    causes.target().ifPresent(word -> options.add("--target " + quoted(word)));
    return Requests.with(causes, "target", Optional.empty());
  }

  private static CompareRequest compare(CompareRequest compare, List<String> options) {
    CompareRequest rest = compare;
    if (compare.target() instanceof TargetSpec.Word(String word)) {
      options.add("--target " + quoted(word));
      rest = Requests.with(rest, "target", new TargetSpec.OwnAnswer());
    }
    if (!compare.methods().isEmpty()) {
      options.add("--methods " + quoted(String.join(",", compare.methods())));
      rest = Requests.with(rest, "methods", List.of());
    }
    if (compare.steps() != 16) {
      options.add("--steps " + compare.steps());
    }
    if (compare.noises() != 1) {
      options.add("--noises " + compare.noises());
    }
    return Requests.with(Requests.with(rest, "steps", 16), "noises", 1);
  }

  /// The measure without what an option says.
  static Measure measured(Measure measure, List<String> options) {
    if (measure instanceof Measure.Word(Optional<String> word, Measure.Place place, var against)
        && word.isPresent()
        && place == Measure.Place.ANSWER
        && against.isEmpty()) {
      options.add("--target " + quoted(word.get()));
      return Measure.USUAL;
    }
    return measure;
  }

  static String quoted(String word) {
    return word.matches("[\\p{L}\\p{N}_@%+=:,./-]+")
        ? word
        : "'" + word.replace("'", "'\\''") + "'";
  }
}
