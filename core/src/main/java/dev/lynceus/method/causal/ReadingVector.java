package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.score.Share;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// A direction by which two sets of prompts can be told apart: a reading vector (arXiv 2310.01405).
/// How well it tells them apart is measured on pictures that it was not found on, beside the same
/// with the sets mixed up; whether the model uses it, by [Steering] along it.
///
/// @param by how it is found
/// @param seed of the parts of the pictures, and of what mixes the sets up
public record ReadingVector(By by, long seed) {
  private static final int FOLDS = 5;

  /// How often the sets are mixed up in every fold. Seldom would not do: one that is mixed up still
  /// lies along what the states differ by most, and is right or wrong about all prompts at once.
  private static final int MIXINGS = 10;

  /// How a direction is found.
  public enum By {
    /// The mean state of the one set less that of the other.
    MEANS,
    /// The first principal component of the differences of pairs; the n-th prompts of both sets are
    /// a pair. Every other difference is turned round before they are centred: otherwise centring
    /// takes away just what all pairs have in common. Its sign and length are those of the mean
    /// difference along it.
    PRINCIPAL
  }

  /// A prompt of a set.
  ///
  /// @param about what it is about, its pictures; prompts about the same are never on both sides of
  ///   a trial
  public record Sample(Prompt prompt, String about) {}

  /// How well prompts about other pictures are told apart.
  ///
  /// @param right prompts on the right side of the middle between the two sets it was found on
  /// @param mixed the same, as a share, where prompts changed sets at random before the direction
  ///   was found; mean over several times
  /// @param folds parts of the pictures
  public record Score(Share right, double mixed, int folds) {}

  /// What was found.
  ///
  /// @param score empty where all prompts are about one picture or depend on each other otherwise
  public record Found(Direction direction, Optional<Score> score) {}

  /// States of two sets.
  ///
  /// @param some `[prompts][width]`
  /// @param others the same
  record Sets(double[][] some, double[][] others) {
    /// Those of some prompts of each.
    Sets of(int[] ofSome, int[] ofOthers) {
      return new Sets(pick(some, ofSome), pick(others, ofOthers));
    }

    private static double[][] pick(double[][] all, int[] which) {
      return IntStream.of(which).mapToObj(i -> all[i]).toArray(double[][]::new);
    }

    boolean empty() {
      return some.length == 0 || others.length == 0;
    }
  }

  /// Finds it: one pass a prompt, at its last position.
  ///
  /// @throws LynceusException BAD_REQUEST for a point that holds no states of the decoder, for sets
  ///   of one mean state, and for pairs where the sets are not of one size; CANCELLED
  public Found find(
      LoadedModel model, List<Sample> some, List<Sample> others, Point point, int layer, Job job) {
    Direction.check(model, point, layer);
    if (by == By.PRINCIPAL && some.size() != others.size()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d prompts with and %d without make no pairs".formatted(some.size(), others.size()),
          "Give as many of both, the n-th of the one beside the n-th of the other; or take the"
              + " difference of means.");
    }
    Sets sets =
        new Sets(states(model, some, point, layer, job), states(model, others, point, layer, job));
    double[] found = direction(sets);
    if (Vectors.length(found) == 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "both sets of prompts have the same mean state, so there is no direction",
          "Give sets that differ before their last position.");
    }
    Direction direction =
        new Direction(
            Vectors.floats(found), point, layer, what(some, others), model.checkpoint().version());
    return new Found(direction, score(sets, Groups.of(some, others, by)));
  }

  private String what(List<Sample> some, List<Sample> others) {
    return by == By.MEANS
        ? "mean of %d prompts less mean of %d".formatted(some.size(), others.size())
        : "first principal component of %d differences".formatted(some.size());
  }

  private static double[][] states(
      LoadedModel model, List<Sample> samples, Point point, int layer, Job job) {
    Capture plan = Capture.of(Capture.request(point).layers(layer).at(Positions.last()));
    double[][] states = new double[samples.size()][];
    for (int i = 0; i < states.length; i++) {
      job.at("states", i, states.length);
      try (Run run = model.run(samples.get(i).prompt(), plan);
          Scope scope = Scope.open()) {
        states[i] = run.get(point, layer).reshape(-1).to(DType.FLOAT64).toDoubles();
      }
    }
    return states;
  }

  /// The direction of two sets, as long as they are apart along it; zero where they are not.
  double[] direction(Sets sets) {
    double[] apart = Vectors.minus(Vectors.mean(sets.some), Vectors.mean(sets.others));
    if (by == By.MEANS || sets.some.length < 2) {
      return apart;
    }
    double[][] differences = new double[sets.some.length][];
    for (int i = 0; i < differences.length; i++) {
      double[] one = Vectors.minus(sets.some[i], sets.others[i]);
      differences[i] = i % 2 == 0 ? one : Vectors.times(one, -1);
    }
    double[] axis = Vectors.principal(differences);
    return Vectors.times(axis, Vectors.dot(apart, axis));
  }

  /// Tries directions of some pictures on the others.
  Optional<Score> score(Sets sets, Groups groups) {
    int folds = Math.min(FOLDS, groups.count());
    int right = 0;
    int mixed = 0;
    int tried = 0;
    SplittableRandom random = new SplittableRandom(seed);
    int[] fold = groups.folds(folds, random.split());
    for (int f = 0; f < folds; f++) {
      int held = f;
      Sets test = sets.of(groups.some(fold, held, true), groups.others(fold, held, true));
      Sets train = sets.of(groups.some(fold, held, false), groups.others(fold, held, false));
      if (train.empty()) {
        return Optional.empty();
      }
      right += right(train, test);
      for (int i = 0; i < MIXINGS; i++) {
        mixed += right(mixed(train, random.split()), test);
      }
      tried += test.some.length + test.others.length;
    }
    return folds < 2
        ? Optional.empty()
        : Optional.of(new Score(Share.of(right, tried), mixed / (double) MIXINGS / tried, folds));
  }

  private int right(Sets train, Sets test) {
    double[] axis = direction(train);
    double middle =
        (Vectors.dot(Vectors.mean(train.some), axis)
                + Vectors.dot(Vectors.mean(train.others), axis))
            / 2;
    int right = 0;
    for (double[] state : test.some) {
      right += Vectors.dot(state, axis) > middle ? 1 : 0;
    }
    for (double[] state : test.others) {
      right += Vectors.dot(state, axis) < middle ? 1 : 0;
    }
    return right;
  }

  /// The same states in sets of the same sizes, at random; pairs stay pairs.
  private Sets mixed(Sets sets, SplittableRandom random) {
    double[][] some = sets.some.clone();
    double[][] others = sets.others.clone();
    if (by == By.PRINCIPAL) {
      for (int i = 0; i < some.length; i++) {
        if (random.nextBoolean()) {
          double[] kept = some[i];
          some[i] = others[i];
          others[i] = kept;
        }
      }
      return new Sets(some, others);
    }
    List<double[]> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(others));
    Collections.shuffle(all, random);
    return new Sets(
        all.subList(0, some.length).toArray(double[][]::new),
        all.subList(some.length, all.size()).toArray(double[][]::new));
  }
}
