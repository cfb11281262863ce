package dev.lynceus.lab.mark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.strategy.Asking;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is measured of operators, and on which models.
class MarkStudyTest {
  private static final Region CAR = new Region.Box(62, 34, 108, 74);
  private static final String QUESTION = "What is the color of the car?";
  private static final RgbImage IMAGE =
      new ImageFileReader().read(Path.of("../samples/frog-umbrella-car.png"));

  private static LoadedModel model;

  @BeforeAll
  static void load() {
    model = LoadedModel.load("pupil", LoadOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static MarkReport report(LoadedModel one, String operators, int controls, Wording words) {
    MarkSettings usual = MarkSettings.of(MarkOperator.named(operators));
    MarkSettings settings =
        new MarkSettings(
            usual.operators(),
            controls,
            1,
            Optional.empty(),
            8,
            1,
            -1,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false);
    return new MarkStudy(
            Asking.of(one),
            IMAGE,
            List.of(CAR),
            QUESTION,
            words,
            Style.USUAL,
            settings,
            Progress.NONE)
        .measure();
  }

  @Test
  void theCarIsNeededAndCarriesTheAnswerAlone() {
    MarkReport report = report(model, "blackout,blur,crop,api", 5, Wording.USUAL);
    assertThat(report.controls()).hasSize(5);
    MarkReport.Row black = report.operators().getFirst();
    assertThat(black.specificity()).isLessThan(-1);
    assertThat(black.flipped()).isTrue();
    assertThat(black.pixels()).isEqualTo(46.0 * 40 / (112 * 112), within(1e-12));
    MarkReport.Row blur = report.operators().get(1);
    assertThat(blur.flipped()).isFalse();
    assertThat(blur.beatsControls()).isTrue();
    assertThat(blur.pull()).hasSize(4);
    // All patches changed: their tokens are the whole effect, and nothing is left.
    MarkReport.Row api = report.operators().get(3);
    OwnEffect own = api.own().orElseThrow();
    assertThat(own.patches()).isEqualTo(64);
    assertThat(own.carried()).isEqualTo(api.effect(), within(1e-4));
    assertThat(own.left()).isZero();
    for (MarkReport.LayerPull layer : blur.pull()) {
      assertThat(layer.clean()).isBetween(0.0, 1.0);
      assertThat(layer.marked()).isBetween(0.0, 1.0);
    }
  }

  @Test
  void whatIsSaidWithAMarkIsTheUsersToSay() {
    Wording own = new Wording(Optional.of("{question} It is {colour}, number {mark}, at {box}."));
    MarkReport.Row row = report(model, "box", 0, own).operators().getFirst();
    assertThat(row.question())
        .isEqualTo(QUESTION + " It is red, number 1, at [0.554,0.304,0.964,0.661].");
    assertThat(row.controls()).isEmpty();
    assertThat(row.specificity()).isNaN();
  }

  @Test
  void coordinatesAreThoseOfWhatTheModelSees() {
    assertThat(Wording.coordinates(new Region.Box(0, 0, 50, 100), new Region.Box(0, -50, 200, 150)))
        .isEqualTo("[0.000,0.250,0.250,0.750]");
  }

  @Test
  void thePullOfTheWholePictureIsAllOfIt() {
    MarkSettings settings = MarkSettings.of(MarkOperator.named("dim"));
    MarkReport report =
        new MarkStudy(
                Asking.of(model),
                IMAGE,
                List.of(new Region.Box(0, 0, World.SIZE, World.SIZE)),
                QUESTION,
                Wording.USUAL,
                Style.USUAL,
                settings,
                Progress.NONE)
            .measure();
    assertThat(report.notes()).anyMatch(note -> note.contains("No region of this shape"));
    MarkReport.Row row = report.operators().getFirst();
    assertThat(row.effect()).isZero();
    for (MarkReport.LayerPull layer : row.pull()) {
      assertThat(layer.clean()).isEqualTo(1, within(1e-9));
      assertThat(layer.change()).isZero();
    }
    OwnEffect own = row.own().orElseThrow();
    assertThat(own.patches() + own.carried() + own.left()).isZero();
  }

  /// Any family that answers about pictures: one whole view, tiles, pooled tiles, pictures of any
  /// size, queries, cross-attention.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "llava-llama",
        "llava-next",
        "llava-onevision",
        "idefics3",
        "internvl",
        "paligemma",
        "gemma3",
        "qwen2-vl",
        "qwen3-vl",
        "blip2-opt",
        "instructblip-vicuna",
        "blip-vqa"
      })
  void everyFamilyIsMarked(String family) {
    Path folder = Path.of("../core/src/test/resources/goldens", family, "hub");
    try (LoadedModel one = LoadedModel.load(folder, LoadOptions.DEFAULT)) {
      MarkReport report = report(one, "box,blackout,text-box,crg", 1, Wording.USUAL);
      assertThat(report.operators()).hasSize(4);
      for (MarkReport.Row row : report.operators()) {
        assertThat(row.effect()).as(row.operator()).isFinite();
        assertThat(row.controls()).allMatch(Double::isFinite);
      }
      boolean patches = !List.of("blip2-opt", "instructblip-vicuna", "blip-vqa").contains(family);
      assertThat(report.operators().getFirst().pull().isEmpty()).isNotEqualTo(patches);
      assertThat(report.operators().getFirst().own().isPresent())
          .isEqualTo(patches || family.equals("blip-vqa"));
      assertThat(report.notes().isEmpty()).isEqualTo(patches);
    }
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> MarkOperator.named("box,ring"))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("no operator 'ring'");
    assertThatThrownBy(() -> new MarkSettings.Refer("What?", "dog", List.of("cat", "cow")))
        .isInstanceOf(LynceusException.class);
    assertThatThrownBy(() ->
            new MarkStudy(
                Asking.of(model),
                IMAGE,
                List.of(new Region.Box(500, 500, 600, 600)),
                QUESTION,
                Wording.USUAL,
                Style.USUAL,
                MarkSettings.of(MarkOperator.named("box")),
                Progress.NONE))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("no pixel");
  }
}
