package dev.lynceus.lab.measure;

import dev.lynceus.method.LogIncrease;
import dev.lynceus.method.Target;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Ranks;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Heads by log increase for questions of other kinds than colour, and for the colour of a thing
/// that is not there: what an overlap between pictures and texts must be held against. Heads that
/// are best for whatever is asked would be shared without any finding.
final class KindStudy {
  private static final int TEN = 10;
  private static final int DRAWS = 2000;

  private final LoadedModel model;
  private final Map<Question.Kind, List<double[]>> kinds = new EnumMap<>(Question.Kind.class);
  private final List<double[]> absent = new ArrayList<>();

  KindStudy(LoadedModel model) {
    this.model = model;
  }

  /// Adds a scene: a question of each kind that it allows, and the colour of a missing thing.
  void add(HeadStudy.Runner runner, Pictures pictures, int picture, Twin twin, Exam exam) {
    for (Question question : exam.questions(twin.number(), twin.scene())) {
      if (question.kind() != Question.Kind.COLOUR && question.kind() != Question.Kind.DESCRIBE) {
        Exchange exchange = Exchange.about(pictures, picture, question);
        kinds
            .computeIfAbsent(question.kind(), kind -> new ArrayList<>())
            .add(increases(runner, exchange.untilKey(), exchange.key()));
      }
    }
    SplittableRandom random = new SplittableRandom(twin.number() * 7 + 3).split();
    List<String> missing =
        Silhouette.names().stream()
            .filter(noun -> twin.scene().items().stream().noneMatch(i -> i.noun().equals(noun)))
            .toList();
    String noun = missing.get(random.nextInt(missing.size()));
    Prompt prompt =
        model
            .prompt("What is the color of the " + noun + "?", pictures.get(picture))
            .withAnswer(
                model.tokenizer().wordIds("The color of the " + noun + " is").stream()
                    .mapToInt(Integer::intValue)
                    .toArray());
    absent.add(increases(runner, prompt, -1));
  }

  /// @param word whose increase is measured; -1 for the one that the model says
  private double[] increases(HeadStudy.Runner runner, Prompt prompt, int word) {
    int row = prompt.length() - 1;
    LogIncrease method = new LogIncrease();
    Capture plan = method.capture(new Run.Shape(model.model().decoder().config()), row);
    try (Run run = runner.run(prompt, plan)) {
      int id = word < 0 ? run.logits().argmax(1).toInts()[0] : word;
      double[][] heads = method.explain(run, Target.token("", row, id), Progress.NONE).heads();
      return Arrays.stream(heads).flatMapToDouble(Arrays::stream).toArray();
    }
  }

  /// How far each kind's heads are those of colours.
  ///
  /// @param colour mean increases when colours are asked for
  List<FindingsReport.KindHeads> against(double[] colour) {
    List<FindingsReport.KindHeads> all = new ArrayList<>();
    all.add(against("colour of a thing that is not there", absent, colour));
    kinds.forEach((kind, rows) -> all.add(against(kind.label(), rows, colour)));
    return all;
  }

  private FindingsReport.KindHeads against(String kind, List<double[]> found, double[] colour) {
    double[][] rows = found.toArray(double[][]::new);
    double[] mean = Agreement.mean(rows, IntStream.range(0, rows.length).toArray());
    int perLayer = model.model().decoder().config().heads();
    SplittableRandom random = new SplittableRandom(13);
    double chance =
        IntStream.range(0, DRAWS)
            .mapToDouble(
                i -> Ranks.shared(colour, LayerDraws.shuffled(mean, perLayer, random), TEN))
            .average()
            .orElse(Double.NaN);
    return new FindingsReport.KindHeads(
        kind,
        rows.length,
        Estimate.of(rows.length, some -> Ranks.shared(colour, Agreement.mean(rows, some), TEN)),
        Estimate.of(rows.length, some -> Ranks.shared(colour, Agreement.mean(rows, some), 5)),
        Estimate.of(rows.length, some -> Ranks.spearman(colour, Agreement.mean(rows, some))),
        chance);
  }
}
