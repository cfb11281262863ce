package dev.lynceus.lab.measure;

import dev.lynceus.lab.measure.XFormerReport.Attribute;
import dev.lynceus.lab.train.ScenePool;
import dev.lynceus.lab.train.TrainedXFormer;
import dev.lynceus.lab.train.XFormerExam;
import dev.lynceus.lab.train.XFormerPath;
import dev.lynceus.lab.train.XFormerPlan;
import dev.lynceus.lab.train.XFormerStage;
import dev.lynceus.lab.train.XFormerTrainer;
import dev.lynceus.lab.train.XFormerVariant;
import dev.lynceus.method.Shuffled;
import dev.lynceus.method.probe.LinearProbe;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.pupil.world.Colour;
import dev.lynceus.pupil.world.Fact;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Measures X-Formers of one folder: losses and answers with each way open or closed, and what
/// linear probes read before and after the block. What is not trained yet is left out.
public final class XFormerStudy {
  /// Seed of the scenes that probes are fitted on; others than those of the training.
  private static final long FITTED = 72;

  private static final long SHUFFLE = 23;

  private final Path folder;
  private final XFormerExam exam;
  private final ScenePool fitted;
  private final ScenePool tried;
  private final Progress progress;

  /// @param decoder the frozen decoder of the last stage
  /// @param probeScenes scenes that probes are fitted on
  /// @param scenes scenes that all is tried on
  public XFormerStudy(
      Path folder, TextStack decoder, int probeScenes, int scenes, Progress progress) {
    this.folder = folder;
    this.exam = new XFormerExam(folder, decoder);
    this.fitted = XFormerTrainer.pool(folder, FITTED, probeScenes, progress);
    this.tried = XFormerTrainer.pool(folder, World.HELD_OUT, scenes, progress);
    this.progress = progress;
  }

  XFormerExam exam() {
    return exam;
  }

  ScenePool tried() {
    return tried;
  }

  Path folder() {
    return folder;
  }

  /// Measures all that is trained.
  ///
  /// @param plans one for each seed and variant
  public XFormerReport measure(List<XFormerPlan> plans) {
    List<XFormerReport.Asked> asked = new ArrayList<>();
    List<XFormerReport.Read> read = new ArrayList<>();
    for (XFormerPlan plan : plans) {
      for (XFormerStage stage : List.of(XFormerStage.ALIGN, XFormerStage.ANSWER)) {
        if (!XFormerTrainer.isFinished(folder, stage, plan)) {
          continue;
        }
        TrainedXFormer model = XFormerTrainer.trained(folder, stage, plan);
        for (XFormerPath path : paths(plan.variant())) {
          progress.at("asking " + plan.label(stage), path.ordinal(), XFormerPath.values().length);
          asked.add(
              new XFormerReport.Asked(
                  plan.variant(),
                  plan.seed(),
                  stage.label(),
                  path,
                  exam.asked(model, stage, path, tried)));
        }
        if (stage == XFormerStage.ALIGN) {
          read.addAll(probes(plan, model));
        }
      }
    }
    XFormerPlan any = plans.getFirst();
    Map<String, Long> steps = new LinkedHashMap<>();
    for (XFormerStage stage : XFormerStage.values()) {
      steps.put(stage.label(), any.steps(stage));
    }
    return new XFormerReport(
        any.shape().blockNumbers(),
        any.scenes(),
        any.effort(),
        steps,
        fitted.size(),
        tried.size(),
        asked,
        read,
        gaps(read));
  }

  /// A whole model is asked with every way closed in turn; another as it was trained.
  private static List<XFormerPath> paths(XFormerVariant variant) {
    return variant == XFormerVariant.FULL ? List.of(XFormerPath.values()) : List.of(variant.path());
  }

