package dev.lynceus.lab.measure;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.score.Pointing;
import dev.lynceus.method.score.Ranks;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Asks whether three findings about large models (arXiv 2411.10950) hold for the bundled one: (a)
/// questions about pictures and about texts are answered by the same heads; (b) visual tokens can
/// be read as words; (c) these heads are those of the text-only base. Each is measured on pictures
/// and the texts that state the same facts, and each is checked by changing the model. Beside them
/// (d): whose colour is named where the thing that is asked for is not there.
public final class Findings {
  /// Scenes that are held in memory at once.
  private static final int SCENES = 32;

  /// Heads whose attention and whose words are looked at.
  private static final int BEST = 3;

  private static final int PATCHES = 5;
  private static final int WORDS = 2;

  /// Most scenes of the causal checks and of the words that heads move.
  private static final int CHECKED = 200;

  private static final int MEAN_OF = 128;

  /// Scenes that the page shows.
  private static final int SHOWN = 5;

  private final LoadedModel model;
  private final LoadedModel base;
  private final Exam exam;
  private final Progress progress;

  /// @param base the text-only model that was tuned to become `model`, with the same tokenizer
  /// @param seed of the scenes
  public Findings(LoadedModel model, LoadedModel base, long seed, Progress progress) {
    TextConfig own = model.model().decoder().config();
    TextConfig other = base.model().decoder().config();
    if (own.layers() != other.layers()
        || own.heads() != other.heads()
        || own.vocabulary() != other.vocabulary()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%s was not made from %s: they differ in layers, heads or vocabulary"
              .formatted(model.name(), base.name()),
          "Name the text-only model that it was tuned from with --base.");
    }
    this.model = model;
    this.base = base;
    this.exam = Twin.exam(seed);
    this.progress = progress;
  }

  /// Measures everything.
  ///
  /// @throws LynceusException BAD_REQUEST if no scene is answered right in every form
  /// @param scenes that are looked at; the causal checks take others, as many but at most 200
  public FindingsReport measure(int scenes) {
    HeadStudy visual = new HeadStudy(model);
    HeadStudy textual = new HeadStudy(model);
    HeadStudy baseline = new HeadStudy(base);
    PatchStudy patches = new PatchStudy(model);
    TextStudy control = new TextStudy(model);
    KindStudy kinds = new KindStudy(model);
    List<Long> right = new ArrayList<>();
    for (int start = 0; start < scenes; start += SCENES) {
      List<Twin> twins = twins(start, Math.min(scenes, start + SCENES));
      try (Pictures pictures = pictures(twins)) {
        boolean[] correct = correct(pictures, twins);
        readPatches(pictures, twins, patches);
        for (int i = 0; i < twins.size(); i++) {
          if (correct[i]) {
            right.add(twins.get(i).number());
            heads(pictures, i, twins.get(i), visual);
            heads(model, twins.get(i), textual);
            heads(base, twins.get(i), baseline);
            if (right.size() <= CHECKED) {
              kinds.add(seeing(pictures, i), pictures, i, twins.get(i), exam);
              control.add(twins.get(i));
            }
          }
          progress.at("heads and patches", start + i + 1L, scenes);
        }
      }
    }
    if (right.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "none of %d scenes was answered right as a picture and as a text by both models"
              .formatted(scenes),
          "Ask about more scenes, or measure a model that knows the colours of its world.");
    }
    int[] byPictures = Ranks.ranking(visual.mean());
    int[] byTexts = Ranks.ranking(textual.mean());
    List<FindingsReport.ValueWords> values = values(right, best(byPictures), best(byTexts));
    AblationStudy checks =
        new AblationStudy(
            model, base, twins(scenes, scenes + (long) Math.min(scenes, CHECKED)), progress);
    float[] blank =
        Scoring.blank(
            model,
            IntStream.range(0, MEAN_OF).mapToObj(i -> exam.scene(Long.MAX_VALUE / 2 + i)).toList());
    BorrowStudy borrowed = new BorrowStudy(model, blank, progress);
    int asked = Math.min(scenes, CHECKED);
    long seed = exam.world().seed();
    TextConfig config = model.model().decoder().config();
    return new FindingsReport(
        model.name(),
        base.name(),
        exam.world().seed(),
        scenes,
        right.size(),
        config.layers(),
        config.heads(),
        config.vocabulary(),
        visual.mean(),
        textual.mean(),
        baseline.mean(),
        List.of(
            agreement("tuned, pictures", visual, "tuned, texts", textual),
            agreement("tuned, texts", textual, "base, texts", baseline),
            agreement("tuned, pictures", visual, "base, texts", baseline)),
        List.of(visual.shift("picture", best(byPictures)), textual.shift("text", best(byTexts))),
        values,
        patches.words(),
        kinds.against(visual.mean()),
        patches.inverted(),
        control.words(),
        checks.heads(rankings(visual, textual, baseline), means()),
        checks.patches(blank),
        List.of(borrowed.measure(seed, asked), borrowed.measure(seed + 1, asked)),
        right.stream()
            .limit(SHOWN)
            .flatMap(number -> Examples.of(model, Twin.of(exam, number)).stream())
            .toList());
  }

  private Agreement agreement(String one, HeadStudy first, String other, HeadStudy second) {
    int perLayer = model.model().decoder().config().heads();
    return Agreement.of(one, first.increases(), other, second.increases(), perLayer);
  }

  /// Ways to choose heads: by what they raise, and two rivals that look at no answer.
  private static Map<String, int[]> rankings(
      HeadStudy visual, HeadStudy textual, HeadStudy baseline) {
    Map<String, int[]> rankings = new LinkedHashMap<>();
    rankings.put("pictures", Ranks.ranking(visual.mean()));
    rankings.put("texts", Ranks.ranking(textual.mean()));
    rankings.put("base", Ranks.ranking(baseline.mean()));
    rankings.put("attention", Ranks.ranking(visual.looks()));
    rankings.put("output", Ranks.ranking(visual.writes()));
    return rankings;
  }

  /// What every head writes in the mean, over questions that are used for nothing else.
  private Silencing.Means means() {
    List<Twin> others =
        IntStream.range(0, SCENES)
            .mapToObj(i -> Twin.of(exam, Long.MAX_VALUE / 2 + MEAN_OF + i))
            .toList();
    try (Pictures pictures = pictures(others)) {
      return Silencing.Means.of(
          pictures,
          IntStream.range(0, others.size())
              .mapToObj(
                  i -> Exchange.about(pictures, i, others.get(i).question(others.get(i).asked())))
              .toList());
    }
  }

  private static int[] best(int[] ranking) {
    return Arrays.copyOf(ranking, Math.min(BEST, ranking.length));
  }

  private List<Twin> twins(long from, long until) {
    return LongStream.range(from, until).mapToObj(number -> Twin.of(exam, number)).toList();
  }

  private Pictures pictures(List<Twin> twins) {
    return new Pictures(model, twins.stream().map(Twin::scene).toList());
  }

  /// Which twins are answered right by all: the explanations shall be of right answers.
  private boolean[] correct(Pictures pictures, List<Twin> twins) {
    List<Exchange> seen = new ArrayList<>();
    List<Exchange> read = new ArrayList<>();
    List<Exchange> readByBase = new ArrayList<>();
    for (int i = 0; i < twins.size(); i++) {
      Twin twin = twins.get(i);
      Question question = twin.question(twin.asked());
      seen.add(Exchange.about(pictures, i, question));
      read.add(Exchange.about(model, twin.story(), question));
      readByBase.add(Exchange.about(base, twin.story(), question));
    }
    Marker.Mark[] visual = new Marker(model, pictures).mark(seen, List.of());
    Marker.Mark[] textual = new Marker(model, null).mark(read, List.of());
    Marker.Mark[] baseline = new Marker(base, null).mark(readByBase, List.of());
    boolean[] correct = new boolean[twins.size()];
    for (int i = 0; i < correct.length; i++) {
      correct[i] = visual[i].key() && textual[i].key() && baseline[i].key();
    }
    return correct;
  }

  private void readPatches(Pictures pictures, List<Twin> twins, PatchStudy patches) {
    List<Prompt> prompts =
        IntStream.range(0, twins.size())
            .mapToObj(i -> model.prompt("Describe the image.", pictures.get(i)))
            .toList();
    patches.add(
        pictures, prompts, twins, new SplittableRandom(twins.getFirst().number() + 5).split());
  }

  private void heads(Pictures pictures, int picture, Twin twin, HeadStudy study) {
    Exchange exchange = Exchange.about(pictures, picture, twin.question(twin.asked()));
    Prompt other = Exchange.about(pictures, picture, twin.question(twin.other())).untilKey();
    TokenMap.View view = exchange.prompt().tokens().views().getFirst();
    boolean[] inside =
        Pointing.inside(view.tile(), twin.scene().items().get(twin.asked()).box().region());
    int[] places =
        IntStream.range(0, inside.length)
            .filter(p -> inside[p])
            .map(p -> view.positions()[p])
            .toArray();
    study.add(seeing(pictures, picture), exchange.untilKey(), exchange.key(), other, places);
  }

  private static void heads(LoadedModel asked, Twin twin, HeadStudy study) {
    Exchange exchange = Exchange.about(asked, twin.story(), twin.question(twin.asked()));
    Prompt other = Exchange.about(asked, twin.story(), twin.question(twin.other())).untilKey();
    int[] places = twin.sentence(exchange.prompt(), asked.tokenizer(), twin.asked());
    study.add(
        (prompt, capture) -> asked.run(prompt, capture),
        exchange.untilKey(),
        exchange.key(),
        other,
        places);
  }

  private static HeadStudy.Runner seeing(Pictures pictures, int picture) {
    return (prompt, capture) ->
        pictures.run(List.of(prompt), new int[] {picture}, capture, List.of());
  }

  private List<FindingsReport.ValueWords> values(List<Long> right, int[] seers, int[] readers) {
    ValueStudy visual = new ValueStudy(model, seers, PATCHES);
    ValueStudy textual = new ValueStudy(model, readers, WORDS);
    List<Long> some = right.subList(0, Math.min(CHECKED, right.size()));
    for (int start = 0; start < some.size(); start += SCENES) {
      List<Twin> twins =
          some.subList(start, Math.min(some.size(), start + SCENES)).stream()
              .map(number -> Twin.of(exam, number))
              .toList();
      try (Pictures pictures = pictures(twins)) {
        for (int i = 0; i < twins.size(); i++) {
          values(pictures, i, twins.get(i), visual, textual);
        }
      }
      progress.at("words that heads move", start + (long) twins.size(), some.size());
    }
    List<FindingsReport.ValueWords> words = new ArrayList<>(visual.words("picture"));
    words.addAll(textual.words("text"));
    return words;
  }

  private void values(
      Pictures pictures, int picture, Twin twin, ValueStudy visual, ValueStudy textual) {
    Question question = twin.question(twin.asked());
    int noun = Twin.word(model.tokenizer(), twin.scene().items().get(twin.asked()).noun());
    SplittableRandom random = new SplittableRandom(twin.number() * 3 + 1).split();
    Exchange seen = Exchange.about(pictures, picture, question);
    int[] patches = seen.prompt().tokens().views().getFirst().positions();
    visual.add(seeing(pictures, picture), seen.untilKey(), patches, seen.key(), noun, random);
    Exchange read = Exchange.about(model, twin.story(), question);
    int things = twin.scene().items().size();
    int first = twin.sentence(read.prompt(), model.tokenizer(), 0)[0];
    int[] last = twin.sentence(read.prompt(), model.tokenizer(), things - 1);
    int[] text = IntStream.rangeClosed(first, last[last.length - 1]).toArray();
    textual.add(
        (prompt, capture) -> model.run(prompt, capture),
        read.untilKey(),
        text,
        read.key(),
        noun,
        random);
  }
}
