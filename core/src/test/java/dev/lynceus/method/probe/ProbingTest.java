package dev.lynceus.method.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Positions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Probes of a model: what they must not read, and what taking directions out does to a run.
class ProbingTest {
  private static final Family FAMILY = Family.LLAVA_CLIP;
  private static final int PICTURES = 24;
  private static final ProbeSettings SETTINGS =
      new ProbeSettings("image", 4, ProbeSettings.Directions.MEANS, 1, 1, LinearProbe.PENALTY, 0);

  @TempDir static Path folder;

  /// Two questions about each picture, whose label is drawn by lot.
  private static List<ProbeCase> cases(LoadedModel model) {
    SplittableRandom random = new SplittableRandom(11);
    List<ProbeCase> cases = new ArrayList<>();
    for (int picture = 0; picture < PICTURES; picture++) {
      String label = random.nextBoolean() ? "heads" : "tails";
      for (String words : List.of("what color is the dog", "here a cat sits")) {
        Prompt prompt = TinyModels.prompt(model, FAMILY, words, picture);
        cases.add(
            new ProbeCase(
                KeyWord.find(model, prompt, new TargetSpec.Word("dog"), 2),
                label,
                "picture " + picture));
      }
    }
    return cases;
  }

  /// The lie that this would catch: a picture on both sides, whose label is then known by heart.
  @Test
  void aLotIsNotReadThoughItBelongsToAPicture() {
    try (LoadedModel model = TinyModels.load(folder, FAMILY)) {
      ProbeReport report = new Probing(model, SETTINGS, Progress.NONE).measure(cases(model));

      assertThat(report.cases()).isEqualTo(2 * PICTURES);
      assertThat(report.pictures()).isEqualTo(PICTURES);
      assertThat(report.depths()).hasSize(model.model().decoder().config().layers() + 1);
      assertThat(report.depths())
          .allSatisfy(depth -> assertThat(depth.right().share()).isLessThan(.8));
      assertThat(report.conclusion()).contains("fresh probe", "random directions");
    }
  }

  @Test
  void whatTheRunGoesOnWithIsTheStateWithoutTheDirections() {
    try (LoadedModel model = TinyModels.load(folder, FAMILY)) {
      Prompt prompt = TinyModels.prompt(model, FAMILY, "what color is the dog", 1);
      int layers = model.model().decoder().config().layers();
      try (Run run = model.run(prompt, ProbedStates.capture(model))) {
        double[][] clean = ProbedStates.of(run, "last");
        Subspace space = Subspace.random(clean[0].length, 3, 2);
        for (int depth = 0; depth <= layers; depth++) {
          try (Run changed =
              model.run(
                  dev.lynceus.run.Batch.of(prompt),
                  ProbedStates.capture(model),
                  ProbedStates.changes(model, space, depth, Positions.last()))) {
            double[] left = ProbedStates.of(changed, "last")[depth];
            double[] wanted = space.without(clean[depth]);
            for (int c = 0; c < left.length; c++) {
              assertThat(left[c]).isEqualTo(wanted[c], within(1e-4));
            }
          }
        }
      }
    }
  }

  @Test
  void aProbeIsKeptAndReadsAsBefore() {
    try (LoadedModel model = TinyModels.load(folder, FAMILY)) {
      List<ProbeCase> cases = cases(model);
      StoredProbe probe = new Probing(model, SETTINGS, Progress.NONE).fitted(cases, 1);
      Path file = folder.resolve("probe.safetensors");

      probe.save(file);
      StoredProbe again = StoredProbe.load(file, model);

      assertThat(again.names()).isEqualTo(List.of("heads", "tails"));
      for (ProbeCase one : cases) {
        assertThat(again.read(model, one.word().prompt()))
            .isEqualTo(probe.read(model, one.word().prompt()));
      }
    }
  }

  @Test
  void oneLabelAndTooFewPicturesAreRefused() {
    try (LoadedModel model = TinyModels.load(folder, FAMILY)) {
      List<ProbeCase> cases = cases(model);
      Probing probing = new Probing(model, SETTINGS, Progress.NONE);
      assertThatExceptionOfType(LynceusException.class)
          .isThrownBy(() -> probing.measure(cases.subList(0, 4)))
          .withMessageMatching(".*(one label|too few).*");
      assertThatExceptionOfType(LynceusException.class)
          .isThrownBy(() ->
              probing.measure(
                  cases.stream()
                      .map(one -> new ProbeCase(one.word(), "x", one.picture()))
                      .toList()))
          .withMessageContaining("one label");
    }
  }
}
