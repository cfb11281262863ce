package dev.lynceus.method.match;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.method.Spoken;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.MatchRun;
import dev.lynceus.run.MatchText;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Sight;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Values;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// A map put to the test: the patches that it points at are painted over in the mean colour of the
/// picture, and the whole model is asked again; beside it, as many patches at random, many times.
/// If the map tells where the verdict comes from, the score of “matches” falls further than it does
/// for most of the random ones.
///
/// Fewer patches than the whole picture can be left out only in pixels: what the tower has mixed
/// cannot be taken apart. A painted patch is itself something to see, in both kinds alike.
///
/// @param patches how many were painted over
/// @param before score of “matches” of the picture as it is
/// @param pointed the same without the patches that the map points at
/// @param random the same without random ones, one for each draw
/// @param probabilityBefore probability of a match of the picture as it is
/// @param probabilityPointed the same without the patches that the map points at
/// @param seed of the draws
// Plain numbers of a result; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record MatchTest(
    int patches,
    double before,
    double pointed,
    double[] random,
    double probabilityBefore,
    double probabilityPointed,
    long seed) {

  /// How a map is tested.
  ///
  /// @param share of the patches that are painted over, in (0, 1)
  /// @param draws how many times as many are chosen at random
  /// @param seed of the draws
  public record Options(double share, int draws, long seed) {
    /// A tenth of the patches, beside 16 draws.
    public static final Options DEFAULT = new Options(.1, 16, 0);

    public Options {
      if (!(share > 0 && share < 1) || draws < 1) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "a test that paints over a share of %s of the patches, beside %d draws"
                .formatted(share, draws),
            "Give a share above 0 and below 1, and one draw or more.");
      }
    }
  }

  /// Tests the map of a text.
  ///
  /// @throws LynceusException CANCELLED
  public static MatchTest of(
      LoadedMatcher model,
      Sight sight,
      MatchText words,
      MatchMap map,
      Options options,
      Progress progress) {
    int all = map.whole().length;
    int patches = Math.clamp(Math.round(options.share() * all), 1, all - 1);
    double before;
    double probability;
    try (MatchRun run = model.run(sight, words, Capture.NONE, List.of())) {
      before = run.logit();
      probability = run.probability();
    }
    double pointed;
    double left;
    try (MatchRun run = without(model, sight, words, map, map.most(patches))) {
      pointed = run.logit();
      left = run.probability();
    }
    SplittableRandom random = new SplittableRandom(options.seed());
    double[] drawn = new double[options.draws()];
    for (int draw = 0; draw < drawn.length; draw++) {
      MatchScores.at(progress, "testing a map", draw, drawn.length);
      try (MatchRun run = without(model, sight, words, map, some(all, patches, random))) {
        drawn[draw] = run.logit();
      }
    }
    return new MatchTest(patches, before, pointed, drawn, probability, left, options.seed());
  }

  /// A text beside a picture some of whose patches are painted over.
  static MatchRun without(
      LoadedMatcher model, Sight sight, MatchText words, MatchMap map, int[] patches) {
    ProcessedImage view = sight.picture().onlyView();
    float[] pixels = view.pixels().clone();
    int plane = view.height() * view.width();
    int side = model.model().tower().config().patchSize();
    for (int channel = 0; channel < view.channels(); channel++) {
      double mean = 0;
      for (int i = 0; i < plane; i++) {
        mean += view.pixels()[channel * plane + i] / (double) plane;
      }
      for (int patch : patches) {
        int top = patch / map.columns() * side;
        int left = patch % map.columns() * side;
        for (int row = top; row < top + side; row++) {
          int start = channel * plane + row * view.width() + left;
          Arrays.fill(pixels, start, start + side, (float) mean);
        }
      }
    }
    Intervention painted =
        Intervention.at(
            Point.vision(Site.PIXELS),
            0,
            new Op.Set(
                new Values.Inline(
                    pixels, new long[] {1, view.channels(), view.height(), view.width()})));
    return model.run(sight, words, Capture.NONE, List.of(painted));
  }

  private static int[] some(int all, int count, SplittableRandom random) {
    int[] patches = IntStream.range(0, all).toArray();
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i, all);
      int kept = patches[i];
      patches[i] = patches[other];
      patches[other] = kept;
    }
    return Arrays.copyOf(patches, count);
  }

  /// How far the score fell without the patches that the map points at.
  public double fall() {
    return before - pointed;
  }

  /// How far it fell on average without random ones.
  public double randomFall() {
    return before - DoubleStream.of(random).average().orElseThrow();
  }

  /// How many of the random draws let it fall at least as far.
  public int asFar() {
    return (int) DoubleStream.of(random).filter(score -> score <= pointed).count();
  }

  /// Whether the map points at what the verdict rests on: the score fell, and further than in nine
  /// of ten draws.
  public boolean holds() {
    return fall() > 0 && asFar() * 10 <= random.length;
  }

  /// One sentence about what came out.
  public String conclusion() {
    String numbers =
        patches == 1
            ? "Without the patch that the map points at most, the score of “matches” moves by %s, without one at random by %s on average; %d of %d random draws take as much."
                .formatted(
                    Spoken.signed(-fall()), Spoken.signed(-randomFall()), asFar(), random.length)
            : "Without the %d patches that the map points at most, the score of “matches” moves by %s, without as many at random by %s on average; %d of %d random draws take as much."
                .formatted(
                    patches,
                    Spoken.signed(-fall()),
                    Spoken.signed(-randomFall()),
                    asFar(),
                    random.length);
    return numbers
        + (holds()
            ? " The map points at what the verdict rests on."
            : " That is no more than chance does: this map does not show what the verdict rests on.");
  }
}
