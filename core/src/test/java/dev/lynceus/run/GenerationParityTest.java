package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Stack;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is seen while an answer is generated equals what one pass over prompt and answer sees, and
/// rows of padded batches equal single runs.
class GenerationParityTest {
  @TempDir static Path folder;

  /// Every point of the decoder.
  static Capture everything(LoadedModel model) {
    return Capture.of(
        Point.all().stream()
            .filter(point -> point.stack() == Stack.DECODER && model.model().has(point))
            .map(Capture::request)
            .toArray(Capture.Request[]::new));
  }

  static List<Prompt> prompts(LoadedModel model, Family family) {
    return List.of(
        TinyModels.prompt(model, family, "what color is the dog", 1),
        TinyModels.prompt(model, family, "no", 2),
        TinyModels.prompt(model, family, "here a big cat sits on the mat in the park and", 3));
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void generationEqualsTeacherForcedPass(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = prompts(model, family).getFirst();
      try (Generation generation =
              model.generate(prompt, GenerationOptions.greedy(6), everything(model));
          Run forced = model.run(generation.run().batch().prompts().getFirst(), everything(model));
          Scope scope = Scope.open()) {
        Run run = generation.run();
        int passed = Math.min(generation.answer().ids().length, 5);
        assertThat(run.batch().length()).isEqualTo(prompt.length() + passed);
        compareAll(family + "", run, 0, 0, forced, 0, 0, run.batch().length());
        Numbers.close("logits", run.logits(), forced.logits(), 1e-5);
        Numbers.close("merged", run.merged(), forced.merged(), 0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void generationOfABatchEqualsTeacherForcedRows(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      List<Prompt> prompts = prompts(model, family);
      try (Generation generation =
          model.generate(
              Batch.of(prompts, Batch.Padding.LEFT, 3),
              GenerationOptions.greedy(5),
              everything(model),
              List.of(),
              text -> {})) {
        Run run = generation.run();
        for (int row = 0; row < prompts.size(); row++) {
          try (Generation alone =
                  model.generate(prompts.get(row), GenerationOptions.greedy(5), Capture.NONE);
              Run forced = model.run(run.batch().prompts().get(row), everything(model));
              Scope scope = Scope.open()) {
            assertThat(generation.answers().get(row).text()).isEqualTo(alone.answer().text());
            assertThat(generation.answers().get(row).ids()).isEqualTo(alone.answer().ids());
            Numbers.close(
                "log probabilities",
                generation.answers().get(row).logProbabilities(),
                alone.answer().logProbabilities(),
                1e-5);
            int first = first(run.batch(), row);
            compareAll(
                family + " row " + row, run, row, first, forced, 0, 0, forced.batch().length());
            Numbers.close("logits", run.logits().narrow(0, row, 1), forced.logits(), 1e-5);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void paddedRowsEqualSingleRuns(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      List<Prompt> prompts = prompts(model, family);
      for (Batch.Padding padding : Batch.Padding.values()) {
        Batch batch = Batch.of(prompts, padding, 3);
        try (Run together = model.run(batch, everything(model), List.of())) {
          for (int row = 0; row < prompts.size(); row++) {
            try (Run alone = model.run(prompts.get(row), everything(model));
                Scope scope = Scope.open()) {
              compareAll(
                  family + " " + padding + " row " + row,
                  together,
                  row,
                  first(batch, row),
                  alone,
                  0,
                  0,
                  alone.batch().length());
              Numbers.close("logits", together.logits().narrow(0, row, 1), alone.logits(), 1e-5);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LLAVA_CLIP", "LLAVA_SIGLIP", "LLAVA_CLIP_LIST_FULL"})
  void rowsWithAndWithoutPictures(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      List<Prompt> prompts =
          List.of(
              model.raw("what is it"),
              model.raw(
                  "see <image> and <image> is it",
                  TinyModels.picture(model, 5),
                  TinyModels.picture(model, 6)),
              model.raw("<image> the dog", TinyModels.picture(model, 7)));
      for (Batch.Padding padding : Batch.Padding.values()) {
        // The placeholder's own id as padding must not be taken for a placeholder.
        Batch batch = Batch.of(prompts, padding, TinyModels.IMAGE_TOKEN);
        List<Tensor> singles = new ArrayList<>();
        try (Run together = model.run(batch, everything(model), List.of())) {
          for (int row = 0; row < prompts.size(); row++) {
            try (Run alone = model.run(prompts.get(row), everything(model));
                Scope scope = Scope.open()) {
              compareAll(
                  family + " " + padding + " row " + row,
                  together,
                  row,
                  first(batch, row),
                  alone,
                  0,
                  0,
                  alone.batch().length());
              singles.add(alone.logits().copy().own());
            }
          }
        }
        // Negative control: the picture matters.
        try (Scope scope = Scope.open();
            Run other =
                model.run(
                    model.raw("<image> the dog", TinyModels.picture(model, 8)), Capture.NONE)) {
          assertThat(Numbers.difference(other.logits().toDoubles(), singles.get(2).toDoubles()))
              .isGreaterThan(1e-2);
        }
        singles.forEach(Tensor::close);
      }
    }
  }

  /// The first real position of a row.
  static int first(Batch batch, int row) {
    int position = 0;
    while (!batch.valid()[row][position]) {
      position++;
    }
    return position;
  }

  /// Compares `count` positions of every captured point of a row of one run with those of another.
  static void compareAll(
      String what,
      Run run,
      int row,
      int start,
      Run other,
      int otherRow,
      int otherStart,
      int count) {
    for (var key : other.captured().keys()) {
      Tensor actual = rows(run, key.point(), key.layer(), row, start, count);
      Tensor expected = rows(other, key.point(), key.layer(), otherRow, otherStart, count);
      Numbers.close(what + " " + key, actual, expected, 1e-5);
    }
  }

  private static Tensor rows(Run run, Point point, int layer, int row, int start, int count) {
    Tensor value = run.get(point, layer);
    int axis = point.axis(dev.lynceus.tap.Axis.POSITION);
    assertThat(run.captured().positions(point, layer))
        .as(point + " " + layer)
        .isEqualTo(IntStream.range(0, run.batch().length()).toArray());
    Tensor part = value.narrow(0, row, 1).narrow(axis, start, count);
    int source = point.axis(dev.lynceus.tap.Axis.SOURCE);
    return source < 0 ? part : part.narrow(source, start, count);
  }

  @ParameterizedTest
  @EnumSource(names = {"LLAMA", "MISTRAL", "LLAVA_CLIP"})
  void patternsAreFilledUpWithZerosOnTheRight(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = prompts(model, family).getFirst();
      try (Generation generation =
          model.generate(prompt, GenerationOptions.greedy(4), Capture.of("pattern"))) {
        Run run = generation.run();
        int length = run.batch().length();
        float[] pattern = run.get(Point.PATTERN, 1).toFloats();
        assertThat(pattern).hasSize(TinyModels.HEADS * length * length);
        for (int h = 0; h < TinyModels.HEADS; h++) {
          for (int i = 0; i < length; i++) {
            double sum = 0;
            for (int j = 0; j < length; j++) {
              float p = pattern[(h * length + i) * length + j];
              sum += p;
              assertThat(j > i && p != 0).as("%d attends to %d", i, j).isFalse();
            }
            assertThat(sum).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-5));
          }
        }
        assertThat(Arrays.stream(run.batch().ids()[0]).count()).isEqualTo(length);
      }
    }
  }
}