  private List<XFormerReport.Read> probes(XFormerPlan plan, TrainedXFormer model) {
    XFormerPath path = plan.variant().path();
    double[][][] from = exam.states(model, path, fitted, progress);
    double[][][] to = exam.states(model, path, tried, progress);
    List<XFormerReport.Read> read = new ArrayList<>();
    for (Attribute attribute : Attribute.values()) {
      int[] labels = labels(fitted, attribute);
      int[] truth = labels(tried, attribute);
      int[] some = IntStream.range(0, labels.length).filter(i -> labels[i] >= 0).toArray();
      int[] others = IntStream.range(0, truth.length).filter(i -> truth[i] >= 0).toArray();
      for (XFormerExam.Where where : XFormerExam.Where.values()) {
        progress.at(
            "probing " + plan.label(XFormerStage.ALIGN),
            (long) attribute.ordinal() * XFormerExam.Where.values().length + where.ordinal(),
            (long) Attribute.values().length * XFormerExam.Where.values().length);
        double[][] states = chosen(from[where.ordinal()], some);
        double[][] held = chosen(to[where.ordinal()], others);
        int[] own = chosen(labels, some);
        int[] wanted = chosen(truth, others);
        int count = count(attribute);
        LinearProbe probe = LinearProbe.fit(states, own, count, LinearProbe.PENALTY);
        LinearProbe control = LinearProbe.fit(states, shuffled(own), count, LinearProbe.PENALTY);
        int[] times = new int[count];
        IntStream.of(wanted).forEach(one -> times[one]++);
        read.add(
            new XFormerReport.Read(
                plan.variant(),
                plan.seed(),
                attribute,
                where,
                probe.right(held, wanted) / (double) wanted.length,
                control.right(held, wanted) / (double) wanted.length,
                IntStream.of(times).max().orElse(0) / (double) wanted.length,
                wanted.length));
      }
    }
    return read;
  }

  private static List<XFormerReport.Gap> gaps(List<XFormerReport.Read> read) {
    List<XFormerReport.Gap> gaps = new ArrayList<>();
    for (long seed : read.stream().mapToLong(XFormerReport.Read::seed).distinct().toArray()) {
      gaps.add(
          new XFormerReport.Gap(
              seed,
              gap(read, seed, XFormerVariant.FULL),
              gap(read, seed, XFormerVariant.NO_PIXELS)));
    }
    return gaps;
  }

  /// NaN where it is not trained.
  private static double gap(List<XFormerReport.Read> read, long seed, XFormerVariant variant) {
    return count(read, seed, variant, XFormerExam.Where.FUSED)
        - count(read, seed, variant, XFormerExam.Where.QUERIES);
  }

  private static double count(
      List<XFormerReport.Read> read, long seed, XFormerVariant variant, XFormerExam.Where where) {
    return read.stream()
        .filter(one -> one.seed() == seed && one.variant() == variant)
        .filter(one -> one.attribute() == Attribute.COUNT && one.where() == where)
        .mapToDouble(XFormerReport.Read::right)
        .findFirst()
        .orElse(Double.NaN);
  }

  /// The class of each scene; -1 where it is not clear.
  static int[] labels(ScenePool pool, Attribute attribute) {
    return IntStream.range(0, pool.size())
        .map(number -> label(pool.facts(number), attribute))
        .toArray();
  }

  private static int label(List<Fact> facts, Attribute attribute) {
    Fact first = facts.stream().min(Comparator.comparingDouble(Fact::column)).orElseThrow();
    return switch (attribute) {
      case COUNT -> facts.size();
      case COLOUR -> first.colour().ordinal();
      case KIND -> Silhouette.names().indexOf(first.noun());
      case HALF -> first.place().map(place -> place.words().startsWith("top") ? 0 : 1).orElse(-1);
    };
  }

  private static int count(Attribute attribute) {
    return switch (attribute) {
      case COUNT -> SceneRecipe.FREE.most() + 1;
      case COLOUR -> Colour.values().length;
      case KIND -> Silhouette.names().size();
      case HALF -> 2;
    };
  }

  private static double[][] chosen(double[][] states, int[] some) {
    return IntStream.of(some).mapToObj(i -> states[i]).toArray(double[][]::new);
  }

  private static int[] chosen(int[] labels, int[] some) {
    return IntStream.of(some).map(i -> labels[i]).toArray();
  }

  private static int[] shuffled(int[] labels) {
    return Shuffled.of(labels, new SplittableRandom(SHUFFLE));
  }
}
