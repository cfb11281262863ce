package dev.lynceus.lab.measure;

import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.words.ContextBank;
import dev.lynceus.method.words.Found;
import dev.lynceus.method.words.PatchStates;
import dev.lynceus.method.words.PseudoFeatures;
import dev.lynceus.method.words.VmHead;
import dev.lynceus.method.words.VmHeadFit;
import dev.lynceus.method.words.WordView;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.pupil.world.Colour;
import dev.lynceus.pupil.world.Item;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.pupil.world.WorldTexts;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Reads visual tokens of scenes by every view, and tells how often each reads what is there.
public final class ViewStudy {
  private static final int LISTED = 5;
  private static final int MOST_TOKENS = 16;

  private final LoadedModel model;
  private final Progress progress;
  private final int[] colours;
  private final int[] nouns;

  /// Shares of one scene's patches, view by view.
  private final Map<String, List<double[]>> rows = new LinkedHashMap<>();

  private final Map<String, List<PseudoFeatures.Row>> places = new LinkedHashMap<>();

  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL for a model that does not have
  ///   the words of the world
  public ViewStudy(LoadedModel model, Progress progress) {
    this.model = model;
    this.progress = progress;
    this.colours = Arrays.stream(Colour.values()).mapToInt(c -> word(c.word())).toArray();
    this.nouns = Silhouette.names().stream().mapToInt(this::word).toArray();
  }

  /// How much is read and fitted.
  ///
  /// @param scenes that are read
  /// @param replaced of them, those on which words are put in the place of patches
  /// @param texts of the contextual lens
  /// @param fit of the head for visual words, on scenes of another sequence
  public record Plan(Scenes scenes, int replaced, int texts, VmHeadFit fit) {}

  /// Reads scenes.
  public ViewReport measure(Plan plan) {
    TextConfig config = model.model().decoder().config();
    List<String> lines = WorldTexts.lines(plan.scenes().seed() + 1, plan.texts());
    try (VmHead head = plan.fit().fit(model, prompts(plan.scenes().seed() + 2, 400), progress);
        ContextBank bank = ContextBank.of(model, lines, ContextBank.Limits.DEFAULT, progress)) {
      List<WordView> views = views(config, head, bank);
      List<WordView.Context> contexts =
          IntStream.range(1, config.layers())
              .mapToObj(depth -> new WordView.Context(bank, depth))
              .toList();
      Exam exam = Twin.exam(plan.scenes().seed());
      Twin before = Twin.of(exam, plan.scenes().count());
      for (int number = 0; number < plan.scenes().count(); number++) {
        Twin twin = Twin.of(exam, number);
        read(twin, before, views, number < plan.replaced() ? contexts : List.of(), head, number);
        before = twin;
        progress.at("scenes", number + 1L, plan.scenes().count());
      }
      return new ViewReport(
          model.name(),
          plan.scenes(),
          plan.texts(),
          VmHeadFit.tried(model, head, prompts(plan.scenes().seed() + 3, 100), progress),
          views.stream().map(view -> row(view.name())).toList(),
          places.keySet().stream().map(this::place).toList());
    }
  }

  private List<WordView> views(TextConfig config, VmHead head, ContextBank bank) {
    List<WordView> views = new ArrayList<>();
    views.add(new WordView.Embedding());
    for (int depth = 0; depth <= config.layers(); depth++) {
      views.add(new WordView.Lens(depth));
    }
    views.add(new WordView.Next());
    views.add(new WordView.Head(head));
    for (int depth = 0; depth <= config.layers(); depth++) {
      views.add(new WordView.Context(bank, depth));
    }
    return views;
  }

