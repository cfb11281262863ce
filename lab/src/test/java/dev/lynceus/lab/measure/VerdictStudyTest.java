package dev.lynceus.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.lab.measure.VerdictReport.Task;
import dev.lynceus.method.evidence.InternalConfidence;
import dev.lynceus.method.evidence.Score;
import dev.lynceus.pupil.BundledThresholds;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.tensor.Torch;
import org.junit.jupiter.api.Test;

/// What verdicts are worth, on a few scenes.
class VerdictStudyTest {
  @Test
  void thresholdsAreChosenOnOneSequenceAndCheckedOnAnother() {
    Torch.setThreads(1);
    try (LoadedModel model = LoadedModel.load("pupil", LoadOptions.DEFAULT)) {
      VerdictStudy study =
          new VerdictStudy(model, InternalConfidence.Reading.NORMED, Progress.NONE);
      VerdictReport report = study.measure(new Scenes(5, 10), new Scenes(6, 8));

      assertThat(area(report, Task.MISSING, Score.PRESENCE)).isGreaterThan(.9);
      assertThat(area(report, Task.FORM, Score.EFFECT)).isGreaterThan(.85);
      assertThat(report.thresholds().effect()).isPositive();
      assertThat(report.situations())
          .hasSize(Truth.values().length)
          .allSatisfy(one ->
              assertThat(one.verdicts().values().stream().mapToInt(Integer::intValue).sum())
                  .as(one.label())
                  .isEqualTo(one.due().of()));
      assertThat(report.situation("absent").due().of()).isEqualTo(8);
      assertThat(report.situation("given_colour").verdicts().get("contradicted"))
          .as("the picture speaks against wrong colours")
          .isGreaterThanOrEqualTo(7);
      assertThat(report.situation("given_no").verdicts().get("contradicted"))
          .isGreaterThanOrEqualTo(7);
      assertThat(report.situation("denied").verdicts().get("contradicted"))
          .as("nor against a right no")
          .isZero();
      assertThat(report.situation("false_colour").due().hits()).isGreaterThanOrEqualTo(7);
      assertThat(report.situation("true_colour").due().hits()).isGreaterThanOrEqualTo(7);
      assertThat(report.forms().get(0).area().value()).isGreaterThan(.95);
      assertThat(report.forms().get(2).believed().share())
          .as("asking for a colour as for a thing tells nothing")
          .isGreaterThan(.5);
      VerdictReport.Combined combined = report.combined();
      assertThat(combined).isNotNull();
      assertThat(combined.area().value()).isGreaterThan(.9);
      assertThat(combined.brier()).isLessThan(combined.base() / 2);
      assertThat(report.thresholds().measured()).isNotNull();
      String page = VerdictPage.html(report, "lynceus pupil verdict");
      assertThat(page)
          .contains("Areas under the curve", "colours of absent things", "Of 100 words so called");

      assertThat(BundledThresholds.of(report.thresholds().revision()))
          .as("the bundled thresholds are those of the bundled model")
          .isPresent();
      assertThat(BundledThresholds.of("another")).isEmpty();
      assertThatThrownBy(() -> study.measure(new Scenes(5, 1), new Scenes(5, 1)))
          .hasMessageContaining("chosen on, seed 5");
    }
  }

  private static double area(VerdictReport report, Task task, Score score) {
    return report.rows().stream()
        .filter(row -> row.task() == task && row.score() == score)
        .findFirst()
        .orElseThrow()
        .area()
        .value();
  }
}
