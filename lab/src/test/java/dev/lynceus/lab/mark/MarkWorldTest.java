package dev.lynceus.lab.mark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The check of specificity on scenes of which everything is known.
class MarkWorldTest {

  /// Taking the thing away that is asked about costs more than taking background away, in nearly
  /// all scenes. The same of a box around it is measured, not promised: the bundled model was never
  /// shown a mark (docs/how-to/mark.md has the figure).
  @Test
  void blackingTheThingOutIsWorseThanBackground() {
    try (LoadedModel model = LoadedModel.load("pupil", LoadOptions.DEFAULT)) {
      MarkWorldReport report =
          new MarkWorld(model, List.of(MarkOperator.BLACKOUT, MarkOperator.BOX), 1, Progress.NONE)
              .measure(8, World.HELD_OUT);
      MarkWorldReport.Row black = report.rows().getFirst();
      assertThat(black.belowBackground().of()).isGreaterThan(3);
      assertThat(black.belowBackground().value()).isGreaterThanOrEqualTo(.8);
      assertThat(black.asked().value()).isLessThan(-2);
      assertThat(black.specificity().value()).isLessThan(-1);
      MarkWorldReport.Row box = report.rows().get(1);
      assertThat(box.beatsOther().value()).isBetween(0.0, 1.0);
      assertThat(box.beatsOther().of()).isEqualTo(8);
    }
  }
}
