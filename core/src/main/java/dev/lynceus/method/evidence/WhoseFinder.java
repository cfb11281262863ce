package dev.lynceus.method.evidence;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.AnswerWords;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.Target;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.score.Pointing;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Reader;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Finds what a word rests on that speaks of something which is not there: a map of the word, the
/// thing that the map points at, and what becomes of the word without it.
///
/// Things are those of given boxes. Without boxes they are those of the model's own description of
/// the picture, each with a map of its word there; then the one whose map lies on the region is the
/// owner. The model is then asked the same question of the owner.
final class WhoseFinder {
  /// Most tokens of the description and of the answer about the owner.
  private static final int MOST = 48;

  /// Most regions elsewhere.
  private static final int ELSEWHERE = 12;

  /// Part of a thing's own map that must lie on the region for it to be the owner.
  private static final double OWN = .5;

  private final LoadedModel model;
  private final PatchMethod method;
  private final List<NamedBox> boxes;
  private final Progress progress;

  WhoseFinder(LoadedModel model, PatchMethod method, List<NamedBox> boxes, Progress progress) {
    this.model = model;
    // The usual map needs visual tokens among words.
    this.method =
        Inputs.seesByReading(model.model()) && !method.readsFeatures()
            ? PatchMethod.named("occlusion").getFirst()
            : method;
    this.boxes = boxes;
    this.progress = progress;
  }

