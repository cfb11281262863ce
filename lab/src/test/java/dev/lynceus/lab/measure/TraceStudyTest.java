package dev.lynceus.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.measure.TraceReport.Damage;
import dev.lynceus.lab.measure.TraceReport.Region;
import dev.lynceus.lab.measure.TraceReport.Where;
import dev.lynceus.method.causal.Component;
import dev.lynceus.pupil.Pupil;
import dev.lynceus.pupil.PupilBlip;
import dev.lynceus.pupil.world.Question.Kind;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.tap.Stack;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Would catch states that are restored at other places than it says, patches that are not those of
/// the thing, attention of another question, and cases that are counted although nothing was lost.
class TraceStudyTest {
  private static final int SCENES = 12;

  private static TraceReport report;

  @BeforeAll
  static void measure() {
    try (LoadedModel model = LoadedModel.load(PupilBlip.NAME, LoadOptions.DEFAULT)) {
      report = new TraceStudy(model, 20_260, Progress.NONE).measure(20, SCENES);
    }
  }

  @Test
  void whatFollowsFromTheModelHolds() {
    assertThat(report.checks()).hasSize(4);
    for (TraceReport.Check check : report.checks()) {
      assertThat(check.of()).as(check.name()).isPositive();
      assertThat(check.holds()).as("%s: %s", check.name(), check.error()).isTrue();
    }
  }

  @Test
  void allThatTheDecoderReadsBringsAllBackAndTheEmbeddingNothingOfADamagedPicture() {
    assertThat(effect(Damage.IMAGE_SWAP, Stack.ENCODER, "2", Where.ALL)).isCloseTo(1, within(1e-5));
    // The words are the same: restoring them changes nothing.
    for (Where where : List.of(Where.START, Where.WORD, Where.END)) {
      assertThat(effect(Damage.IMAGE_SWAP, Stack.ENCODER, "embedding", where))
          .isCloseTo(0, within(1e-5));
    }
    // The damaged word is all that is damaged: restoring it there is the clean run.
    assertThat(effect(Damage.WORD_SWAP, Stack.ENCODER, "embedding", Where.WORD))
        .isCloseTo(1, within(1e-5));
    assertThat(effect(Damage.WORD_SWAP, Stack.ENCODER, "embedding", Where.END))
        .isCloseTo(0, within(1e-5));
    assertThat(effect(Damage.IMAGE_NOISE, Stack.DECODER, "2", Where.ANSWER))
        .isCloseTo(1, within(1e-5));
  }

  private static double effect(Damage damage, Stack stack, String row, Where where) {
    return report.restored().stream()
        .filter(one -> one.damage() == damage && one.stack() == stack)
        .filter(one -> one.site() == Component.LAYER && one.row().equals(row))
        .filter(one -> one.where() == where)
        .findFirst()
        .orElseThrow()
        .effect()
        .value();
  }

  @Test
  void theAnswerNeedsTheThingThatIsAskedFor() {
    assertThat(patches(Region.ASKED).lost().share())
        .isGreaterThan(patches(Region.OTHER).lost().share() + .3);
    assertThat(patches(Region.GROUND).follows().hits()).isZero();
  }

  private static TraceReport.Patches patches(Region region) {
    return report.patches().stream()
        .filter(one -> one.damage() == Damage.IMAGE_SWAP && one.region() == region)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void sharesOfAttentionAreShares() {
    for (TraceReport.Looked one : report.looked()) {
      double all = one.own().value() + one.other().value();
      assertThat(all).isBetween(0.0, 1.0);
      assertThat(one.area()).isBetween(.01, .5);
    }
    assertThat(report.head().own().value()).isGreaterThan(report.head().otherAsked().value());
  }

  @Test
  void onlyRightAnswersAreTracedAndOnlyLostOnesRestored() {
    assertThat(report.traced()).isBetween(1, SCENES);
    for (TraceReport.Damaged one : report.damaged()) {
      assertThat(one.gated()).isLessThanOrEqualTo(one.lost().hits());
      assertThat(one.lost().of()).isEqualTo(report.traced());
    }
    assertThat(report.answered()).hasSize(7);
    assertThat(report.answered().stream().filter(one -> one.kind() == Kind.COLOUR).findFirst())
        .hasValueSatisfying(one -> assertThat(one.right().share()).isGreaterThan(.8));
  }

  @Test
  void thePageSaysWhatWasMeasured() {
    String page = TracePage.html(report, "lynceus pupil trace");
    assertThat(page).contains("The checks D1 to D4 hold.").contains("lynceus pupil trace");
    TracePage.sentences(report).forEach(sentence -> assertThat(sentence).endsWith("."));
  }

  @Test
  void aModelWithoutSuchAnEncoderIsRefused() {
    try (LoadedModel model = LoadedModel.load(Pupil.NAME, LoadOptions.DEFAULT)) {
      assertThatThrownBy(() -> new TraceStudy(model, 1, Progress.NONE))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("no encoder that reads the question");
    }
  }
}
