package dev.lynceus.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.lab.measure.ProbeReport.Attribute;
import dev.lynceus.lab.measure.ProbeReport.Row;
import dev.lynceus.lab.measure.ProbeReport.Where;
import dev.lynceus.method.probe.LinearProbe;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.tensor.Torch;
import org.junit.jupiter.api.Test;

/// Probes of the bundled model, on a few scenes.
class ProbeStudyTest {
  @Test
  void theColourMovesFromThePatchesToTheWords() {
    Torch.setThreads(1);
    try (LoadedModel model = LoadedModel.load("pupil", LoadOptions.DEFAULT)) {
      ProbeStudy study = new ProbeStudy(model, LinearProbe.PENALTY, Progress.NONE);
      ProbeReport report = study.measure(new Scenes(5, 160), new Scenes(6, 60));

      assertThat(report.rows()).hasSize(4 * 4 * 5);
      assertThat(share(report, Attribute.COLOUR, Where.OBJECT, 0)).isGreaterThan(.8);
      assertThat(share(report, Attribute.COLOUR, Where.NOUN, 0))
          .as("a word that is read the same whatever its colour")
          .isLessThan(.4);
      assertThat(share(report, Attribute.COLOUR, Where.ANSWER, 4)).isGreaterThan(.8);
      assertThat(share(report, Attribute.SHAPE, Where.NOUN, 0)).isGreaterThan(.9);
      assertThat(row(report, Attribute.COLOUR, Where.OBJECT, 0).shuffled().share())
          .as("control")
          .isLessThan(.4);
      assertThat(ProbePage.html(report, "lynceus pupil probe"))
          .contains("patches of the thing", "<svg");
      assertThatThrownBy(() -> study.measure(new Scenes(5, 1), new Scenes(5, 1)))
          .hasMessageContaining("fitted on, seed 5");
    }
  }

  private static double share(ProbeReport report, Attribute attribute, Where where, int depth) {
    return row(report, attribute, where, depth).right().share();
  }

  private static Row row(ProbeReport report, Attribute attribute, Where where, int depth) {
    return report.rows().stream()
        .filter(r -> r.attribute() == attribute && r.where() == where && r.depth() == depth)
        .findFirst()
        .orElseThrow();
  }
}
