package dev.lynceus.lab.skill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.image.RgbImage;
import dev.lynceus.pupil.world.Colour;
import dev.lynceus.pupil.world.Exercise;
import dev.lynceus.pupil.world.Exercise.Asked;
import dev.lynceus.pupil.world.QuestionForms;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.pupil.world.World;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Would catch exercises whose answer is not in the picture, and questions that nobody was told of.
class SkillWorldTest {
  private static final int MANY = 60;

  private static Exercise exam(Skill skill, int number) {
    return new SkillWorld().exam(skill, new SplittableRandom(1000L * skill.ordinal() + number));
  }

  @ParameterizedTest
  @EnumSource(Skill.class)
  void anExerciseFollowsFromItsNumberAndAsksInKnownWords(Skill skill) {
    QuestionForms forms = new QuestionForms(Silhouette.names(), QuestionForms.SKILLS);
    for (int number = 0; number < MANY; number++) {
      Exercise exercise = exam(skill, number);
      Asked asked = exercise.questions().getFirst();
      assertThat(exercise.questions()).hasSize(1);
      assertThat(forms.strange(asked.text())).as(asked.text()).isEmpty();
      assertThat(asked.answer()).endsWith(skill == Skill.ASK_BACK ? "?" : ".");
      if (number < 3) {
        Exercise again = exam(skill, number);
        assertThat(again.questions()).isEqualTo(exercise.questions());
        assertThat(again.pictures().getFirst().toBytes())
            .isEqualTo(exercise.pictures().getFirst().toBytes());
      }
    }
  }

  @Test
  void exercisesOfTrainingAskInKnownWords() {
    QuestionForms forms = new QuestionForms(Silhouette.names(), QuestionForms.SKILLS);
    for (int number = 0; number < 150; number++) {
      Exercise exercise = new SkillWorld().draw(new SplittableRandom(number));
      assertThat(exercise.pictures()).hasSizeBetween(1, 3);
      assertThat(exercise.questions()).isNotEmpty();
      exercise
          .questions()
          .forEach(asked -> assertThat(forms.strange(asked.text())).as(asked.text()).isEmpty());
    }
  }

  /// The named colour is the most frequent of the pixels that are no mark, near the named thing.
  @ParameterizedTest
  @EnumSource(
      value = Skill.class,
      names = {"CROP"})
  void theColourThatIsAskedForIsInThePicture(Skill skill) {
    int found = 0;
    for (int number = 0; number < MANY; number++) {
      Exercise exercise = exam(skill, number);
      found +=
          share(exercise.pictures().getFirst(), exercise.questions().getFirst().key()) > .1 ? 1 : 0;
    }
    assertThat(found).isGreaterThan(MANY * 9 / 10);
  }

  @Test
  void aFarThingIsOfFewPixelsWhereAModelSees112() {
    for (int number = 0; number < 20; number++) {
      Scene scene = new World(number, SceneRecipe.FAR).scene(0);
      assertThat(scene.image().width()).isEqualTo(672);
      scene
          .items()
          .forEach(item -> {
            int longer = Math.max(item.box().width(), item.box().height());
            assertThat(longer / 6.0).isBetween(4.0, 8.5);
          });
      assertThat(scene.items().stream().map(item -> item.colour()).distinct())
          .hasSize(scene.items().size());
    }
  }

  @Test
  void aFalsePremiseIsFalse() {
    for (int number = 0; number < MANY; number++) {
      Asked asked = exam(Skill.PREMISE, number).questions().getFirst();
      String noun = asked.key().substring("There is no ".length());
      assertThat(asked.text()).contains(noun);
      assertThat(Silhouette.names()).contains(noun);
    }
  }

  @Test
  void marksChangeFewPixelsAndStandBesideTheThing() {
    SplittableRandom random = new SplittableRandom(4);
    Scene scene = new World(8, SceneRecipe.FREE.withItems(3, 3)).scene(1);
    Exercise marked =
        new SkillMarks(random, true).named(scene, dev.lynceus.lab.picture.Operation.Shape.BOX, 1);
    byte[] before = scene.image().toBytes();
    byte[] after = marked.pictures().getFirst().toBytes();
    String thing = marked.questions().getFirst().key();
    var item =
        scene.items().stream().filter(one -> thing.endsWith(one.noun())).findFirst().orElseThrow();
    int inside = 0;
    int changed = 0;
    for (int i = 0; i < before.length; i += 3) {
      boolean other = !Arrays.equals(before, i, i + 3, after, i, i + 3);
      int x = i / 3 % World.SIZE;
      int y = i / 3 / World.SIZE;
      boolean near =
          x >= item.box().left() - 2
              && x < item.box().right() + 2
              && y >= item.box().top() - 2
              && y < item.box().bottom() + 2;
      changed += other ? 1 : 0;
      inside += other && near ? 1 : 0;
    }
    assertThat(changed).isBetween(50, 1000);
    assertThat(inside).isEqualTo(changed);
  }

  @Test
  void aPictureThatIsNamedHasTheThing() {
    for (int number = 0; number < MANY; number++) {
      Exercise exercise = exam(Skill.WHICH_PICTURE, number);
      assertThat(exercise.pictures()).hasSizeBetween(2, 3);
      String key = exercise.questions().getFirst().key();
      assertThat(exercise.pictures().size() == 2 && key.equals("third")).isFalse();
    }
  }

  @Test
  void aListingKnowsNoOrder() {
    Listing one = Listing.of("A brown car, an orange dog and a red key.");
    assertThat(one.things()).containsExactly("brown car", "orange dog", "red key");
    assertThat(one.sameAs(Listing.of("A red key, a brown car and an orange dog."))).isTrue();
    assertThat(one.sameAs(Listing.of("A red key, a brown car and a brown car."))).isFalse();
    assertThat(one.sameAs(Listing.of("A red car, a brown key and an orange dog."))).isFalse();
    assertThat(Listing.of("Which object?").things()).isEqualTo(List.of());
  }

  /// Part of the pixels that are near a named colour.
  private static double share(RgbImage image, String word) {
    int rgb =
        switch (Colour.valueOf(word.toUpperCase(java.util.Locale.ROOT))) {
          case RED -> 0xd62728;
          case GREEN -> 0x2c9632;
          case BLUE -> 0x2850d2;
          case YELLOW -> 0xf5dc28;
          case ORANGE -> 0xff8c14;
          case PURPLE -> 0x8232aa;
          case PINK -> 0xff8cbe;
          case BROWN -> 0x7d4b23;
          case BLACK -> 0x141414;
          case WHITE -> 0xf8f8f8;
        };
    byte[] samples = image.toBytes();
    int near = 0;
    for (int i = 0; i < samples.length; i += 3) {
      boolean is = true;
      for (int c = 0; c < 3; c++) {
        is &= Math.abs((samples[i + c] & 0xff) - (rgb >> 16 - 8 * c & 0xff)) <= 24;
      }
      near += is ? 1 : 0;
    }
    return near / (samples.length / 3.0);
  }
}
