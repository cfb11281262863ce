package dev.lynceus.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.WordChoice.Reason;
import dev.lynceus.method.WordChoice.Weighed;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Numbers;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WordChoiceTest {
  @TempDir Path folder;

  /// Words, each with what the picture does to it.
  private static WordChoice chosen(String question, String answer, double... effects) {
    List<Weighed> words = new ArrayList<>();
    String[] said = answer.split(" ");
    for (int i = 0; i < said.length; i++) {
      words.add(new Weighed(said[i], i, 1, -.01, -.01 - effects[i]));
    }
    return WordChoice.chosen(words, question, Shown.PICTURE);
  }

  private static String word(WordChoice choice) {
    return choice.words().get(choice.chosen()).text();
  }

  @Test
  void theWordThatThePictureDecidesMostIsTaken() {
    WordChoice choice = chosen("What color is it?", "The car is brown", 0, 1.5, .2, 2.8);

    assertThat(word(choice)).isEqualTo("brown");
    assertThat(choice.reason()).isEqualTo(Reason.PICTURE);
    assertThat(choice.ranked().stream().map(Weighed::text))
        .containsExactly("brown", "car", "is", "The");
  }

  @Test
  void itIsSaidOfWhatWasShown() {
    List<Weighed> words = List.of(new Weighed("brown", 0, 1, -.01, -2.0));
    assertThat(WordChoice.chosen(words, "What?", Shown.PICTURE).why())
        .isEqualTo("the picture decides it most");
    assertThat(WordChoice.chosen(words, "What?", Shown.VIDEO).why())
        .isEqualTo("the video decides it most");
    assertThat(WordChoice.chosen(words, "What?", Shown.PICTURES).why())
        .isEqualTo("the pictures decide it most");
    List<Weighed> even = List.of(new Weighed("brown", 0, 1, -.01, -.01));
    assertThat(WordChoice.chosen(even, "What?", Shown.VIDEO).why())
        .startsWith("the video decides no word of content");
  }

  @Test
  void aWordOfFormIsNotTakenWhateverThePictureDoesToIt() {
    WordChoice choice =
        chosen("How many objects are there?", "There are two objects", 0, 5.6, 0, 0);

    assertThat(word(choice)).isEqualTo("two");
    assertThat(choice.reason()).isEqualTo(Reason.NEW);
  }

  @Test
  void withoutAnEffectTheFirstWordThatSaysSomethingNewIsTaken() {
    assertThat(word(chosen("Is there a dog?", "No there is no dog", 0, 0, 0, 0, 0)))
        .isEqualTo("No");
    assertThat(
            word(
                chosen(
                    "What is the capital of France?",
                    "The capital of France is Paris",
                    0,
                    0,
                    0,
                    0,
                    0,
                    0)))
        .isEqualTo("Paris");
    assertThat(word(chosen("Is the cat left or right of it?", "The cat is left", 0, 0, 0, 0)))
        .isEqualTo("left");
    WordChoice echo = chosen("Is it a red car?", "a red car", 0, 0, 0);
    assertThat(word(echo)).isEqualTo("car");
    assertThat(echo.why()).startsWith("the picture decides no word of content");
    assertThat(echo.reason()).isEqualTo(Reason.CONTENT);
    assertThat(chosen("", "it is", 0, 0).reason()).isEqualTo(Reason.FIRST);
  }

  @Test
  void aWordThatThePictureLowersIsNotChosenForThat() {
    WordChoice choice = chosen("What color is it?", "The car is brown", -9, -8, -7, .05);

    assertThat(choice.reason()).isNotEqualTo(Reason.PICTURE);
  }

  @Test
  void nothingIsChosenOfNothing() {
    assertThat(WordChoice.chosen(List.of(), "What?", Shown.NOTHING).chosen()).isEqualTo(-1);
  }

  /// All words in one replay that resumes behind the picture, against a run of its own for every
  /// token in which every position is kept from the picture.
  @ParameterizedTest
  @EnumSource(Family.class)
  void hidingThePictureFromAllWordsAtOnceIsHidingItFromEach(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, "what color is the dog", 1);
      int row = prompt.length() - 1;
      try (Generation generation =
          model.generate(prompt, GenerationOptions.greedy(4), Capture.NONE)) {
        int[] ids = generation.answer().ids();
        if (generation.run().tokens().positions(TokenMap.Role.IMAGE).length == 0) {
          return;
        }
        double[] together = Blind.logProbabilities(generation.run(), row, ids);
        double[] alone = new double[ids.length];
        for (int i = 0; i < ids.length; i++) {
          Prompt longer = prompt.withAnswer(Arrays.copyOf(ids, i));
          int[] others =
              IntStream.range(0, longer.length())
                  .filter(p -> longer.tokens().spots().get(p).role() != TokenMap.Role.IMAGE)
                  .toArray();
          Intervention hide =
              new Intervention(
                  Point.ATTN_SCORES,
                  Indices.ALL,
                  Indices.ALL,
                  Positions.of(others),
                  new Op.Mask(Positions.parse("image")));
          Capture logits = Capture.of(Capture.request(Point.LOGITS).at(Positions.from(row + i)));
          try (Run run = model.run(longer, logits, hide)) {
            alone[i] = Blind.said(run, new int[] {ids[i]})[0];
          }
        }
        Numbers.close("without picture", alone, together, 2e-5);
      }
    }
  }

  @Test
  void placesAndSharesAreSaidInOneWay() {
    assertThat(Spoken.percent(1)).isEqualTo("100 %");
    assertThat(Spoken.percent(.9978)).isEqualTo("99.8 %");
    assertThat(Spoken.percent(.564)).isEqualTo("56 %");
    assertThat(Spoken.percent(.0632)).isEqualTo("6.3 %");
    assertThat(Spoken.percent(.00001)).isEqualTo("under 0.1 %");
    assertThat(Spoken.percent(0)).isEqualTo("0 %");
    assertThat(Spoken.place(new int[] {0}, 4, 4)).isEqualTo("upper left");
    assertThat(Spoken.place(new int[] {5, 6, 9, 10}, 4, 4)).isEqualTo("middle");
    assertThat(Spoken.place(new int[] {7, 11}, 4, 4)).isEqualTo("middle right");
  }
}
