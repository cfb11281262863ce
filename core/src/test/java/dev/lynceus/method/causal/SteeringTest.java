package dev.lynceus.method.causal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Directions and what they do: nothing at strength 0, exactly what was added at the point, towards
/// the word at the last layer.
class SteeringTest {
  private static final int LAST = TinyModels.LAYERS - 1;

  @TempDir static Path folder;
  private static LoadedModel model;
  private static Prompt prompt;
  private static Prompt other;

  @BeforeAll
  static void open() {
    model = TinyModels.load(folder, Family.LLAVA_CLIP);
    prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
    other = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the cat", 2);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static float[] state(Prompt asked, int layer, dev.lynceus.tap.Intervention... changes) {
    Capture plan = Capture.of(Capture.request(Point.RESID_POST).layers(layer).at(Positions.last()));
    try (Run run = model.run(asked, plan, changes)) {
      return run.get(Point.RESID_POST, layer).toFloats();
    }
  }

  private static Direction found(List<Prompt> some, List<Prompt> others, Point point, int layer) {
    return new ReadingVector(ReadingVector.By.MEANS, 0)
        .find(model, samples(some), samples(others), point, layer, Job.QUIET)
        .direction();
  }

  private static List<ReadingVector.Sample> samples(List<Prompt> prompts) {
    return prompts.stream().map(one -> new ReadingVector.Sample(one, "")).toList();
  }

  @Test
  void aDifferenceOfMeansLeadsFromTheOneToTheOther() {
    Direction found = found(List.of(prompt), List.of(other), Point.RESID_POST, 1);
    assertThat(state(other, 1, found.times(1, Positions.last())))
        .as("the other's state plus the difference is the one's")
        .containsExactly(state(prompt, 1), within(1e-5f));
    assertThatThrownBy(() -> found(List.of(prompt), List.of(prompt), Point.RESID_POST, 1))
        .hasMessageContaining("there is no direction");
  }

  @Test
  void wordsAreSteeredTowardsAndNothingChangesNothing() {
    try (Run run = model.run(prompt, Sweep.base(model))) {
      Readout readout = Readout.of(run, OptionalInt.of(9), OptionalInt.of(12));
      Direction words = Direction.ofWords(run, 9, 12, Point.RESID_POST, LAST);
      Steering.Result result =
          new Steering(List.of(-1.0, 0.0, 1.0), "last", 3, 5, 2)
              .explain(
                  run,
                  prompt,
                  new ReadingVector.Found(words, Optional.empty()),
                  readout,
                  Job.QUIET);
      double[] own =
          result.steps().stream()
              .mapToDouble(step -> step.steered().of(Metric.LOGIT_DIFFERENCE))
              .toArray();
      assertThat(own[1]).isCloseTo(result.clean().logitDifference(), within(1e-5));
      assertThat(own[0]).isLessThan(own[1] - 1);
      assertThat(own[2]).isGreaterThan(own[1] + 1);
      Steering.Step nothing = result.steps().get(1);
      nothing
          .randoms()
          .forEach(random -> assertThat(random.logitDifference()).isCloseTo(own[1], within(1e-5)));
      Steering.Step full = result.steps().get(2);
      assertThat(full.randoms()).hasSize(3);
      full.randoms()
          .forEach(random -> assertThat(random.logitDifference()).as("control").isLessThan(own[2]));
      double length = 0;
      for (float value : state(prompt, LAST)) {
        length += value * (double) value;
      }
      assertThat(result.length()).isCloseTo(Math.sqrt(length), within(1e-3));
      assertThat(words.random(1).length()).isCloseTo(words.length(), within(1e-3));
    }
  }

  @Test
  void aDirectionIsKeptInAFile() {
    Path file = folder.resolve("d.safetensors");
    Direction found = found(List.of(prompt), List.of(other), Point.ATTN_OUT, 2);
    found.save(file);
    Direction read = Direction.load(file, model);
    assertThat(read.vector()).containsExactly(found.vector());
    assertThat(read.point()).isEqualTo(Point.ATTN_OUT);
    assertThat(read.layer()).isEqualTo(2);
    try (LoadedModel another = TinyModels.load(folder, Family.LLAVA_SIGLIP)) {
      assertThatThrownBy(() -> Direction.load(file, another)).hasMessageContaining("was found in");
    }
  }

  @Test
  void whatCannotBeSteeredIsRefused() {
    assertThatThrownBy(() -> found(List.of(prompt), List.of(other), Point.Z, 1))
        .hasMessageContaining("holds no states");
    assertThatThrownBy(() -> found(List.of(prompt), List.of(other), Point.RESID_PRE, 9))
        .hasMessageContaining("no layer 9");
    assertThatThrownBy(() -> new Steering(List.of(), "last", 1, 0, 1))
        .hasMessageContaining("strengths []");
  }
}
