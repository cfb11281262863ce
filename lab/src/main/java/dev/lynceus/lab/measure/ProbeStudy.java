package dev.lynceus.lab.measure;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.measure.ProbeReport.Attribute;
import dev.lynceus.lab.measure.ProbeReport.Row;
import dev.lynceus.lab.measure.ProbeReport.Where;
import dev.lynceus.method.Shuffled;
import dev.lynceus.method.probe.LinearProbe;
import dev.lynceus.method.score.Pointing;
import dev.lynceus.method.score.Share;
import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Item;
import dev.lynceus.pupil.world.Place;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Fits linear probes on the states of a model that is asked for colours, and tries them on scenes
/// of another sequence.
public final class ProbeStudy {
  private static final int PICTURES = 32;

  private final LoadedModel model;
  private final double penalty;
  private final Progress progress;

  /// @param penalty of the squared weights, a case
  public ProbeStudy(LoadedModel model, double penalty, Progress progress) {
    this.model = model;
    this.penalty = penalty;
    this.progress = progress;
  }

  /// A question: its states and what is true of it.
  ///
  /// @param states `[where][depth][width]`
  /// @param classes of each attribute; -1 where it is not told
  private record Sample(double[][][] states, int[] classes) {}

  /// Fits and tries.
  ///
  /// @throws LynceusException BAD_REQUEST if both are of one sequence
  public ProbeReport measure(Scenes train, Scenes heldOut) {
    if (train.seed() == heldOut.seed()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "probes would be tried on the scenes they were fitted on, seed " + train.seed(),
          "Give another --train-seed.");
    }
    List<Sample> fitted = samples(train);
    List<Sample> tried = samples(heldOut);
    List<Row> rows = new ArrayList<>();
    int depths = model.model().decoder().config().layers() + 1;
    int all = Attribute.values().length * Where.values().length * depths;
    for (Attribute attribute : Attribute.values()) {
      for (Where where : Where.values()) {
        for (int depth = 0; depth < depths; depth++) {
          rows.add(row(fitted, tried, attribute, where, depth));
          progress.at("probes", rows.size(), all);
        }
      }
    }
    return new ProbeReport(model.name(), train, heldOut, rows);
  }

  private Row row(
      List<Sample> fitted, List<Sample> tried, Attribute attribute, Where where, int depth) {
    List<Sample> train = told(fitted, attribute);
    List<Sample> test = told(tried, attribute);
    int[] labels = classes(train, attribute);
    int[] truth = classes(test, attribute);
    int count = count(attribute);
    double[][] states = states(train, where, depth);
    double[][] others = states(test, where, depth);
    LinearProbe probe = LinearProbe.fit(states, labels, count, penalty);
    LinearProbe control = LinearProbe.fit(states, shuffled(labels), count, penalty);
    int[] times = new int[count];
    IntStream.of(truth).forEach(one -> times[one]++);
    return new Row(
        attribute,
        where,
        depth,
        Share.of(probe.right(others, truth), truth.length),
        Share.of(control.right(others, truth), truth.length),
        IntStream.of(times).max().orElse(0) / (double) Math.max(1, truth.length));
  }

  private static List<Sample> told(List<Sample> samples, Attribute attribute) {
    return samples.stream().filter(one -> one.classes()[attribute.ordinal()] >= 0).toList();
  }

  private static int[] classes(List<Sample> samples, Attribute attribute) {
    return samples.stream().mapToInt(one -> one.classes()[attribute.ordinal()]).toArray();
  }

  private static double[][] states(List<Sample> samples, Where where, int depth) {
    return samples.stream()
        .map(one -> one.states()[where.ordinal()][depth])
        .toArray(double[][]::new);
  }

  private static int count(Attribute attribute) {
    return switch (attribute) {
      case COLOUR -> dev.lynceus.pupil.world.Colour.values().length;
      case SHAPE -> Silhouette.names().size();
      case PLACE -> Place.values().length;
      case COUNT -> SceneRecipe.FREE.most() + 1;
    };
  }

  private static int[] shuffled(int[] labels) {
    return Shuffled.of(labels, new SplittableRandom(23));
  }

  private List<Sample> samples(Scenes scenes) {
    Exam exam = new Exam(new World(scenes.seed(), SceneRecipe.FREE));
    List<Sample> samples = new ArrayList<>();
    for (int start = 0; start < scenes.count(); start += PICTURES) {
      List<Scene> some =
          IntStream.range(start, Math.min(scenes.count(), start + PICTURES))
              .mapToObj(exam::scene)
              .toList();
      try (Pictures pictures = new Pictures(model, some)) {
        for (int i = 0; i < some.size(); i++) {
          Scene scene = some.get(i);
          int asked = exam.random(start + (long) i).nextInt(scene.items().size());
          samples.add(sample(pictures, i, scene, asked));
          progress.at("scenes of seed " + scenes.seed(), samples.size(), scenes.count());
        }
      }
    }
    return samples;
  }

  private Sample sample(Pictures pictures, int number, Scene scene, int asked) {
    Item item = scene.items().get(asked);
    Exchange exchange =
        Exchange.about(pictures, number, Asker.colour(scene.facts(), asked).orElseThrow());
    Prompt prompt = exchange.untilKey();
    TokenMap.View view = prompt.tokens().views().getFirst();
    boolean[] inside = Pointing.inside(view.tile(), item.box().region());
    int[] object =
        IntStream.range(0, inside.length)
            .filter(p -> inside[p])
            .map(p -> view.positions()[p])
            .toArray();
    int[][] places = {
      object, {noun(prompt, item.noun())}, {exchange.prompt().length() - 1}, {prompt.length() - 1}
    };
    int[] classes = {
      item.colour().ordinal(),
      Silhouette.names().indexOf(item.noun()),
      Place.of(item).map(Enum::ordinal).orElse(-1),
      scene.items().size()
    };
    try (Run run =
        pictures.run(List.of(prompt), new int[] {number}, Sweep.base(model), List.of())) {
      return new Sample(
          Arrays.stream(places).map(positions -> states(run, positions)).toArray(double[][][]::new),
          classes);
    }
  }

  private int noun(Prompt prompt, String noun) {
    int last = model.tokenizer().wordIds(noun).getLast();
    int[] question = prompt.tokens().positions(TokenMap.Role.QUESTION);
    return IntStream.of(question)
        .filter(p -> prompt.tokens().spots().get(p).id() == last)
        .max()
        .orElseThrow(() ->
            new LynceusException(
                ErrorCode.BAD_REQUEST,
                model.name() + " does not read '" + noun + "' as words of the world",
                "Probe the bundled model or one that was trained on its world."));
  }

  /// Mean state of some positions at every depth.
  private static double[][] states(Run run, int[] positions) {
    int layers = run.model().model().decoder().config().layers();
    double[][] states = new double[layers + 1][];
    for (int depth = 0; depth <= layers; depth++) {
      try (Scope scope = Scope.open()) {
        Tensor kept =
            depth < layers
                ? run.get(Point.RESID_PRE, depth)
                : run.get(Point.RESID_POST, layers - 1);
        states[depth] =
            kept.select(0, 0).indexSelect(0, Tensor.indices(positions)).mean(0).toDoubles();
      }
    }
    return states;
  }
}
