package dev.lynceus.pupil.measure;

import dev.lynceus.method.Progress;
import dev.lynceus.method.Target;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Pointing;
import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Box;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Scores explanations against the truth: scenes with two to four things are asked for the colour
/// of one of them, and where the model is right, each method says which patches mattered.
public final class Scoring {
  /// Pictures that are encoded at once.
  private static final int PICTURES = 32;

  /// Pictures whose visual tokens make the mean token.
  private static final int MEAN_OF = 128;

  private final LoadedModel model;
  private final List<PatchMethod> methods;
  private final long seed;
  private final Progress progress;

  /// @param methods for example [PatchMethod#ALL]
  /// @param seed of the scenes
  public Scoring(LoadedModel model, List<PatchMethod> methods, long seed, Progress progress) {
    this.model = model;
    this.methods = List.copyOf(methods);
    this.seed = seed;
    this.progress = progress;
  }

  private record Case(
      String method, int objects, Pointing pointing, Erasing.Areas areas, double seconds) {}

  /// Scores all methods.
  ///
  /// @param scenes how many are asked about
  public ScoreReport measure(int scenes) {
    Exam exam = new Exam(new World(seed, SceneRecipe.FREE.withItems(2, 4)));
    float[] blank = blank(exam);
    List<Case> cases = new ArrayList<>();
    int right = 0;
    for (int start = 0; start < scenes; start += PICTURES) {
      List<Scene> some =
          IntStream.range(start, Math.min(scenes, start + PICTURES)).mapToObj(exam::scene).toList();
      try (Pictures pictures = new Pictures(model, some)) {
        List<Exchange> exchanges = new ArrayList<>();
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < some.size(); i++) {
          SplittableRandom random = exam.random(start + (long) i);
          Question question =
              Asker.colour(some.get(i).facts(), random.nextInt(some.get(i).items().size()))
                  .orElseThrow();
          questions.add(question);
          exchanges.add(Exchange.about(pictures, i, question));
        }
        Marker.Mark[] marks = new Marker(model, pictures).mark(exchanges, List.of());
        for (int i = 0; i < some.size(); i++) {
          if (marks[i].exact()) {
            right++;
            int asked = questions.get(i).evidence().getFirst();
            Box box = some.get(i).items().get(asked).box();
            Explained explained = new Explained(exchanges.get(i), box, some.get(i).items().size());
            explain(pictures, explained, new Erasing(pictures, blank), start + (long) i, cases);
          }
          progress.at("scenes", start + i + 1L, scenes);
        }
      }
    }
    return new ScoreReport(model.name(), seed, scenes, right, rows(cases));
  }

  private record Explained(Exchange exchange, Box box, int objects) {}

  private void explain(
      Pictures pictures, Explained explained, Erasing erasing, long number, List<Case> cases) {
    Exchange exchange = explained.exchange();
    Prompt prompt = exchange.untilKey();
    TokenMap.View view = prompt.tokens().views().getFirst();
    int row = prompt.length() - 1;
    Target target = Target.token("", row, exchange.key());
    for (PatchMethod method : methods) {
      SplittableRandom random = new SplittableRandom(seed * 31 + number).split();
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
                        method.capture(model, row),
                        List.of());
                case TOWER -> model.run(prompt, method.capture(model, row));
              }) {
        map = method.map(run, target, view, random).values();
      }
      double seconds = (System.nanoTime() - before) / 1e9;
      cases.add(
          new Case(
              method.name(),
              explained.objects(),
              Pointing.of(map, view.tile(), explained.box().region()),
              erasing.areas(prompt, exchange.picture(), view, map, exchange.key()),
              seconds));
    }
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

  private List<ScoreReport.Row> rows(List<Case> cases) {
    List<ScoreReport.Row> rows = new ArrayList<>();
    for (PatchMethod method : methods) {
      for (int objects : new int[] {0, 2, 3, 4}) {
        List<Case> some =
            cases.stream()
                .filter(c -> c.method().equals(method.name()))
                .filter(c -> objects == 0 || c.objects() == objects)
                .toList();
        double[] seconds = some.stream().mapToDouble(Case::seconds).sorted().toArray();
        rows.add(
            new ScoreReport.Row(
                method.name(),
                objects,
                mean(some, c -> c.pointing().hit()),
                mean(some, c -> c.pointing().touch()),
                mean(some, c -> c.pointing().energy()),
                mean(some, c -> c.pointing().iou()),
                mean(some, c -> c.areas().deletion()),
                mean(some, c -> c.areas().insertion()),
                some.stream().mapToDouble(c -> c.pointing().chance()).average().orElse(Double.NaN),
                seconds.length == 0 ? Double.NaN : seconds[seconds.length / 2]));
      }
    }
    return rows;
  }

  private static Estimate mean(List<Case> cases, ToDoubleFunction<Case> value) {
    return Estimate.mean(cases.stream().mapToDouble(value).toArray());
  }
}
