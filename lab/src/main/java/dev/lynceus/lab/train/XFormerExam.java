package dev.lynceus.lab.train;

import dev.lynceus.model.mae.Mae;
import dev.lynceus.model.mae.Mask;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.xformer.DualAttention;
import dev.lynceus.model.xformer.XFormer;
import dev.lynceus.run.Progress;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Asks an X-Former about scenes that it was not trained on.
public final class XFormerExam {
  /// Scenes of a batch: among so many texts the right one is to be found.
  public static final int BATCH = 32;

  private static final long SEED = 77;

  private final Phrases phrases;
  private final TextStack decoder;

  /// @param folder of the training
  /// @param decoder the frozen decoder of the last stage
  public XFormerExam(Path folder, TextStack decoder) {
    this.phrases = new Phrases(Tokenizer.load(XFormerTrainer.files(folder)));
    this.decoder = decoder;
  }

  /// What is read of a scene.
  public enum Where {
    /// The state of the first tower that the queries read, mean over the patches.
    VIEW("C, mean"),
    /// What the autoencoder saw, mean over the patches.
    DETAIL("M, mean"),
    /// The same after it read the queries.
    ALIGNED("M', mean"),
    /// The queries before the block, side by side.
    QUERIES("Z"),
    /// The queries after the block, side by side.
    FUSED("Z'");

    private final String words;

    Where(String words) {
      this.words = words;
    }

    /// As a reader sees it.
    public String words() {
      return words;
    }
  }

  /// Losses and shares of right answers, means over all batches, by name.
  ///
  /// @param path ways that are open
  public Map<String, Double> asked(
      TrainedXFormer model, XFormerStage stage, XFormerPath path, ScenePool pool) {
    int image = model.shape().imageToken();
    XFormerLesson lesson =
        switch (stage) {
          case TOWER -> new CaptionLesson(phrases);
          case MAE -> new PixelLesson();
          case ALIGN -> new AlignLesson(phrases, image, path, true);
          case ANSWER -> new AnswerLesson(phrases, decoder, image, path);
        };
    Map<String, double[]> sums = new LinkedHashMap<>();
    for (int[] some : batches(pool)) {
      try (Scope scope = Scope.open()) {
        SplittableRandom random = new SplittableRandom(SEED + some[0]);
        lesson
            .loss(model, pool, some, random)
            .parts()
            .forEach((name, value) -> {
              double[] sum = sums.computeIfAbsent(name, key -> new double[2]);
              sum[0] += value;
              sum[1]++;
            });
      }
    }
    Map<String, Double> means = new LinkedHashMap<>();
    sums.forEach((name, sum) -> means.put(name, sum[0] / sum[1]));
    return means;
  }

  private static List<int[]> batches(ScenePool pool) {
    List<int[]> batches = new ArrayList<>();
    for (int start = 0; start + BATCH <= pool.size(); start += BATCH) {
      batches.add(IntStream.range(start, start + BATCH).toArray());
    }
    return batches;
  }

  /// States of all scenes, the autoencoder seeing the whole picture, `[where][scenes][width]`.
  public double[][][] states(
      TrainedXFormer trained, XFormerPath path, ScenePool pool, Progress progress) {
    XFormer model = trained.model();
    Where[] places = Where.values();
    double[][][] states = new double[places.length][pool.size()][];
    Mask all = Mask.drawn(model.mae().config().patches(), 0, 0);
    for (int start = 0; start < pool.size(); start += BATCH) {
      int[] some = IntStream.range(start, Math.min(pool.size(), start + BATCH)).toArray();
      try (Scope scope = Scope.open()) {
        Tensor pixels = pool.pixels(some);
        Tensor seen = path.view(model.seen(pixels));
        Tensor details = path.detail(model.details(pixels, all));
        Tensor queries = model.queries(seen);
        DualAttention.Fused fused = path.fuse(model, queries, details);
        for (Where where : places) {
          Tensor read =
              switch (where) {
                case VIEW -> patches(seen);
                case DETAIL -> patches(details);
                case ALIGNED -> patches(fused.details());
                case QUERIES -> queries.flatten(1, 2);
                case FUSED -> fused.queries().flatten(1, 2);
              };
          double[] flat = read.to(DType.FLOAT64).contiguous().toDoubles();
          int width = flat.length / some.length;
          for (int i = 0; i < some.length; i++) {
            states[where.ordinal()][some[i]] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
          }
        }
      }
      progress.at("states", start + some.length, pool.size());
    }
    return states;
  }

  /// Mean over the patches, without the class token.
  private static Tensor patches(Tensor rows) {
    return rows.narrow(1, 1, rows.size(1) - 1).mean(1);
  }

  /// What is made of a scene half of whose patches are not seen.
  ///
  /// @param kept patches that are seen
  /// @param own the picture, `[patches][numbers of a patch]`
  /// @param plain what the autoencoder makes alone
  /// @param made what its decoder makes after the rows have read the queries
  /// @param plainError over removed patches
  /// @param madeError over removed patches
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Made(
      int[] kept,
      double[][] own,
      double[][] plain,
      double[][] made,
      double plainError,
      double madeError) {}

  /// Makes one scene.
  public Made made(TrainedXFormer trained, XFormerPath path, ScenePool pool, int number) {
    XFormer model = trained.model();
    Mae mae = model.mae();
    Mask mask = Mask.drawn(mae.config().patches(), mae.config().ratio(), number);
    try (Scope scope = Scope.open()) {
      Tensor pixels = pool.pixels(number);
      Tensor details = path.detail(model.details(pixels, mask));
      Tensor queries = model.queries(path.view(model.seen(pixels)));
      Tensor target = mae.target(pixels);
      Tensor plain = mae.decoder().forward(details, mask, Tap.idle());
      Tensor made =
          mae.decoder().forward(path.fuse(model, queries, details).details(), mask, Tap.idle());
      return new Made(
          mask.kept(),
          rows(target),
          rows(plain),
          rows(made),
          Mae.error(plain, target, mask).item(),
          Mae.error(made, target, mask).item());
    }
  }

  /// Where the two halves of the block look in one scene, means over the heads.
  ///
  /// @param details how much each patch (row) reads of each query, `[patches][queries]`
  /// @param queries how much each query reads of each patch, `[queries][patches]`
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Looks(double[][] details, double[][] queries) {}

  /// Where the two halves of the block look in one scene, all of whose patches are seen.
  public Looks looks(TrainedXFormer trained, ScenePool pool, int number) {
    XFormer model = trained.model();
    int[] order = IntStream.range(0, model.mae().config().patches()).toArray();
    try (Scope scope = Scope.open()) {
      Tensor pixels = pool.pixels(number);
      // In their order, so that rows are patches.
      Mask all = new Mask(order, order);
      DualAttention.Looks looks =
          model.dual().looks(model.queries(model.seen(pixels)), model.details(pixels, all));
      return new Looks(
          rows(looks.details().mean(1).narrow(1, 1, order.length)),
          rows(looks.queries().mean(1).narrow(2, 1, order.length)));
    }
  }

  /// The first of several matrices.
  private static double[][] rows(Tensor matrices) {
    Tensor matrix = matrices.select(0, 0).to(DType.FLOAT64).contiguous();
    int columns = (int) matrix.size(1);
    double[] flat = matrix.toDoubles();
    return IntStream.range(0, flat.length / columns)
        .mapToObj(row -> Arrays.copyOfRange(flat, row * columns, (row + 1) * columns))
        .toArray(double[][]::new);
  }
}
