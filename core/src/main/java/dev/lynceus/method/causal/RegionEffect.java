package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.Unit;
import dev.lynceus.method.WordChoice;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Whether a word needs a region of the picture, and whether the region is enough for it, with what
/// chance would give.
///
///     necessity   = m(clean) - m(region hidden)
///     sufficiency = m(all but the region hidden) - m(all hidden)
///     share       = either of them / (m(clean) - m(all hidden))
///
/// with the log probability `m` of what is measured. What stands in the place of hidden patches
/// decides much, so both are means over several fillings, with 95 % intervals by Student's t over
/// these. The same is done, with the same fillings, to random regions that match this one
/// ([MatchedRegions]): the p of each is `(1 + random ones that reach it) / (1 + random ones)`, a
/// rank among places, exact for a single patch that was chosen without looking at the picture. Of
/// larger regions it is an approximation: random ones touch each other, and never this one.
///
/// @param space what is hidden
/// @param fills what stands in its place, each once
/// @param draws fillings of noise besides: normal numbers with the mean and the deviation that each
///   dimension has over the visual tokens of the prompt, or each channel over the picture
/// @param controls random regions
/// @param seed of noise and places
public record RegionEffect(
    Occlusion.Space space, List<Occlusion.Fill> fills, int draws, int controls, long seed) {

  /// What a filling gave.
  ///
  /// @param fill what stands in the place of hidden patches
  /// @param hidden the region is hidden
  /// @param kept all but the region is hidden
  /// @param nothing the whole picture is hidden
  public record Filling(String fill, Measures hidden, Measures kept, Measures nothing) {}

  /// A mean with its 95 % interval.
  ///
  /// @param value the mean, in nats
  /// @param spread half width of the interval; empty for a single value
  public record Mean(@Unit("nats") double value, @Unit("nats") OptionalDouble spread) {

    /// The lower end, or the value.
    public double low() {
      return value - spread.orElse(0);
    }

    /// The upper end, or the value.
    public double high() {
      return value + spread.orElse(0);
    }
  }

  /// A random region.
  ///
  /// @param patches numbers of its patches in the widest view, row by row
  /// @param necessity mean over the fillings
  /// @param sufficiency mean over the fillings
  public record Control(
      List<Integer> patches, @Unit("nats") double necessity, @Unit("nats") double sufficiency) {
    public Control {
      patches = List.copyOf(patches);
    }
  }

  /// What the region does, beside random ones.
  ///
  /// @param region over the fillings
  /// @param share of what the whole picture brings; empty where that is less than 0.1 nats
  /// @param random over the random regions; empty without any
  /// @param above the region less random ones; its interval has the spread of the fillings and that
  ///   of the places. Empty without random regions
  /// @param p share of regions, this one among them, that reach it; empty without random regions
  public record Effect(
      Mean region,
      OptionalDouble share,
      Optional<Mean> random,
      Optional<Mean> above,
      OptionalDouble p) {}

  /// What was found.
  ///
  /// @param picture number of the picture
  /// @param rows of patches in the widest view of it
  /// @param columns of them
  /// @param patches numbers of those that the region has, row by row
  /// @param clean nothing is hidden
  /// @param necessity what hiding the region costs
  /// @param sufficiency what the region alone brings back
  /// @param fillings one each
  /// @param controls random regions
  /// @param how how they are like the region
  public record Result(
      int picture,
      int rows,
      int columns,
      List<Integer> patches,
      Measures clean,
      Effect necessity,
      Effect sufficiency,
      List<Filling> fillings,
      List<Control> controls,
      String how) {
    public Result {
      patches = List.copyOf(patches);
      fillings = List.copyOf(fillings);
      controls = List.copyOf(controls);
    }

    /// What the whole picture brings: the mean over the fillings of what is lost where all of it is
    /// hidden, in nats.
    public double brings() {
      return RegionEffect.brings(clean, fillings);
    }
  }

  /// Runs of a filling that are not of random regions: the region, all but it, all.
  private static final int OWN = 3;

  public RegionEffect {
    fills = fills.stream().distinct().toList();
    if (fills.size() + draws < 1 || draws < 0 || controls < 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d fills, %d draws of noise and %d random regions"
              .formatted(fills.size(), draws, controls),
          "Name a fill, or draw noise at least once.");
    }
    for (Occlusion.Fill fill : fills) {
      Occlusion.fits(space, fill);
    }
  }

  /// What the run must keep.
  public Capture capture(LoadedModel model) {
    return Sweep.base(model);
  }

  /// Hides the region, all but it, and random ones.
  ///
  /// @param mask bright where the region is; stretched over the whole picture
  /// @throws LynceusException BAD_REQUEST without such a picture, for a region of no patch or of
  ///   all, or if pixels of a model that sees several views of a picture shall be hidden
  public Result explain(Run run, int image, RgbImage mask, Readout readout, Job job) {
    MatchedRegions regions = MatchedRegions.of(run, image, mask);
    MatchedRegions.Matched matched = regions.matched(controls, seed);
    List<boolean[]> sets = new ArrayList<>();
    sets.add(regions.patches());
    sets.add(MatchedRegions.rest(regions.patches()));
    sets.add(regions.whole());
    for (boolean[] set : matched.sets()) {
      sets.add(set);
      sets.add(MatchedRegions.rest(set));
    }
    List<Regions.Region> hidden = sets.stream().map(regions::region).toList();
    try (Scope scope = Scope.open()) {
      List<Hidings.Hiding> hidings = hidings().of(run);
      int each = hidden.size();
      List<Measures> measured =
          job.run(
              "region",
              run,
              hidings.size() * each,
              Occlusion.CHUNK,
              i -> hidings.get(i / each).of(hidden.get(i % each)),
              readout);
      List<List<Measures>> byFilling =
          IntStream.range(0, hidings.size())
              .mapToObj(f -> measured.subList(f * each, (f + 1) * each))
              .toList();
      return result(regions, matched, readout.of(run), byFilling);
    }
  }

  private Hidings hidings() {
    return new Hidings(space, fills, draws, seed);
  }

  private Result result(
      MatchedRegions regions,
      MatchedRegions.Matched matched,
      Measures clean,
      List<List<Measures>> measured) {
    double m = clean.logProbability();
    double[][] need = effects(measured, 0, runs -> m - runs.getFirst().logProbability());
    double[][] enough =
        effects(
            measured,
            1,
            runs -> runs.getFirst().logProbability() - runs.getLast().logProbability());
    List<Control> randoms = new ArrayList<>();
    for (int c = 0; c < matched.sets().size(); c++) {
      int at = c + 1;
      randoms.add(
          new Control(
              MatchedRegions.numbers(matched.sets().get(c)),
              Arrays.stream(need).mapToDouble(all -> all[at]).average().orElseThrow(),
              Arrays.stream(enough).mapToDouble(all -> all[at]).average().orElseThrow()));
    }
    List<Filling> fillings = new ArrayList<>();
    List<String> names = hidings().names();
    for (int f = 0; f < measured.size(); f++) {
      List<Measures> all = measured.get(f);
      fillings.add(new Filling(names.get(f), all.get(0), all.get(1), all.get(2)));
    }
    double brings = brings(clean, fillings);
    return new Result(
        regions.image(),
        regions.base().tile().rows(),
        regions.base().tile().columns(),
        regions.numbers(),
        clean,
        effect(need, brings),
        effect(enough, brings),
        fillings,
        randoms,
        matched.how());
  }

  /// `[filling][region, then random ones]`.
  ///
  /// @param first 0 for what hiding it leaves, 1 for what hiding all but it leaves
  /// @param of given that run and the one with all hidden
  private static double[][] effects(
      List<List<Measures>> measured, int first, ToDoubleFunction<List<Measures>> of) {
    return measured.stream()
        .map(runs ->
            IntStream.range(0, (runs.size() - OWN) / 2 + 1)
                .map(region -> region == 0 ? first : OWN + 2 * (region - 1) + first)
                .mapToDouble(at -> of.applyAsDouble(List.of(runs.get(at), runs.get(2))))
                .toArray())
        .toArray(double[][]::new);
  }

  /// @param values `[filling][region, then random ones]`
  private static Effect effect(double[][] values, double brings) {
    double[] own = Arrays.stream(values).mapToDouble(all -> all[0]).toArray();
    Mean region = mean(own);
    OptionalDouble share =
        brings >= WordChoice.LEAST
            ? OptionalDouble.of(region.value / brings)
            : OptionalDouble.empty();
    int count = values[0].length - 1;
    if (count == 0) {
      return new Effect(region, share, Optional.empty(), Optional.empty(), OptionalDouble.empty());
    }
    double[] randoms =
        IntStream.rangeClosed(1, count)
            .mapToDouble(c -> Arrays.stream(values).mapToDouble(all -> all[c]).average().orElse(0))
            .toArray();
    double[] above =
        Arrays.stream(values)
            .mapToDouble(all -> all[0] - Arrays.stream(all, 1, all.length).average().orElseThrow())
            .toArray();
    long reach = Arrays.stream(randoms).filter(one -> one >= region.value).count();
    return new Effect(
        region,
        share,
        Optional.of(mean(randoms)),
        Optional.of(above(above, randoms)),
        OptionalDouble.of((1. + reach) / (1 + count)));
  }

  private static Mean mean(double[] values) {
    return new Mean(
        Arrays.stream(values).average().orElseThrow(),
        values.length < 2
            ? OptionalDouble.empty()
            : OptionalDouble.of(
                Averages.quantile(values.length - 1) * Math.sqrt(Averages.squareError(values))));
  }

  /// The difference varies with the fillings, which both sides share, and with the places; of both
  /// the fewer degrees of freedom count, which makes the interval rather too wide.
  private static Mean above(double[] differences, double[] randoms) {
    double square = 0;
    int freedom = Integer.MAX_VALUE;
    for (double[] values : List.of(differences, randoms)) {
      if (values.length > 1) {
        square += Averages.squareError(values);
        freedom = Math.min(freedom, values.length - 1);
      }
    }
    return new Mean(
        Arrays.stream(differences).average().orElseThrow(),
        freedom == Integer.MAX_VALUE
            ? OptionalDouble.empty()
            : OptionalDouble.of(Averages.quantile(freedom) * Math.sqrt(square)));
  }

  private static double brings(Measures clean, List<Filling> fillings) {
    return fillings.stream()
        .mapToDouble(one -> clean.logProbability() - one.nothing.logProbability())
        .average()
        .orElse(0);
  }
}
