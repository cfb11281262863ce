package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;

/// What is done to the input of the first layer at some positions, so that the answer is lost.
public sealed interface Corruption {

  /// Adds Gaussian noise of `factor` standard deviations, taken over all numbers at those positions
  /// of the clean run (3 in Meng et al. 2022). The noise depends on seed and position alone, so
  /// every cell of a trace sees the same.
  record Noise(double factor) implements Corruption {
    public Noise {
      if (!(factor > 0) || Double.isInfinite(factor)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST, "noise of " + factor + " deviations", "Use a number above 0.");
      }
    }
  }

  /// Multiplies every number by one of its own, drawn from a normal distribution with mean 1. So
  /// the code of Palit et al. (2308.14179) corrupts what the tower gives, with deviation 5; here at
  /// the input of the decoder, and with the same numbers for every cell.
  record Multiplied(double deviation) implements Corruption {
    public Multiplied {
      if (!(deviation > 0) || Double.isInfinite(deviation)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST, "factors of deviation " + deviation, "Use a number above 0.");
      }
    }
  }

  /// Multiplies all by one number; 0.7691 in another version of that code.
  record Shrunk(double factor) implements Corruption {
    public Shrunk {
      if (!Double.isFinite(factor) || factor == 1) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "multiplying by " + factor + " is no corruption",
            "Use another number than 1.");
      }
    }
  }

  /// Replaces each vector by their mean.
  record Mean() implements Corruption {}

  /// Replaces each vector by zeros.
  record Zero() implements Corruption {}

  /// Adds given vectors.
  ///
  /// @param values one row for each position, or for each position of the prompt
  record Added(Values values) implements Corruption {}

  /// Replaces each vector by that of another run of the same length, for example about another
  /// picture.
  ///
  /// @param text what a reader calls it
  record Other(Run run, String text) implements Corruption {}

  /// Seeds of what is added after different layers lie so far apart.
  long OTHER_NOISE = 1_000_000_007L;

  /// Whether another seed makes another corruption.
  default boolean random() {
    return switch (this) {
      case Noise noise -> true;
      case Multiplied multiplied -> true;
      case Shrunk shrunk -> false;
      case Mean mean -> false;
      case Zero zero -> false;
      case Added added -> false;
      case Other other -> false;
    };
  }

  /// The change to a run.
  ///
  /// @param clean the run that it is made to
  /// @param where the positions, for example `image`
  default List<Intervention> changes(Run clean, String where, long seed) {
    Entrance entrance = Entrance.of(clean, where);
    return entrance.changes(input -> op(entrance, input, seed));
  }

  /// The change to one of what enters.
  private Op op(Entrance entrance, int input, long seed) {
    Tensor own = entrance.own(input);
    Places places = entrance.places();
    return switch (this) {
      case Noise noise ->
          new Op.Noise(
              seed + OTHER_NOISE * input, noise.factor * deviation(own, places.positions()));
      case Multiplied factors ->
          new Op.Patch(
              multiplied(own, places.positions(), factors.deviation, seed + OTHER_NOISE * input));
      case Shrunk shrunk -> new Op.Scale(shrunk.factor);
      case Mean mean -> new Op.Mean(places.at());
      case Zero zero -> new Op.Zero();
      // Given vectors are those of the first layer's input.
      case Added added -> new Op.Add(added.values, input == 0 ? 1 : 0);
      case Other other -> {
        Tensor there = entrance.of(other.run, input);
        if (there.size(1) != own.size(1)) {
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "the other run has %d positions, this one %d".formatted(there.size(1), own.size(1)),
              "Use a picture that takes as many tokens, with the same question.");
        }
        yield new Op.Patch(Values.of(there));
      }
    };
  }

  /// One line for a reader.
  default String text() {
    return switch (this) {
      case Noise noise -> "noise of " + noise.factor + " standard deviations";
      case Multiplied factors -> "random factors of deviation " + factors.deviation;
      case Shrunk shrunk -> "the factor " + shrunk.factor;
      case Mean mean -> "the mean vector";
      case Zero zero -> "zeros";
      case Added added -> "given vectors added";
      case Other other -> other.text;
    };
  }

  private static double deviation(Tensor own, int[] positions) {
    try (Scope scope = Scope.open()) {
      Tensor vectors = own.indexSelect(1, Tensor.indices(positions)).to(DType.FLOAT64).reshape(-1);
      return Math.sqrt(vectors.sub(vectors.mean()).square().mean().item());
    }
  }

  /// The vectors at some positions, each number times one that depends on seed and place alone.
  private static Values multiplied(Tensor own, int[] positions, double deviation, long seed) {
    try (Scope scope = Scope.open()) {
      Tensor vectors = own.indexSelect(1, Tensor.indices(positions));
      int width = (int) vectors.size(2);
      float[] numbers = vectors.to(DType.FLOAT32).toFloats();
      for (int p = 0; p < positions.length; p++) {
        // Streams of neighbouring seeds must not be neighbours.
        SplittableRandom random =
            new SplittableRandom(new SplittableRandom(seed * 1_000_003 + positions[p]).nextLong());
        for (int i = 0; i < width; i++) {
          numbers[p * width + i] *= (float) (1 + deviation * random.nextGaussian());
        }
      }
      return new Values.Inline(numbers, new long[] {1, positions.length, width});
    }
  }
}
