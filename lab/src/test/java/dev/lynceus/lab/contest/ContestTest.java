package dev.lynceus.lab.contest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.LabelledRegion;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// A contest puts the same questions in every way, its controls are those that it names, and what
/// they must not know they do not know.
class ContestTest {

  @Test
  void everyStrategyHasControlsThatThereAre() {
    List<Contender> all = Contender.all(3, 1);
    List<String> names = all.stream().map(Contender::name).toList();

    assertThat(new HashSet<>(names)).hasSameSizeAs(names);
    assertThat(all.getFirst().name()).isEqualTo(Contender.DIRECT);
    for (Contender one : all) {
      assertThat(one.controls().isEmpty())
          .as(one.name())
          .isEqualTo(one.part() != Contender.Part.STRATEGY);
      assertThat(names).containsAll(one.controls());
      one.controls()
          .forEach(control ->
              assertThat(all.get(names.indexOf(control)).part()).isEqualTo(Contender.Part.CONTROL));
    }
  }

  /// The question about an unnamed thing can be answered from the region alone: the colours that
  /// are offered are those of the scene, each once.
  @Test
  void questionsAreHeldOutAndKnowTheirRegions() {
    List<ContestRow> rows = ContestRow.of(World.HELD_OUT, 4);

    assertThat(rows.stream().map(ContestRow::kind).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(Contest.KINDS);
    assertThat(rows.stream().map(row -> row.example().id()).distinct()).hasSameSizeAs(rows);
    for (ContestRow row : rows) {
      Example example = row.example();
      assertThat(example.regions()).as(example.id()).hasSizeLessThan(2);
      if (row.kind().equals(ContestRow.UNNAMED)) {
        assertThat(example.choices())
            .hasSizeGreaterThan(2)
            .doesNotHaveDuplicates()
            .contains(example.answers().getFirst());
        assertThat(example.question()).doesNotContain("red").contains("the object");
      }
      if (row.kind().equals(ContestRow.SMALL)) {
        LabelledRegion scene = example.regions().getFirst();
        assertThat(scene.x1() - scene.x0()).isEqualTo(World.SIZE);
        assertThat(example.images().getFirst().read().width()).isEqualTo(7 * World.SIZE);
      }
    }
  }

  /// The direct way answers colours on this model, a description of another picture does not, and
  /// differences are those of the shares.
  @Test
  void theSameQuestionsInEveryWay() {
    try (LoadedModel model = LoadedModel.load("pupil", LoadOptions.DEFAULT)) {
      Contest contest =
          new Contest(
              model,
              Contest.STRATEGIES,
              List.of("colour"),
              2,
              World.HELD_OUT,
              2,
              1,
              1.5,
              Progress.NONE);
      ContestReport report = contest.hold();

      assertThat(report.seeds()).containsExactly(World.HELD_OUT, World.HELD_OUT + 1);
      assertThat(report.kinds().stream().map(ContestReport.Kind::name))
          .containsExactly("all", "colour");
      assertThat(report.kinds().getLast().questions()).isEqualTo(4);
      assertThat(cell(report, Contender.DIRECT).right().value()).isEqualTo(1);
      assertThat(cell(report, "describe, another picture").right().value())
          .isLessThan(cell(report, "describe, no questions").right().value());
      assertThat(report.cells().stream().filter(one -> one.kind().equals("colour")))
          .hasSize(report.contenders().size())
          // Not every picture has room beside what is asked about.
          .allSatisfy(one ->
              assertThat(one.questions())
                  .isBetween(one.contender().endsWith("elsewhere") ? 2 : 4, 4))
          .allSatisfy(one -> assertThat(one.bySeed()).hasSize(2));
      assertThat(report.differences())
          .filteredOn(one -> one.kind().equals("colour") && one.questions() == 4)
          .allSatisfy(one -> {
            assertThat(one.difference().value())
                .isEqualTo(
                    cell(report, one.strategy()).right().value()
                        - cell(report, one.against()).right().value(),
                    org.assertj.core.api.Assertions.within(1e-9));
            assertThat(one.holm()).isGreaterThanOrEqualTo(one.p());
          });
    }
  }

  private static ContestReport.Cell cell(ContestReport report, String contender) {
    return report.cells().stream()
        .filter(one -> one.kind().equals("colour") && one.contender().equals(contender))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatMakesNoContestIsRefused() {
    try (LoadedModel model = LoadedModel.load("pupil", LoadOptions.DEFAULT)) {
      assertThatThrownBy(() ->
              new Contest(model, List.of("mark"), List.of("hue"), 3, 1, 1, 1, 1, Progress.NONE))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("no kind of question 'hue'");
      assertThatThrownBy(() ->
              new Contest(model, List.of("guess"), Contest.KINDS, 3, 1, 1, 1, 1, Progress.NONE))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("no strategy 'guess'");
      assertThatThrownBy(() ->
              new Contest(model, Contest.STRATEGIES, Contest.KINDS, 1, 1, 1, 1, 1, Progress.NONE))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("1 scenes");
    }
  }
}
