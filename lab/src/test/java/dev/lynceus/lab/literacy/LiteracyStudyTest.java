package dev.lynceus.lab.literacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.lab.data.DataOptions;
import dev.lynceus.lab.data.DataSets;
import dev.lynceus.lab.literacy.TestTaker.Answer;
import dev.lynceus.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Would catch a penalty that guessing gains or loses by, a control that praises who does not look
/// or blames who does, an order of options that changes whose answer is whose, and an import that
/// loses items.
class LiteracyStudyTest {
  @TempDir Path folder;

  private static List<LiteracyItem> items(int each) {
    return ChartItems.suite(Detail.SMALL, 2, Blueprint.all(), each).stream()
        .map(item -> LiteracyItem.of(item, 112))
        .toList();
  }

  private static LiteracySettings settings(int orders, boolean omit, boolean controls) {
    return new LiteracySettings(orders, omit, controls, false, List.of(), 0, 5);
  }

  private static LiteracyReport report(
      List<LiteracyItem> items, TestTaker taker, LiteracySettings settings) {
    return Literacy.report(
        "test", taken(items, taker, settings), AnswerStyle.LETTERS, settings, List.of());
  }

  private static List<Taken> taken(
      List<LiteracyItem> items, TestTaker taker, LiteracySettings settings) {
    return new LiteracyStudy(settings, Progress.NONE).of(items, taker);
  }

  /// Reads the table of what is shown; without a chart it passes over.
  private static Answer oracle(TestTaker.Put put) {
    ChartItem made = put.item().made().orElseThrow();
    return switch (put.seen()) {
      case OWN, NO_LEGEND ->
          Answer.sure(
              put.options().indexOf(WordsOracle.answer(made.question(), made.chart())),
              put.options().size());
      case SWAPPED ->
          Answer.sure(
              put.options().indexOf(WordsOracle.answer(made.question(), made.swapped())),
              put.options().size());
      case NONE, BLANK -> Answer.sure(put.options().size() - 1, put.options().size());
    };
  }

  /// The same answer to the same words, whatever is shown.
  private static Answer habit(TestTaker.Put put) {
    int option = Math.floorMod(put.item().question().hashCode(), put.item().options().size());
    return Answer.sure(
        put.options().indexOf(put.item().options().get(option)), put.options().size());
  }

  @Test
  void guessingGainsNothingAndAllRightIsAll() {
    List<LiteracyItem> items = items(40);
    Random random = new Random(9);
    LiteracyReport guessed =
        report(
            items,
            put -> Answer.sure(random.nextInt(put.options().size()), put.options().size()),
            settings(1, false, false));
    // Of +1 with 1/c and -1/(c-1) else, the variance is 1/(c-1).
    double error =
        Math.sqrt(items.stream().mapToDouble(item -> 1.0 / (item.options().size() - 1)).sum());
    assertThat(guessed.scores().corrected()).isBetween(-2 * error, 2 * error);
    assertThat(guessed.scores().chance()).isCloseTo(17.5 / 53, within(1e-9));
    assertThat(guessed.scores().right().low()).isLessThan(guessed.scores().chance());
    assertThat(guessed.scores().right().high()).isGreaterThan(guessed.scores().chance());
    LiteracyReport all = report(items(1), LiteracyStudyTest::oracle, settings(1, true, false));
    assertThat(all.scores().corrected()).isEqualTo(53);
    assertThat(all.mini().value()).isEqualTo(1);
    assertThat(all.charts()).hasSize(12).allMatch(row -> row.right().value() == 1);
    assertThat(all.tasks()).hasSize(8);
  }

  @Test
  void passingOverAllIsNothingAndMiniHasNoPenalty() {
    TestTaker none = put -> Answer.sure(put.options().size() - 1, put.options().size());
    LiteracyReport omitted = report(items(1), none, settings(1, true, false));
    assertThat(omitted.scores().corrected()).isZero();
    assertThat(omitted.scores().omitted().value()).isEqualTo(1);
    LiteracyReport wrong =
        report(
            items(1),
            put ->
                Answer.sure(
                    put.options()
                        .indexOf(
                            put.item()
                                .options()
                                .get((put.item().key() + 1) % put.item().options().size())),
                    put.options().size()),
            settings(1, true, false));
    assertThat(wrong.mini().value()).isZero();
    assertThat(wrong.scores().corrected()).isCloseTo(-(34 / 3.0 + 3 / 2.0 + 16), within(1e-9));
  }

  @Test
  void whoDoesNotLookIsFlaggedAndWhoReadsIsNot() {
    List<Taken> read = taken(items(4), LiteracyStudyTest::oracle, settings(1, true, true));
    assertThat(read).allMatch(one -> one.verdict() == Taken.Verdict.SEEN && !one.unmoved());
    List<Taken> fixed = taken(items(4), LiteracyStudyTest::habit, settings(1, true, true));
    assertThat(fixed)
        .allMatch(Taken::unmoved)
        .noneMatch(one -> one.verdict() == Taken.Verdict.SEEN);
    LiteracyReport.Controls controls =
        report(items(4), LiteracyStudyTest::habit, settings(1, true, true)).controls();
    assertThat(controls).isNotNull();
    assertThat(controls.unmoved().share()).isEqualTo(1);
    assertThat(controls.seen().hits()).isZero();
    // What is right without the picture is right with it.
    assertThat(controls.none().hits()).isEqualTo(controls.own().hits());
  }

