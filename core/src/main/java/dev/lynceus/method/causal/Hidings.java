package dev.lynceus.method.causal;

import dev.lynceus.method.Inputs;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// What stands in the place of hidden patches: fills, each once, and noise besides.
///
/// @param space what is hidden
/// @param draws fillings of noise, see [RegionEffect]
/// @param seed of the noise
record Hidings(Occlusion.Space space, List<Occlusion.Fill> fills, int draws, long seed) {

  /// What each filling is called.
  List<String> names() {
    List<String> names = new ArrayList<>(fills.stream().map(Occlusion.Fill::text).toList());
    for (int draw = 0; draw < draws; draw++) {
      names.add("noise " + (draw + 1));
    }
    return names;
  }

  /// Hides a region by one filling.
  interface Hiding {
    List<Intervention> of(Regions.Region region);
  }

  /// The fillings of a run, in the order of their names.
  List<Hiding> of(Run run) {
    List<Hiding> all = new ArrayList<>();
    for (Occlusion.Fill fill : fills) {
      all.add(
          switch (space) {
            case EMBEDDING -> region -> RegionOcclusion.tokens(run, region, fill);
            case PIXELS -> pixels(new CoveredPixels(run, fill));
          });
    }
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int draw = 0; draw < draws; draw++) {
      long own = seeds.nextLong();
      all.add(
          switch (space) {
            case EMBEDDING -> noise(run, own);
            case PIXELS -> pixels(CoveredPixels.noise(run, own));
          });
    }
    return all;
  }

  private static Hiding pixels(CoveredPixels covered) {
    return region -> List.of(RegionOcclusion.covered(covered, region));
  }

  /// One noise for all positions, of which each region gets its part: what hides it does not depend
  /// on what else is hidden.
  private static Hiding noise(Run run, long seed) {
    int inputs =
        1 + (Inputs.seesByReading(run.model().model()) ? 0 : run.entering().later().size());
    List<Values> noises =
        IntStream.range(0, inputs)
            .mapToObj(input -> noise(run, input, new SplittableRandom(seed + input)))
            .toList();
    return region ->
        Inputs.at(run, Positions.of(region.positions()), input -> new Op.Patch(noises.get(input)));
  }

  private static Values noise(Run run, int input, SplittableRandom random) {
    Tensor own = Inputs.input(run, input);
    int[] visual = Inputs.seen(run).positions(TokenMap.Role.IMAGE);
    double[] mean;
    double[] deviation;
    try (Scope scope = Scope.open()) {
      Tensor tokens = own.indexSelect(1, Tensor.indices(visual)).to(DType.FLOAT64);
      Tensor centre = tokens.meanKeep(1);
      mean = centre.reshape(-1).toDoubles();
      deviation = tokens.sub(centre).square().mean(1).sqrt().reshape(-1).toDoubles();
    }
    int length = (int) own.size(1);
    int width = mean.length;
    float[] numbers = new float[length * width];
    for (int position : visual) {
      for (int i = 0; i < width; i++) {
        numbers[position * width + i] = (float) (mean[i] + deviation[i] * random.nextGaussian());
      }
    }
    return Values.of(Tensor.of(numbers, 1, length, width));
  }
}
