package dev.lynceus.lab.measure;

import dev.lynceus.method.Target;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.score.Pointing;
import dev.lynceus.method.score.Truth;
import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Item;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Scores explanations against the truth: scenes with two to four things are asked one question
/// each, the kinds in turn, and where the model is right, each method says which patches mattered.
/// Two more rows are no methods but ceilings: the part of each patch that the asked things cover,
/// and the patches of their boxes.
public final class Scoring {
  /// Pictures that are encoded at once.
  private static final int PICTURES = 32;

  /// Pictures whose visual tokens make the mean token.
  private static final int MEAN_OF = 128;

  private final LoadedModel model;
  private final List<PatchMethod> methods;
  private final Plan plan;
  private final Progress progress;

  /// What is asked and measured.
  ///
  /// @param seed of the scenes
  /// @param kinds of questions, in turn; those whose answers can be seen somewhere
  /// @param pixels whether patches are also taken away in the pictures, which runs the tower again
  public record Plan(long seed, List<Question.Kind> kinds, Erased pixels) {
    /// All kinds whose answers can be seen at things.
    public static final List<Question.Kind> SEEN =
        List.of(
            Question.Kind.COLOUR,
            Question.Kind.WHICH,
            Question.Kind.WHERE,
            Question.Kind.EXISTS,
            Question.Kind.COUNT,
            Question.Kind.SAME,
            Question.Kind.SIDE);

    public Plan {
      kinds = List.copyOf(kinds);
    }
  }

  /// What is taken away.
  public enum Erased {
    /// Visual tokens.
    TOKENS,
    /// Visual tokens, and once more the pixels.
    PIXELS_TOO
  }

  /// @param methods for example [PatchMethod#ALL]; the others are compared with the first
  public Scoring(LoadedModel model, List<PatchMethod> methods, Plan plan, Progress progress) {
    this.model = model;
    this.methods = List.copyOf(methods);
    this.plan = plan;
    this.progress = progress;
  }

