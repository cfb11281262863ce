package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.gradient.Backward;
import dev.lynceus.method.gradient.Backward.Course;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Attribution patching: what activation patching would measure in every cell, estimated by one
/// pass with gradients, `<s_source - s_base, dm / ds at base>` (Nanda 2023; Syed et al. 2023, arXiv
/// 2310.10348). First order, so it misjudges states behind a saturated attention and effects that
/// cancel. Against these AtP* (Kramár et al. 2024, arXiv 2403.00745):
///
/// - for queries and keys the attention itself is computed with the other run's, and its change is
///   weighted by `dm / dA`;
/// - gradients are taken once more for each layer with that layer's attention and feed-forward
///   network passed by; the mean size of the estimates over these cannot be cancelled by one layer.
///   For a state inside a layer that is `sum of |estimate| / (layers - 1)`.
///
/// Estimates are re-tested by patching: the strongest, and a random sample of all cells.
///
/// @param site which state is carried
/// @param positions which; each a column of its own, parts of layers at all of them together
/// @param form how it is estimated
/// @param strongest how many of the strongest cells are re-tested
/// @param sample how many random cells are re-tested
/// @param seed of the sample
public record AttributionPatching(
    Component site, String positions, Form form, int strongest, int sample, long seed) {

  /// How a cell is estimated.
  public enum Form {
    /// First order everywhere.
    ATP,
    /// First order, but queries and keys through the attention that they make.
    QK_FIX,
    /// The same, and the mean size with each layer passed by in turn.
    ATP_STAR
  }

  /// At most so many re-tests are prepared at once.
  private static final int FEW = 16;

  public AttributionPatching {
    if (strongest < 0 || sample < 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "re-tests of %d strongest and %d random cells".formatted(strongest, sample),
          "Use 0 or more.");
    }
  }

  /// What both runs must keep.
  public Capture capture(LoadedModel model) {
    Capture own = site.capture(model);
    return switch (site) {
      case QUERY -> own.and(Capture.request(Point.ROT_K));
      case KEY -> own.and(Capture.request(Point.ROT_Q));
      case LAYER,
          ATTENTION,
          FEED_FORWARD,
          CROSS_ATTENTION,
          AFTER_ATTENTION,
          AFTER_CROSS,
          HEAD,
          NEURON,
          VALUE ->
          own;
    };
  }

  private ActivationPatching patching() {
    return new ActivationPatching(site, positions, 1);
  }

  /// Estimates, and re-tests.
  ///
  /// @param base the run that is changed; gradients are those of this run
  /// @param source the run that states are taken from
  /// @throws LynceusException BAD_REQUEST if the runs have not the same length, or for a metric
  ///   without a slope; CANCELLED
  public AttributionMap explain(
      Run base, Run source, Readout readout, Measures.Metric metric, Job job) {
    ActivationPatching patching = patching();
    List<String> rows = patching.rows(base);
    List<String> columns = patching.columns(base);
    // Refuses runs of different lengths before any work.
    try (Scope scope = Scope.open()) {
      patching.cell(base, source, 0, 0);
    }
    double[][][] found = estimates(base, source, readout, metric, job, rows.size(), columns.size());
    Optional<double[][]> dropped =
        found.length == 1 ? Optional.empty() : Optional.of(sizes(found, rows.size()));
    Retest.Found retest =
        Retest.of(found[0], dropped, strongest, sample, seed)
            .measured(
                // Which cells come first may change with a rounding, where they lie does not.
                cells ->
                    job.numbered(i -> cells.get(i)[0] * columns.size() + cells.get(i)[1])
                        .run(
                            "re-tests",
                            base,
                            cells.size(),
                            site == Component.NEURON ? FEW : Math.max(1, cells.size()),
                            i -> patching.cell(base, source, cells.get(i)[0], cells.get(i)[1]),
                            readout),
                readout.of(base).of(metric),
                metric);
    Measures before = readout.of(base);
    Measures other = readout.of(source);
    return new AttributionMap(
        "attribute",
        patching.what() + " taken from the other run, estimated",
        form,
        metric,
        before,
        other,
        site == Component.LAYER ? "after layer" : "layer",
        rows,
        site.column(),
        columns,
        found[0],
        dropped,
        retest.strongest(),
        retest.sample(),
        notes(found[0], other.of(metric) - before.of(metric)));
  }

  private List<String> notes(double[][] estimates, double difference) {
    List<String> notes = new ArrayList<>();
    if (site == Component.LAYER) {
      double sum = 0;
      for (double value : estimates[0]) {
        sum += value;
      }
      notes.add(
          "the estimates of the input add up to %s; the runs differ by %s"
              .formatted(Spoken.signed(sum), Spoken.signed(difference)));
    }
    return notes;
  }

  /// The mean size of the estimates of the courses that pass a layer by, `[row][column]`.
  private double[][] sizes(double[][][] found, int rows) {
    int layers = found.length - 1;
    double[][] sizes = new double[rows][found[0][0].length];
    for (int course = 1; course < found.length; course++) {
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < sizes[row].length; column++) {
          sizes[row][column] +=
              Math.abs(found[course][row][column])
                  / (site == Component.LAYER ? layers : layers - 1);
        }
      }
    }
    return sizes;
  }

  /// Estimates of each course, `[course][row][column]`; the first is the whole gradient.
  private double[][][] estimates(
      Run base,
      Run source,
      Readout readout,
      Measures.Metric metric,
      Job job,
      int rows,
      int columns) {
    Backward backward = new Backward(base);
    Objective objective = readout.objective(metric);
    double unit = metric == Measures.Metric.PROBABILITY ? readout.of(base).probability() : 1;
    int layers = backward.depth();
    if (form == Form.ATP_STAR && layers < 2) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a model of one layer has none to pass by",
          "Use --estimate qk-fix.");
    }
    List<Course> courses = new ArrayList<>(List.of(Course.whole(objective)));
    for (int layer = 0; form == Form.ATP_STAR && layer < layers; layer++) {
      courses.add(new Course(objective, OptionalInt.of(layer)));
    }
    double[][][] found = new double[courses.size()][rows][columns];
    int first = site == Component.LAYER ? 1 : 0;
    Places places = Places.of(base, positions);
    boolean fixed = form != Form.ATP && (site == Component.QUERY || site == Component.KEY);
    try (Scope scope = Scope.open();
        Held held = new Held()) {
      List<Tensor> entering =
          backward.point(
              fixed ? Point.PATTERN : site.point(),
              courses,
              (layer, course, value, slope) -> {
                if (course == 0) {
                  job.at("gradients", layers - 1 - layer, layers);
                  held.take(
                      fixed
                          ? AttentionChange.of(site, base, source, layer, value, places)
                          : site.state(source, layer).sub(site.state(base, layer)));
                }
                found[course][first + layer] =
                    fixed
                        ? shared(held.change().mul(slope).select(0, 0), columns)
                        : shares(held.change().mul(slope), places, unit);
                scale(found[course][first + layer], fixed ? unit : 1);
              });
      if (site == Component.LAYER) {
        Tensor change = Inputs.of(source).joined().sub(Inputs.of(base).joined());
        for (int course = 0; course < courses.size(); course++) {
          Tensor products = change.mul(entering.get(course)).sum(0).unsqueeze(0);
          found[course][0] = shares(products, places, unit);
        }
      }
    }
    return found;
  }

  /// Sums of the products of one layer for each column.
  private double[] shares(Tensor products, Places places, double unit) {
    try (Scope scope = Scope.open()) {
      Tensor some =
          products.indexSelect(1, Tensor.indices(places.positions())).to(DType.FLOAT64).mul(unit);
      Tensor sums =
          switch (site) {
            case LAYER, ATTENTION, FEED_FORWARD, CROSS_ATTENTION, AFTER_ATTENTION, AFTER_CROSS ->
                some.sum(2);
            case NEURON -> some.sum(1);
            case HEAD, QUERY, KEY, VALUE -> some.sum(3).sum(1);
          };
      return sums.reshape(-1).toDoubles();
    }
  }

  /// Sums over rows and sources for each head, `[heads, pos, source]`, or each key head: the sum
  /// over the heads that share it.
  private static double[] shared(Tensor products, int columns) {
    try (Scope scope = Scope.open()) {
      return products.sum(2).sum(1).reshape(columns, -1).sum(1).toDoubles();
    }
  }

  private static void scale(double[] values, double unit) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= unit;
    }
  }

  /// What a layer's states differ by, kept from its first course to its last.
  private static final class Held implements AutoCloseable {
    private @Nullable Tensor change;

    void take(Tensor next) {
      close();
      change = next.own();
    }

    Tensor change() {
      return java.util.Objects.requireNonNull(change);
    }

    @Override
    public void close() {
      if (change != null) {
        change.close();
        change = null;
      }
    }
  }
}