  /// The region and where it comes from.
  // Plain numbers; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  private record Found(
      int view,
      boolean[] region,
      boolean boxed,
      @Nullable String owner,
      List<Whose.Candidate> candidates) {}

  /// What a word rests on.
  ///
  /// @param ids tokens of the answer
  /// @param group first and last token of the word
  /// @param asked what is not there; may be empty
  /// @return null where the map holds nothing above zero
  @Nullable Whose of(Prompt prompt, int[] ids, int[] group, String word, String asked) {
    TokenMap seen = Inputs.seen(model.model(), prompt).orElse(prompt.tokens());
    List<TokenMap.View> views = seen.views();
    boxes.forEach(box -> box.check(seen.grids()));
    progress.at("borrowed word", 0, 3);
    Prompt longer = prompt.withAnswer(Arrays.copyOf(ids, group[1] - 1));
    Target target = new AnswerWords(model.tokenizer(), ids, prompt.length() - 1).target(group);
    List<double[]> maps = maps(longer, target, prompt.length() - 1 + group[0]);
    if (maps.stream().flatMapToDouble(Arrays::stream).noneMatch(value -> value > 0)) {
      return null;
    }
    progress.at("borrowed word", 1, 3);
    Found found = boxes.isEmpty() ? described(prompt, views, maps) : boxed(views, maps);
    progress.at("borrowed word", 2, 3);
    String owner = found.owner;
    return new Whose(
        word,
        prompt.length() + group[0],
        asked,
        method.name(),
        maps,
        found.view,
        found.region,
        found.boxed,
        owner,
        found.candidates,
        owner == null || asked.isEmpty() ? null : also(prompt, asked, owner),
        test(prompt.withAnswer(Arrays.copyOf(ids, group[0])), ids[group[0]], views, found));
  }

  private List<double[]> maps(Prompt prompt, Target target, int firstRow) {
    try (Scope scope = Scope.open();
        Run run = model.run(prompt, method.capture(model, firstRow))) {
      return maps(run, target);
    }
  }

  private List<double[]> maps(Run run, Target target) {
    return Inputs.seen(run).views().stream()
        .map(view -> method.map(run, target, view, new SplittableRandom(1)).values())
        .toList();
  }

  // ---- with boxes

  private Found boxed(List<TokenMap.View> views, List<double[]> maps) {
    double all = maps.stream().mapToDouble(WhoseFinder::positive).sum();
    List<Whose.Candidate> candidates = new ArrayList<>();
    Map<String, NamedBox> byName = new LinkedHashMap<>();
    for (NamedBox box : boxes) {
      double own = 0;
      for (int v = 0; v < views.size(); v++) {
        own += views.get(v).image() == box.image() ? on(views.get(v), maps.get(v), box) : 0;
      }
      String name = byName.containsKey(box.name()) ? box.name() + " " + box.box() : box.name();
      byName.put(name, box);
      candidates.add(new Whose.Candidate(name, own / all));
    }
    candidates.sort(Comparator.comparingDouble(Whose.Candidate::share).reversed());
    String owner = candidates.getFirst().name();
    NamedBox box = byName.get(owner);
    int view =
        IntStream.range(0, views.size())
            .filter(v -> box != null && views.get(v).image() == box.image())
            .boxed()
            .max(Comparator.comparingDouble(v -> positive(maps.get(v))))
            .orElseThrow();
    TokenMap.Tile tile = views.get(view).tile();
    boolean[] region = new boolean[tile.patches()];
    for (int patch = 0; patch < region.length && box != null; patch++) {
      region[patch] = Pointing.shared(tile, patch, box.region()) > 0;
    }
    return new Found(view, region, true, box == null ? null : box.name(), candidates);
  }

  private static double on(TokenMap.View view, double[] map, NamedBox box) {
    boolean[] inside = Pointing.inside(view.tile(), box.region());
    return IntStream.range(0, map.length)
        .filter(patch -> inside[patch])
        .mapToDouble(patch -> Math.max(0, map[patch]))
        .sum();
  }

  private static double positive(double[] map) {
    return Arrays.stream(map).filter(value -> value > 0).sum();
  }

  // ---- without boxes

  private Found described(Prompt prompt, List<TokenMap.View> views, List<double[]> maps) {
    int view =
        IntStream.range(0, views.size())
            .boxed()
            .max(Comparator.comparingDouble(v -> Arrays.stream(maps.get(v)).max().orElse(0)))
            .orElseThrow();
    TokenMap.Tile tile = views.get(view).tile();
    boolean[] core = MapRegion.of(maps.get(view), tile.rows(), tile.columns());
    boolean[] region = MapRegion.ringed(core, tile.rows(), tile.columns());
    List<Whose.Candidate> candidates = candidates(prompt, view, region);
    String owner =
        candidates.isEmpty() || candidates.getFirst().share() < OWN
            ? null
            : candidates.getFirst().name();
    return new Found(view, region, false, owner, candidates);
  }

  /// Things of the model's own description, by the part of their map that lies on the region.
  private List<Whose.Candidate> candidates(Prompt prompt, int view, boolean[] region) {
    if (Inputs.seesByReading(model.model())) {
      // Such a model answers in a word or two, and describes nothing.
      return List.of();
    }
    Prompt question = model.prompt("Describe the image.", prompt.pictures(), "");
    int[] ids = answer(question).ids();
    if (ids.length == 0) {
      return List.of();
    }
    int firstRow = question.length() - 1;
    AnswerWords words = new AnswerWords(model.tokenizer(), ids, firstRow);
    Map<String, Double> shares = new LinkedHashMap<>();
    try (Scope scope = Scope.open();
        Run run =
            model.run(
                question.withAnswer(Arrays.copyOf(ids, ids.length - 1)),
                method.capture(model, firstRow))) {
      for (int[] group : words.groups()) {
        String word = words.text(group).toLowerCase(Locale.ROOT);
        if (!Things.names(word) || Premises.describes(word) || shares.containsKey(word)) {
          continue;
        }
        List<double[]> maps = maps(run, words.target(group));
        double all = maps.stream().mapToDouble(WhoseFinder::positive).sum();
        double[] map = maps.get(view);
        double own =
            IntStream.range(0, map.length)
                .filter(patch -> region[patch])
                .mapToDouble(patch -> Math.max(0, map[patch]))
                .sum();
        shares.put(word, all > 0 ? own / all : 0);
      }
    }
    return shares.entrySet().stream()
        .map(entry -> new Whose.Candidate(entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparingDouble(Whose.Candidate::share).reversed())
        .toList();
  }

  private Generation.Answer answer(Prompt prompt) {
    try (Generation generation =
        model.generate(
            Batch.of(prompt),
            GenerationOptions.greedy(MOST),
            Capture.NONE,
            List.of(),
            text -> {})) {
      return generation.answer();
    }
  }

  /// What the model says where it is asked the same of the owner; null where the question does not
  /// name what is not there.
  private @Nullable String also(Prompt prompt, String asked, String owner) {
    Matcher matcher =
        Pattern.compile(
                "\\b" + Pattern.quote(asked) + "\\b",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CHARACTER_CLASS)
            .matcher(prompt.question());
    if (!matcher.find()) {
      return null;
    }
    String question = matcher.replaceAll(Matcher.quoteReplacement(owner));
    return answer(model.prompt(question, prompt.pictures(), "")).text().strip();
  }

  // ---- the test

  private Whose.Test test(Prompt prompt, int id, List<TokenMap.View> views, Found found) {
    TokenMap.View view = views.get(found.view);
    TokenMap.Tile tile = view.tile();
    try (Run run = model.run(prompt, Sweep.base(model))) {
      List<List<Intervention>> changes = new ArrayList<>();
      changes.add(blank(run, view, found.region));
      for (boolean[] other :
          MapRegion.elsewhere(found.region, tile.rows(), tile.columns(), ELSEWHERE)) {
        changes.add(blank(run, view, other));
      }
      double[] clean = read(run.logits(), id);
      double[][] all =
          Sweep.of(run, changes, new Reader.Logits(logits -> read(logits, id)))
              .run(Progress.NONE, Ledger.NONE);
      List<Double> elsewhere = Arrays.stream(all).skip(1).map(values -> values[0]).toList();
      int changed =
          (int) Arrays.stream(all).skip(1).filter(values -> values[1] != clean[1]).count();
      String said = model.tokenizer().shown((int) all[0][1]).strip();
      return new Whose.Test(clean[0], all[0][0], said, elsewhere, changed);
    }
  }

  private static List<Intervention> blank(Run run, TokenMap.View view, boolean[] region) {
    int[] positions =
        IntStream.range(0, region.length)
            .filter(patch -> region[patch])
            .map(patch -> view.positions()[patch])
            .toArray();
    if (positions.length == 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the box does not touch a patch that the model sees",
          "Give boxes in pixels of the original picture.");
    }
    return Inputs.at(run, Positions.of(positions), new Op.Mean(Positions.parse("image")));
  }

  /// Log probability of a token, and the most probable one.
  private static double[] read(Tensor logits, int id) {
    try (Scope scope = Scope.open()) {
      Tensor logs = Torch.logSoftmax(logits.to(DType.FLOAT64).reshape(-1), 0);
      return new double[] {logs.narrow(0, id, 1).item(), logs.argmax(0).toInts()[0]};
    }
  }
}
