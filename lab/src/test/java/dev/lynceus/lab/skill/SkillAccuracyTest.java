package dev.lynceus.lab.skill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Would catch exercises that no model could do, and answers that are marked right whatever they
/// say.
class SkillAccuracyTest {
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
  void theFirstModelReadsCropsAndWasNeverTaughtToRefuse() {
    List<SkillReport.Row> rows =
        new SkillAccuracy(model, 5, Progress.NONE)
            .measure(List.of(Skill.CROP, Skill.PREMISE, Skill.ASK_BACK), 12)
            .rows();
    assertThat(rows).hasSize(3);
    assertThat(rows.getFirst().exact().share()).isGreaterThan(.6);
    assertThat(rows.get(1).exact().hits()).isZero();
    assertThat(rows.get(2).exact().hits()).isZero();
    assertThat(rows.get(2).chance()).isGreaterThan(.5);
  }

  @Test
  void descriptionsAreCountedByTheNumberOfThingsAndInAnyOrder() {
    List<SkillReport.Row> rows =
        new SkillAccuracy(model, 5, Progress.NONE).measure(List.of(Skill.DESCRIBE), 24).rows();
    assertThat(rows.getFirst().things()).isZero();
    assertThat(rows.stream().skip(1).mapToInt(row -> row.exact().of()).sum()).isEqualTo(24);
    rows.forEach(row -> assertThat(row.right().hits()).isGreaterThanOrEqualTo(row.exact().hits()));
    assertThat(rows.getFirst().right().hits()).isPositive();
  }

  @Test
  void noExercisesAreRefused() {
    assertThatThrownBy(
            () -> new SkillAccuracy(model, 5, Progress.NONE).measure(List.of(Skill.CROP), 0))
        .isInstanceOf(LynceusException.class);
  }
}
