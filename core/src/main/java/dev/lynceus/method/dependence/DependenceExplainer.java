package dev.lynceus.method.dependence;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Blind;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.Provenance;
import dev.lynceus.method.Target;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Measures;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.method.reader.AnswerWord;
import dev.lynceus.method.relevancy.RelevancyMaps;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Asks a model whose logits have no shares, and tells what its answer depends on: the whole of
/// `explain` for BLIP and for models that read. Parts of what was given are taken away one by one;
/// integrated gradients and relevancies say in other ways what matters; what each of the three
/// points at is taken away together, beside as much elsewhere; and heads are estimated by gradients
/// and silenced.
///
/// @param progress told of every step, and asked whether to go on
public record DependenceExplainer(LoadedModel model, DependenceOptions options, Progress progress) {
  /// The three maps.
  static final String REMOVAL = "removal";

  static final String INTEGRATED = "integrated-gradients";
  static final String RELEVANCY = "relevancy";

  /// What one answer is explained with.
  ///
  /// @param texts that were read
  /// @param views pictures that were read
  private record Question(
      Run run, Target target, Readout readout, List<GivenText> texts, List<TokenMap.View> views) {
    double clean() {
      return readout.of(run).logProbability();
    }
  }

  /// What the model answers, and what that depends on.
  ///
  /// @param prompt a question about a picture, a question beside a passage, or a text with words
  ///   taken out
  /// @throws LynceusException BAD_REQUEST where the model answers nothing, or for what is no single
  ///   word; CANCELLED
  public Dependence explain(Prompt prompt) {
    long start = System.nanoTime();
    stage("answer", 0, 0);
    KeyWord found = AnswerWord.find(model, prompt, options.target(), options.maxTokens());
    Target target = found.target();
    try (Run run = model.run(found.prompt(), Sweep.base(model))) {
      Question question =
          new Question(
              run,
              target,
              Readout.of(run, OptionalInt.of(target.ids()[0]), OptionalInt.empty()),
              GivenText.of(model, found.prompt()),
              Inputs.seesByReading(model.model()) ? Inputs.seen(run).views() : List.of());
      List<Dependence.Values> maps = new ArrayList<>();
      List<Dependence.Whole> wholes = new ArrayList<>();
      Removal removal = new Removal(question.views(), question.texts(), run);
      maps.add(removed(question, removal, wholes));
      maps.add(integrated(question));
      maps.add(relevancy(question));
      HeadEstimates heads = HeadEstimates.of(run, target);
      List<Dependence.Tried> tried = new ArrayList<>();
      List<Dependence.Test> tests = tested(question, removal, maps, heads, tried);
      int[] all = found.prompt().ids();
      String before =
          model.tokenizer().decode(Arrays.copyOfRange(all, prompt.length(), all.length)).strip();
      Dependence.Word word = new Dependence.Word(target.text(), before, question.clean());
      Map<String, Double> seconds = new LinkedHashMap<>();
      seconds.put("explain", (System.nanoTime() - start) / 1e9);
      boolean asked = !prompt.question().isEmpty();
      return new Dependence(
          Provenance.of(model, options.seed(), options.command(), seconds),
          asked ? prompt.question() : prompt.text(),
          asked && prompt.pictures().isEmpty() ? prompt.text() : "",
          found.answer(),
          word,
          wholes,
          removal.told(),
          question.texts().stream()
              .map(text -> new Dependence.Text(text.name(), text.words()))
              .toList(),
          maps,
          tests,
          heads.values().entrySet().stream()
              .map(one ->
                  new Dependence.Heads(
                      new HeadEstimates.Head(one.getKey(), 0, 0, 0).stack(),
                      HeadEstimates.kind(one.getKey()),
                      title(one.getKey()),
                      one.getValue()))
              .toList(),
          tried,
          new DependenceWords(word, wholes, removal.told(), question.texts(), maps, tests)
              .conclusion(),
          found.choice().words().isEmpty() ? null : found.choice());
    }
  }

  private void stage(String stage, long done, long total) {
    if (progress.cancelled()) {
      throw new LynceusException(
          ErrorCode.CANCELLED,
          "the explanation was stopped at " + stage,
          "Run it again to begin anew.");
    }
    progress.at(stage, done, total);
  }

  private String title(Point point) {
    boolean cross = point.site() == Site.CROSS_Z;
    boolean encodes = model.model().textEncoder().isPresent();
    return switch (point.stack()) {
      case ENCODER -> cross ? "Question at the picture" : "Question at itself";
      case DECODER ->
          cross
              ? encodes ? "Answer at the question" : "Answer at the picture"
              : options.target() != null && model.model().vision().isEmpty()
                  ? "Words at each other"
                  : "Answer at itself";
      case VISION, QFORMER, PIXELS, PROJECTOR -> point.stack().title();
    };
  }

  // ---- the three maps