  private void read(
      Twin twin,
      Twin stranger,
      List<WordView> views,
      List<WordView.Context> contexts,
      VmHead head,
      int number) {
    Question question = twin.question(twin.asked());
    try (Pictures pictures = new Pictures(model, List.of(twin.scene()))) {
      Prompt prompt = Exchange.about(pictures, 0, question).prompt();
      TokenMap.View view = prompt.tokens().views().getFirst();
      Item item = twin.scene().items().get(twin.asked());
      int[] own = positions(view, PatchStudy.own(item, view.tile()));
      int[] ground = positions(view, PatchStudy.ground(twin.scene(), view.tile()));
      try (Run run = model.run(prompt, PatchStates.capture(model.model().decoder().config()))) {
        for (WordView one : views) {
          add(one, run, own, ground, item, unlike(stranger, item));
        }
      }
      if (!contexts.isEmpty()) {
        PseudoFeatures.Result result =
            new PseudoFeatures(MOST_TOKENS, number)
                .of(model, prompt, new WordView.Head(head), contexts, Progress.NONE);
        result
            .rows()
            .forEach(row -> places.computeIfAbsent(row.name(), name -> new ArrayList<>()).add(row));
      }
    }
  }

  /// A thing of another scene, of another kind and another colour where there is one.
  private static Item unlike(Twin stranger, Item item) {
    return stranger.scene().items().stream()
        .filter(other -> !other.noun().equals(item.noun()) && other.colour() != item.colour())
        .findFirst()
        .orElse(stranger.scene().items().getFirst());
  }

  private static int[] positions(TokenMap.View view, int[] patches) {
    return IntStream.of(patches).map(patch -> view.positions()[patch]).toArray();
  }

  private void add(WordView view, Run run, int[] own, int[] ground, Item item, Item stranger) {
    double[] shares = new double[6];
    Arrays.fill(shares, Double.NaN);
    int colour = word(item.colour().word());
    int noun = word(item.noun());
    if (own.length > 0) {
      PatchStates states = new PatchStates(run, own);
      shares[0] = best(view.search(states, colours), item.colour().ordinal());
      shares[1] = best(view.search(states, nouns), Silhouette.names().indexOf(item.noun()));
      List<List<Found>> words = view.words(states, LISTED);
      shares[2] = holds(words, 1, colour, noun);
      shares[3] = holds(words, LISTED, colour, noun);
      shares[4] = holds(words, LISTED, word(stranger.colour().word()), word(stranger.noun()));
    }
    if (ground.length > 0) {
      shares[5] = holds(view.words(new PatchStates(run, ground), LISTED), LISTED, colour, noun);
    }
    rows.computeIfAbsent(view.name(), name -> new ArrayList<>()).add(shares);
  }

  /// Share of patches at which one word has the largest score; a word that the view does not know
  /// is never the largest.
  private static double best(double[][] scores, int right) {
    int patches = scores[0].length;
    return IntStream.range(0, patches)
            .filter(p ->
                IntStream.range(0, scores.length)
                    .allMatch(w -> w == right || !(scores[w][p] >= scores[right][p])))
            .filter(p -> !Double.isNaN(scores[right][p]))
            .count()
        / (double) patches;
  }

  private static double holds(List<List<Found>> words, int first, int colour, int noun) {
    return words.stream()
            .filter(
                row -> row.stream().limit(first).anyMatch(f -> f.id() == colour || f.id() == noun))
            .count()
        / (double) words.size();
  }

  private ViewReport.Row row(String view) {
    List<double[]> all = rows.getOrDefault(view, List.of());
    Estimate[] means =
        IntStream.range(0, 6)
            .mapToObj(column ->
                Estimate.mean(all.stream().mapToDouble(shares -> shares[column]).toArray()))
            .toArray(Estimate[]::new);
    return new ViewReport.Row(view, means[0], means[1], means[2], means[3], means[4], means[5]);
  }

  private ViewReport.Place place(String name) {
    List<PseudoFeatures.Row> all = places.getOrDefault(name, List.of());
    return new ViewReport.Place(
        name,
        all.getFirst().control(),
        Estimate.mean(all.stream().mapToDouble(row -> row.same() ? 1 : 0).toArray()),
        Estimate.mean(all.stream().mapToDouble(PseudoFeatures.Row::change).toArray()));
  }

  private List<Prompt> prompts(long seed, int count) {
    return WorldPrompts.answered(model, seed, count);
  }

  private int word(String word) {
    return Twin.word(model.tokenizer(), word);
  }
}
