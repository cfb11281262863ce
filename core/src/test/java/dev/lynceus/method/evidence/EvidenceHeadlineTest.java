package dev.lynceus.method.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.Shown;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The headline says what matters most, names what speaks against a word, and promises no more than
/// was measured.
class EvidenceHeadlineTest {
  private static final Thresholds THRESHOLDS =
      new Thresholds(
          "r",
          "normed",
          .1,
          List.of(
              new Thresholds.Limit(Score.PRESENCE, .5),
              new Thresholds.Limit(Score.PROBABILITY, Math.log(.5)),
              new Thresholds.Limit(Score.NAMED, 0)),
          0.,
          null,
          new Thresholds.Measured(
              "10 questions",
              List.of(
                  new Thresholds.Rate("image", 1, 100),
                  new Thresholds.Rate("contradicted", 7, 7),
                  new Thresholds.Rate("unsupported", 4, 5))));

  private static Evidence.Word word(String text, double with, double without) {
    return Evidence.Word.measured(
        text, 9, Math.log(with), Math.log(without), new Shares(1, 0, 0, 0), null, null, null);
  }

  private static Evidence.Asked dog(double presence, boolean granted) {
    Evidence.Held held = new Evidence.Held(.1, 0, "image[0]", List.of());
    return new Evidence.Asked(
        "dog", held, presence, granted, true, granted ? "unsupported" : "open");
  }

  private static Evidence.Headline headline(
      Thresholds thresholds, List<Evidence.Asked> asked, Evidence.Word... words) {
    WordJudge judge =
        new WordJudge(
            thresholds,
            asked.stream().filter(Evidence.Asked::granted).toList(),
            List.of(),
            Shown.PICTURE,
            false);
    List<Evidence.Word> judged = List.of(words).stream().map(judge::judged).toList();
    return new EvidenceHeadline(judged, asked, List.of(), null, thresholds, false).headline();
  }

  @Test
  void aSupportedWord() {
    Evidence.Headline said =
        headline(THRESHOLDS, List.of(), word("The", 1, 1), word("brown", .99, .06));
    assertThat(said.verdict()).isEqualTo("image");
    assertThat(said.words()).containsExactly(1);
    assertThat(said.text())
        .isEqualTo(
            "“brown” rests on the picture: 99 % with it, 6.0 % without."
                + " Of 100 words so called about 1 was wrong (1 of 100).");
  }

  @Test
  void theFailingScoreIsNamed() {
    Evidence.Headline said = headline(THRESHOLDS, List.of(dog(-7, true)), word("brown", .99, .06));
    assertThat(said.verdict()).isEqualTo("unsupported");
    assertThat(said.text())
        .contains("asked whether a dog is there, the model says no (log odds -7.00)")
        .contains("about 80 were wrong (4 of 5)");
    assertThat(headline(THRESHOLDS, List.of(), word("brown", .3, .06)).text())
        .contains("probability 30 % where 50 % is needed");
    assertThat(headline(THRESHOLDS, List.of(dog(.2, true)), word("brown", .99, .06)).text())
        .as("a faint yes is told as none")
        .contains("the model is undecided (log odds +0.20), where +0.50 is needed");
    Evidence.Word cat =
        Evidence.Word.measured(
            "cat",
            9,
            -.1,
            -5,
            new Shares(1, 0, 0, 0),
            null,
            new Evidence.Claim("cat", "", "Is there a cat?", "no", -3),
            null);
    assertThat(headline(THRESHOLDS, List.of(), cat).text())
        .contains("asked whether a cat is there, the model says no (log odds -3.00)");
  }

  @Test
  void whatIsAgainstAnAnswerComesFirst() {
    Evidence.Headline said =
        headline(
            THRESHOLDS,
            List.of(),
            word("brown", .99, .06),
            word("red", .01, .4),
            word("green", .2, .01));
    assertThat(said.verdict()).isEqualTo("contradicted");
    assertThat(said.words()).containsExactly(1);
    assertThat(said.sentences().getFirst()).contains("“red” is contradicted by the picture: 1.0 %");
    assertThat(said.text()).contains("The picture supports “brown”", "all were wrong (7 of 7)");
  }

