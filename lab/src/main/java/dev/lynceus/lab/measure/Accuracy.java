package dev.lynceus.lab.measure;

import dev.lynceus.lab.measure.AccuracyReport.Cell;
import dev.lynceus.lab.measure.AccuracyReport.Split;
import dev.lynceus.method.score.Share;
import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Fact;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Question.Kind;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.Story;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Asks a model about scenes that it never saw, and marks its greedy answers.
public final class Accuracy {
  /// Pictures that are encoded at once.
  private static final int PICTURES = 32;

  private final LoadedModel model;
  private final @Nullable LoadedModel base;
  private final long seed;
  private final Progress progress;
  private final List<Marked> all = new ArrayList<>();

  /// @param base the text-only base, asked about texts; null for none
  /// @param seed of the scenes
  public Accuracy(LoadedModel model, @Nullable LoadedModel base, long seed, Progress progress) {
    this.model = model;
    this.base = base;
    this.seed = seed;
    this.progress = progress;
  }

  /// A marked answer and what it belongs to.
  private record Marked(
      Split split, String model, Question question, int objects, Marker.Mark mark) {}

  /// A scene and what is asked about it.
  private record Sheet(Scene scene, List<Question> questions) {}

  /// Measures all splits.
  ///
  /// @param scenes pictures of the free split; the others have half as many, at least one
  public AccuracyReport measure(int scenes) {
    int fewer = Math.max(1, scenes / 2);
    World free = new World(seed, SceneRecipe.FREE);
    Exam exam = new Exam(free);
    pictures(
        Split.PICTURES,
        scenes,
        number -> {
          Scene scene = exam.scene(number);
          return List.of(new Sheet(scene, exam.questions(number, scene)));
        });
    swaps(fewer);
    World unseen = new World(seed, SceneRecipe.FREE.withPairs(SceneRecipe.Pairs.UNSEEN));
    Exam unseenExam = new Exam(unseen);
    pictures(
        Split.UNSEEN_PAIRS,
        fewer,
        number -> {
          Scene scene = unseenExam.scene(number);
          List<Question> questions =
              unseenExam.questions(number, scene).stream()
                  .filter(q -> q.kind() == Kind.COLOUR || q.kind() == Kind.WHICH)
                  .toList();
          return List.of(new Sheet(scene, questions));
        });
    texts(model, fewer);
    if (base != null) {
      texts(base, fewer);
    }
    return report(scenes);
  }

  /// Makes the scenes of one number.
  private interface Source {
    List<Sheet> at(long number);
  }

  private void pictures(Split split, int scenes, Source source) {
    for (int start = 0; start < scenes; start += PICTURES) {
      List<Sheet> sheets =
          IntStream.range(start, Math.min(scenes, start + PICTURES))
              .mapToObj(source::at)
              .flatMap(List::stream)
              .toList();
      Marker.Mark[] marks = mark(sheets);
      int next = 0;
      for (Sheet sheet : sheets) {
        for (Question question : sheet.questions()) {
          int objects = sheet.scene().items().size();
          all.add(new Marked(split, model.name(), question, objects, marks[next++]));
        }
      }
      progress.at(split.label(), start + (long) sheets.size(), scenes);
    }
  }

  private Marker.Mark[] mark(List<Sheet> sheets) {
    try (Pictures pictures = new Pictures(model, sheets.stream().map(Sheet::scene).toList())) {
      List<Exchange> exchanges = new ArrayList<>();
      for (int i = 0; i < sheets.size(); i++) {
        for (Question question : sheets.get(i).questions()) {
          exchanges.add(Exchange.about(pictures, i, question));
        }
      }
      return new Marker(model, pictures).mark(exchanges, List.of());
    }
  }