  /// Everything that is taken away by itself.
  private Dependence.Values removed(
      Question question, Removal removal, List<Dependence.Whole> wholes) {
    List<List<Intervention>> replays = new ArrayList<>();
    boolean sees = !question.views.isEmpty();
    if (sees) {
      replays.add(List.of(Blind.hide(question.run)));
    }
    question.texts.forEach(text -> replays.add(text.without()));
    int first = replays.size();
    replays.addAll(removal.each());
    double[] losses = losses("taking away", question, replays);
    double clean = question.clean();
    if (sees) {
      wholes.add(
          new Dependence.Whole(
              "the picture",
              "nobody is given anything of it by cross-attention",
              clean - losses[0],
              losses[0]));
    }
    for (int t = 0; t < question.texts.size(); t++) {
      GivenText text = question.texts.get(t);
      double loss = losses[(sees ? 1 : 0) + t];
      wholes.add(
          new Dependence.Whole(
              "the " + text.name(),
              text.masked()
                  ? "the mask token in the place of every word"
                  : "the mean embedding in the place of every word",
              clean - loss,
              loss));
    }
    double[] each = Arrays.copyOfRange(losses, first, losses.length);
    return new Dependence.Values(
        REMOVAL,
        "Taken away",
        "What the word loses without each patch or word alone, in nats: patches show the mean of the"
            + " picture's features, a word its mask. What two parts say alike is missed without"
            + " neither.",
        "nats",
        removal.patches(each),
        removal.words(each),
        null,
        null,
        null);
  }

  private Dependence.Values integrated(Question question) {
    InputShares shares =
        InputShares.of(
            question.run,
            question.target,
            question.texts,
            (name, done, total) -> stage(name, done, total));
    Point features = Point.vision(Site.FEATURES);
    List<double[]> patches = new ArrayList<>();
    List<double[]> words = new ArrayList<>();
    double told = 0;
    for (TokenMap.View view : question.views) {
      double[] all = Objects.requireNonNull(shares.values().get(features));
      patches.add(IntStream.of(view.positions()).mapToDouble(p -> all[p]).toArray());
    }
    for (GivenText text : question.texts) {
      words.add(text.sums(Objects.requireNonNull(shares.values().get(text.point()))));
    }
    for (List<double[]> some : List.of(patches, words)) {
      told += some.stream().flatMapToDouble(Arrays::stream).sum();
    }
    double all = shares.values().values().stream().flatMapToDouble(Arrays::stream).sum();
    return new Dependence.Values(
        INTEGRATED,
        "Integrated gradients",
        "What each brings while all of it comes in together from nothing, in nats: the sum is what"
            + " the word gains by all that was given (%d steps).".formatted(shares.steps()),
        "nats",
        patches,
        words,
        shares.promised(),
        all - told,
        shares.gap());
  }

  private Dependence.Values relevancy(Question question) {
    RelevancyMaps.Result found =
        new RelevancyMaps()
            .explain(question.run, List.of(question.target), Progress.NONE)
            .getFirst();
    List<double[]> words = new ArrayList<>();
    for (GivenText text : question.texts) {
      words.add(
          text.sums(text.point().stack() == Stack.ENCODER ? found.question() : found.positions()));
    }
    return new Dependence.Values(
        RELEVANCY,
        "Relevancy",
        "Attention, weighted by how the word's logit depends on it, followed through all stacks to"
            + " the input. Shares; those of the picture and of a text are on no common scale.",
        "share",
        found.maps().stream().map(RelevancyMaps.Maps::composed).toList(),
        words,
        null,
        null,
        null);
  }

  // ---- tests

  /// Tests every map, and silences heads.
  private List<Dependence.Test> tested(
      Question question,
      Removal removal,
      List<Dependence.Values> maps,
      HeadEstimates heads,
      List<Dependence.Tried> tried) {
    List<Removal.Trial> trials = new ArrayList<>();
    for (Dependence.Values map : maps) {
      trials.addAll(removal.trials(map, options.draws(), new SplittableRandom(options.seed())));
    }
    List<List<Intervention>> replays = new ArrayList<>();
    trials.forEach(trial -> replays.addAll(trial.replays()));
    List<HeadEstimates.Head> ranked = heads.ranked();
    int most = Math.min(options.heads(), ranked.size());
    List<HeadEstimates.Head> chosen = new ArrayList<>(ranked.subList(0, most));
    chosen.addAll(HeadEstimates.drawn(ranked, most, most, new SplittableRandom(options.seed())));
    chosen.forEach(head -> replays.add(head.silenced()));
    double[] losses = losses("testing", question, replays);
    List<Dependence.Test> tests = new ArrayList<>();
    int next = 0;
    for (Removal.Trial trial : trials) {
      int end = next + trial.replays().size();
      tests.add(trial.told(Arrays.copyOfRange(losses, next, end)));
      next = end;
    }
    for (int i = 0; i < chosen.size(); i++) {
      HeadEstimates.Head head = chosen.get(i);
      tried.add(
          new Dependence.Tried(
              head.stack(),
              head.kind(),
              head.layer(),
              head.head(),
              head.estimated(),
              losses[next + i],
              i >= most));
    }
    return tests;
  }

  /// What the word loses in each replay.
  private double[] losses(String stage, Question question, List<List<Intervention>> replays) {
    double clean = question.clean();
    List<Measures> found =
        Job.told((name, done, total) -> stage(name, done, total))
            .run(stage, question.run, replays, question.readout);
    return found.stream().mapToDouble(one -> clean - one.logProbability()).toArray();
  }
}