  @Test
  void ordersLeaveReadersAsTheyAreAndShowHabitsOfPlace() {
    LiteracyReport read = report(items(1), LiteracyStudyTest::oracle, settings(4, true, false));
    assertThat(read.order().right()).containsOnly(1.0);
    assertThat(read.order().steady().share()).isEqualTo(1);
    LiteracyReport first =
        report(items(4), put -> Answer.sure(0, put.options().size()), settings(4, true, false));
    assertThat(first.order().picked()).containsExactly(1.0, 0.0, 0.0, 0.0);
    assertThat(first.order().steady().share()).isLessThan(.2);
    assertThat(first.scores().right().value()).isCloseTo(first.scores().chance(), within(.12));
  }

  @Test
  void confidenceThatKnowsMakesRiskFall() {
    List<Taken> taken =
        taken(
            items(4),
            put -> {
              // Right on statements, and sure of them alone.
              boolean claim = put.item().options().size() == 2;
              int right = put.options().indexOf(put.item().options().get(put.item().key()));
              int other = (right + 1) % put.options().size();
              List<Double> p = new ArrayList<>();
              for (int i = 0; i < put.options().size(); i++) {
                p.add(i == (claim ? right : other) ? claim ? .9 : .5 : .01);
              }
              return new Answer(claim ? right : other, p);
            },
            settings(1, false, false));
    List<LiteracyReport.Risk> risk = new Summing(taken).risk();
    assertThat(risk.getFirst().coverage()).isEqualTo(1);
    assertThat(risk.getFirst().right()).isCloseTo(16 / 53.0, within(1e-9));
    assertThat(risk.getLast().right()).isEqualTo(1);
    assertThat(risk.getLast().threshold()).isEqualTo(.9);
    assertThat(risk.get(7).corrected()).isGreaterThan(risk.getFirst().corrected());
  }

  @Test
  void freeAnswersAreRead() {
    List<String> options = List.of("40", "20", "30 - 40", "Rome");
    assertThat(ModelTaker.meant("20", options)).isEqualTo(1);
    assertThat(ModelTaker.meant("B. 20", options)).isEqualTo(1);
    assertThat(ModelTaker.meant("B", options)).isEqualTo(1);
    assertThat(ModelTaker.meant("The answer is (D).", options)).isEqualTo(3);
    assertThat(ModelTaker.meant("It is Rome, I think.", options)).isEqualTo(3);
    assertThat(ModelTaker.meant("I do not know.", options)).isEqualTo(-1);
    assertThat(ModelTaker.meant("H", options)).isEqualTo(-1);
  }

  @Test
  void itemsOfReVisitBecomeItems() throws IOException {
    Path file = folder.resolve("config.json");
    List<String> items = new ArrayList<>();
    for (Blueprint place : Blueprint.all()) {
      String options =
          java.util.stream.IntStream.range(0, place.options())
              .mapToObj(i -> "\"option %d\"".formatted(i))
              .collect(Collectors.joining(","));
      items.add(
          """
          "item-%d": {"type": "image", "path": "none.png", "instruction": "What?",
            "meta": {"task": "%s (Some Value)", "chartType": "%s", "P": %s},
            "response": [{"options": [%s, "Skip"]}],
            "correctAnswer": [{"answer": "option %d"}]}\
          """
              .formatted(
                  items.size(),
                  place.task().words(),
                  place.chart().label(),
                  .2 + .01 * items.size(),
                  options,
                  items.size() % place.options()));
    }
    Files.writeString(
        file, "{\"baseComponents\": {}, \"components\": {" + String.join(",", items) + "}}");
    List<LiteracyItem> read = LiteracyItem.of(DataSets.open(file, DataOptions.DEFAULT));
    assertThat(read).hasSize(53).noneMatch(item -> item.has(Seen.OWN));
    Map<String, Long> tasks =
        read.stream().collect(Collectors.groupingBy(LiteracyItem::task, Collectors.counting()));
    assertThat(tasks)
        .isEqualTo(
            Map.of(
                "RV", 13L, "CM", 13L, "EX", 12L, "RG", 5L, "TR", 5L, "AN", 2L, "CL", 2L, "HI", 1L));
    // The more people are right, the surer it is of the right option.
    LiteracyReport report =
        report(
            read,
            put -> {
              int right = put.options().indexOf(put.item().options().get(put.item().key()));
              List<Double> p = new ArrayList<>();
              for (int i = 0; i < put.options().size(); i++) {
                p.add(i == right ? put.item().difficulty().orElseThrow() : .01);
              }
              return new Answer(right, p);
            },
            settings(1, true, true));
    assertThat(report.human()).isNotNull();
    assertThat(report.human().spearman()).isCloseTo(1, within(1e-9));
    assertThat(report.controls()).isNull();
    assertThat(report.conclusion()).contains("pictures are not there");
  }
}