  /// Scores all methods.
  ///
  /// @param scenes how many are asked about
  public ScoreReport measure(int scenes) {
    Exam exam = new Exam(new World(plan.seed(), SceneRecipe.FREE.withItems(2, 4)));
    float[] blank = blank(exam);
    List<ScoreReport.Item> items = new ArrayList<>();
    int asked = 0;
    int right = 0;
    for (int start = 0; start < scenes; start += PICTURES) {
      List<Scene> some =
          IntStream.range(start, Math.min(scenes, start + PICTURES)).mapToObj(exam::scene).toList();
      try (Pictures pictures = new Pictures(model, some)) {
        List<Exchange> exchanges = new ArrayList<>();
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < some.size(); i++) {
          Optional<Question> question = question(exam, some.get(i), start + i);
          if (question.isPresent()) {
            questions.add(question.get());
            exchanges.add(Exchange.about(pictures, i, question.get()));
          }
        }
        asked += questions.size();
        Marker.Mark[] marks = new Marker(model, pictures).mark(exchanges, List.of());
        for (int i = 0; i < exchanges.size(); i++) {
          int picture = exchanges.get(i).picture();
          if (marks[i].exact()) {
            right++;
            Asked one =
                new Asked(
                    start + (long) picture, some.get(picture), questions.get(i), exchanges.get(i));
            explain(pictures, one, new Erasing(pictures, blank), items);
          }
          progress.at("scenes", start + picture + 1L, scenes);
        }
      }
    }
    List<String> names = new ArrayList<>(methods.stream().map(PatchMethod::name).toList());
    names.addAll(List.of(ScoreReport.MASK, ScoreReport.BOX));
    ScoreRows rows = new ScoreRows(items, names);
    return new ScoreReport(
        model.name(), plan.seed(), asked, right, rows.rows(), rows.pairs(), items);
  }

  /// The question of a scene: of the kind whose turn it is, or the next that the scene allows.
  private Optional<Question> question(Exam exam, Scene scene, int number) {
    if (plan.kinds().equals(List.of(Question.Kind.COLOUR))) {
      return Asker.colour(scene.facts(), exam.random(number).nextInt(scene.items().size()));
    }
    List<Question> all = exam.questions(number, scene);
    for (int turn = 0; turn < plan.kinds().size(); turn++) {
      Question.Kind kind = plan.kinds().get((number + turn) % plan.kinds().size());
      Optional<Question> found =
          all.stream().filter(q -> q.kind() == kind && !q.evidence().isEmpty()).findFirst();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private record Asked(long number, Scene scene, Question question, Exchange exchange) {
    Truth truth() {
      List<Item> things = question.evidence().stream().map(scene.items()::get).toList();
      return new Truth(
          things.stream().map(item -> item.box().region()).toList(),
          things.stream()
              .map(item -> new Truth.Mask(World.SIZE, World.SIZE, item.mask()))
              .toList());
    }
  }

  private void explain(
      Pictures pictures, Asked asked, Erasing erasing, List<ScoreReport.Item> items) {
    Exchange exchange = asked.exchange();
    Prompt prompt = exchange.untilKey();
    TokenMap.View view = prompt.tokens().views().getFirst();
    Target target = Target.token("", prompt.length() - 1, exchange.key());
    for (PatchMethod method : methods) {
      SplittableRandom random = new SplittableRandom(plan.seed() * 31 + asked.number()).split();
      long before = System.nanoTime();
      double[] map;
      // The input stays open for methods that run the prompt again.
      try (Scope scope = Scope.open();
          Run run =
              switch (method.reach()) {
                case DECODER ->
                    pictures.run(
                        List.of(prompt),
                        pictures.merged(List.of(prompt), new int[] {exchange.picture()}),
                        method.capture(model, prompt),
                        List.of());
                case TOWER -> model.run(prompt, method.capture(model, prompt));
              }) {
        map = method.map(run, target, view, random).values();
      }
      double seconds = (System.nanoTime() - before) / 1e9;
      items.add(item(asked, method.name(), map, view, erasing, seconds));
    }
    Truth truth = asked.truth();
    double[] covered = truth.covered(view.tile());
    boolean[] inside = truth.inside(view.tile());
    double[] box =
        IntStream.range(0, covered.length)
            .mapToDouble(p -> inside[p] ? 1 + covered[p] : 0)
            .toArray();
    items.add(item(asked, ScoreReport.MASK, covered, view, erasing, Double.NaN));
    items.add(item(asked, ScoreReport.BOX, box, view, erasing, Double.NaN));
  }

  private ScoreReport.Item item(
      Asked asked,
      String method,
      double[] map,
      TokenMap.View view,
      Erasing erasing,
      double seconds) {
    Exchange exchange = asked.exchange();
    Prompt prompt = exchange.untilKey();
    Pointing pointing = Pointing.of(map, view.tile(), asked.truth());
    Erasing.Areas areas = erasing.areas(prompt, exchange.picture(), view, map, exchange.key());
    double pixels =
        switch (plan.pixels()) {
          case TOKENS -> Double.NaN;
          case PIXELS_TOO ->
              new PixelErasing(model, asked.scene()).deletion(prompt, view, map, exchange.key());
        };
    return new ScoreReport.Item(
        asked.number(),
        asked.question().kind().label(),
        asked.scene().items().size(),
        method,
        pointing.hit(),
        pointing.touch(),
        pointing.precision(),
        pointing.maskPrecision(),
        pointing.iou(),
        pointing.energy(),
        pointing.maskEnergy(),
        areas.deletion(),
        pixels,
        areas.insertion(),
        areas.given(),
        pointing.chance(),
        seconds);
  }

  /// The mean visual token of many other pictures.
  private float[] blank(Exam exam) {
    return blank(
        model,
        IntStream.range(0, MEAN_OF).mapToObj(i -> exam.scene(Long.MAX_VALUE / 2 + i)).toList());
  }

  /// The mean visual token of some scenes, `[width]`.
  static float[] blank(LoadedModel model, List<Scene> scenes) {
    double[] sum;
    int tokens;
    try (Pictures pictures = new Pictures(model, scenes)) {
      sum = pictures.sum();
      tokens = pictures.tokens() * pictures.count();
    }
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / tokens);
    }
    return mean;
  }
}