  @Test
  void aRightNoIsNotCalledUnsupported() {
    Evidence.Headline said =
        headline(THRESHOLDS, List.of(dog(-7, false)), word("No", .99, .98), word("dog", 1, 1));
    assertThat(said.verdict()).isEqualTo("text");
    assertThat(said.text())
        .doesNotContain("unsupported")
        .contains("The picture decides no word", "a dog is there, the model says no");
  }

  @Test
  void withoutThresholdsNoVerdictAndNoRate() {
    Evidence.Headline said = headline(null, List.of(), word("brown", .99, .06));
    assertThat(said.verdict()).isEqualTo("uncalibrated");
    assertThat(said.text())
        .contains("was not measured", "`lynceus calibrate`")
        .doesNotContain("of 100)");
  }

  @Test
  void noRateIsQuotedForQuestionsOfAnotherKind() {
    Evidence.Word word =
        new WordJudge(THRESHOLDS, List.of(), List.of(), Shown.PICTURE, true)
            .judged(word("x", 1, .1));
    assertThat(
            new EvidenceHeadline(List.of(word), List.of(), List.of(), null, THRESHOLDS, true)
                .headline()
                .text())
        .contains("outside of what the model was made for")
        .doesNotContain("of 100)");
  }

  @Test
  void aWordThatTheModelWasNeverTaughtSupportsNothing() {
    Evidence.Held held = new Evidence.Held(.1, 0, "image[0]", List.of());
    Evidence.Asked strange = new Evidence.Asked("qwer", held, 4, true, false, "uncalibrated");
    Evidence.Headline said = headline(THRESHOLDS, List.of(strange), word("brown", .99, .06));
    assertThat(said.verdict()).isEqualTo("unsupported");
    assertThat(said.text()).contains("never taught the word “qwer”").doesNotContain("says yes");
    assertThat(EvidenceWords.presence(strange)).startsWith("word unknown to the model");
  }

  @Test
  void nearNoOddsTheModelIsUndecided() {
    assertThat(EvidenceWords.presence(dog(-.04, true))).isEqualTo("undecided (log odds -0.04)");
    assertThat(WordJudge.answered("dog", .5)).contains("the model is undecided");
    assertThat(WordJudge.answered("dog", -.7)).contains("the model says no");
  }

  @Test
  void aWordThatItsOwnScoresDoubtIsTold() {
    Reliability doubting =
        new Reliability(List.of(), Math.log(3), new Reliability.Calibration(1, 0, List.of()), null);
    Thresholds thresholds =
        new Thresholds(
            THRESHOLDS.revision(),
            THRESHOLDS.reading(),
            THRESHOLDS.effect(),
            THRESHOLDS.limits(),
            0.,
            doubting,
            THRESHOLDS.measured());
    assertThat(headline(thresholds, List.of(), word("brown", .99, .06)).text())
        .contains("By its own scores “brown” is right with a probability of 75 % only.")
        .contains("about 1 was wrong");
  }

  @Test
  void whatDoesNotFallIsNotSaidToFall() {
    assertThat(whose(.84, .998)).contains("does not fall: 84 % with them, 99.8 % without");
    assertThat(whose(.999, .999)).contains("stays at 99.9 %").doesNotContain("falls");
    assertThat(whose(.99, .5)).contains("falls from 99 % to 50 %");
  }

  private static String whose(double before, double after) {
    return EvidenceWords.whose(
        new Whose(
            "brown",
            9,
            "",
            "occlusion",
            List.of(),
            0,
            new boolean[0],
            false,
            null,
            List.of(),
            null,
            new Whose.Test(Math.log(before), Math.log(after), "brown", List.of(-3.), 0)));
  }

  @Test
  void wordsOfFormAreNamedLast() {
    Evidence.Headline said =
        headline(THRESHOLDS, List.of(), word("an", .8, .001), word("owl", .9, .01));
    assertThat(said.sentences().getFirst()).startsWith("“owl” and “an” rest on the picture");
  }
}