  /// Asks the colour of the first thing, before and after it has changed places with that of the
  /// second.
  private void swaps(int scenes) {
    World world = new World(seed, SceneRecipe.FREE);
    for (int start = 0; start < scenes; start += PICTURES / 2) {
      List<Sheet> sheets =
          IntStream.range(start, Math.min(scenes, start + PICTURES / 2))
              .mapToObj(world::swapped)
              .flatMap(List::stream)
              .map(scene -> new Sheet(scene, List.of(Asker.colour(scene.facts(), 0).orElseThrow())))
              .toList();
      Marker.Mark[] marks = mark(sheets);
      for (int i = 0; i < marks.length; i += 2) {
        Question before = sheets.get(i).questions().getFirst();
        Question after = sheets.get(i + 1).questions().getFirst();
        int objects = sheets.get(i).scene().items().size();
        Marker.Mark both =
            new Marker.Mark(
                marks[i].exact() && marks[i + 1].exact(),
                marks[i].key() && marks[i + 1].key(),
                marks[i + 1].first());
        all.add(new Marked(Split.BEFORE_SWAP, model.name(), before, objects, marks[i]));
        all.add(new Marked(Split.AFTER_SWAP, model.name(), after, objects, marks[i + 1]));
        all.add(new Marked(Split.BOTH_SWAPS, model.name(), after, objects, both));
      }
      progress.at("swaps", start + sheets.size() / 2L, scenes);
    }
  }

  private void texts(LoadedModel asked, int count) {
    List<Exchange> exchanges = new ArrayList<>();
    List<Question> questions = new ArrayList<>();
    List<Integer> objects = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      SplittableRandom random = new World(seed, SceneRecipe.FREE).random(number).split();
      List<Fact> facts = Story.facts(random, 1 + number % 4);
      Story story = Story.plain(facts);
      Asker asker = new Asker(Story.nouns(), random);
      for (Kind kind : Kind.values()) {
        if (story.kinds().contains(kind)) {
          asker
              .ask(kind, facts)
              .ifPresent(question -> {
                exchanges.add(Exchange.about(asked, story, question));
                questions.add(question);
                objects.add(facts.size());
              });
        }
      }
    }
    progress.at("texts", 0, count);
    Marker.Mark[] marks = new Marker(asked, null).mark(exchanges, List.of());
    for (int i = 0; i < marks.length; i++) {
      all.add(new Marked(Split.TEXTS, asked.name(), questions.get(i), objects.get(i), marks[i]));
    }
  }

  private AccuracyReport report(int scenes) {
    record Key(Split split, String model, Kind kind) {}
    Map<Key, List<Marked>> groups = new LinkedHashMap<>();
    for (Marked marked : all) {
      Key key = new Key(marked.split(), marked.model(), marked.question().kind());
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(marked);
    }
    List<Cell> cells = new ArrayList<>();
    groups.forEach((key, group) -> {
      double chance = mostFrequent(group);
      Map<Integer, List<Marked>> byObjects = new TreeMap<>();
      byObjects.put(0, group);
      for (Marked marked : group) {
        byObjects.computeIfAbsent(marked.objects(), n -> new ArrayList<>()).add(marked);
      }
      byObjects.forEach((objects, some) ->
          cells.add(
              new Cell(
                  key.split(),
                  key.model(),
                  key.kind(),
                  objects,
                  share(some, marked -> marked.mark().exact()),
                  share(some, marked -> marked.mark().key()),
                  chance)));
    });
    String baseName = base == null ? "" : base.name();
    return new AccuracyReport(model.name(), baseName, seed, scenes, cells, yesBias());
  }

  private static Share share(List<Marked> some, java.util.function.Predicate<Marked> hit) {
    return Share.of((int) some.stream().filter(hit).count(), some.size());
  }

  private static double mostFrequent(List<Marked> group) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    group.forEach(marked -> counts.merge(marked.question().key(), 1, Integer::sum));
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    return most / (double) group.size();
  }

  private double yesBias() {
    List<Marked> asked =
        all.stream()
            .filter(m -> m.split() == Split.PICTURES && m.question().kind() == Kind.EXISTS)
            .toList();
    int yes = model.tokenizer().wordIds("Yes").getFirst();
    long said = asked.stream().filter(m -> m.mark().first() == yes).count();
    long right = asked.stream().filter(m -> Objects.equals(m.question().key(), "Yes")).count();
    return asked.isEmpty() ? Double.NaN : (said - right) / (double) asked.size();
  }
}
