package dev.lynceus.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.lab.measure.AccuracyReport.Cell;
import dev.lynceus.lab.measure.AccuracyReport.Split;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Question.Kind;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.tap.Capture;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AccuracyTest {
  private static final Exam EXAM = new Exam(new World(World.HELD_OUT, SceneRecipe.FREE));
  private static LoadedModel model;

  @BeforeAll
  static void load() {
    model = LoadedModel.load("pupil", LoadOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void aMarkIsWhatGenerationGives() {
    List<Scene> scenes = IntStream.range(0, 12).mapToObj(EXAM::scene).toList();
    List<Exchange> exchanges = new ArrayList<>();
    List<Question> questions = new ArrayList<>();
    try (Pictures pictures = new Pictures(model, scenes)) {
      for (int i = 0; i < scenes.size(); i++) {
        for (Question question : EXAM.questions(i, scenes.get(i))) {
          questions.add(question);
          exchanges.add(Exchange.about(pictures, i, question));
        }
      }
      Marker.Mark[] marks = new Marker(model, pictures).mark(exchanges, List.of());

      int right = 0;
      for (int i = 0; i < marks.length; i++) {
        try (Generation generation =
            model.generate(exchanges.get(i).prompt(), GenerationOptions.greedy(40), Capture.NONE)) {
          boolean exact =
              generation.answer().text().strip().equals(questions.get(i).answer())
                  && generation.answer().end() == Generation.End.END_OF_TEXT;
          assertThat(marks[i].exact())
              .as("%s: %s", questions.get(i), generation.answer().text())
              .isEqualTo(exact);
          right += exact ? 1 : 0;
        }
      }
      assertThat(right).isBetween(6, marks.length - 1);
    }
  }

  @Test
  void coloursAreAnsweredRightAndBlindAnswersAreNot() {
    AccuracyReport report = new Accuracy(model, model, 7, Progress.NONE).measure(24);

    Cell colour = report.cell(Split.PICTURES, "pupil", Kind.COLOUR, 0).orElseThrow();
    assertThat(colour.exact().of()).isEqualTo(24);
    assertThat(colour.exact().share()).isGreaterThan(.8);
    assertThat(colour.chance()).isLessThan(.4);
    assertThat(
            IntStream.rangeClosed(1, 4)
                .mapToObj(n -> report.cell(Split.PICTURES, "pupil", Kind.COLOUR, n))
                .flatMap(java.util.Optional::stream)
                .mapToInt(cell -> cell.exact().of())
                .sum())
        .isEqualTo(24);
    Cell both = report.cell(Split.BOTH_SWAPS, "pupil", Kind.COLOUR, 0).orElseThrow();
    Cell after = report.cell(Split.AFTER_SWAP, "pupil", Kind.COLOUR, 0).orElseThrow();
    assertThat(both.exact().hits()).isPositive().isLessThanOrEqualTo(after.exact().hits());
    assertThat(report.cell(Split.TEXTS, "pupil", Kind.COLOUR, 0).orElseThrow().exact().share())
        .isGreaterThan(.8);
    assertThat(Math.abs(report.yesBias())).isLessThan(.5);
  }

  @Test
  void answersOfOtherPicturesAreNoBetterThanChance() {
    List<Scene> scenes = IntStream.range(0, 32).mapToObj(EXAM::scene).toList();
    List<Exchange> shuffled = new ArrayList<>();
    try (Pictures pictures = new Pictures(model, scenes)) {
      for (int i = 0; i < scenes.size(); i++) {
        Question question =
            EXAM.questions(i, scenes.get(i)).stream()
                .filter(q -> q.kind() == Kind.COLOUR)
                .findFirst()
                .orElseThrow();
        shuffled.add(Exchange.about(pictures, (i + 1) % scenes.size(), question));
      }
      Marker.Mark[] marks = new Marker(model, pictures).mark(shuffled, List.of());

      assertThat(java.util.Arrays.stream(marks).filter(Marker.Mark::exact).count()).isLessThan(12);
    }
  }
}
