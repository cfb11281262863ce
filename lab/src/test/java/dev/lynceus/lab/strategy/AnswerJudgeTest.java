package dev.lynceus.lab.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerJudgeTest {
  private static double score(AnswerJudge judge, String answer, String... right) {
    return judge.score(answer, List.of(right));
  }

  @Test
  void wordsAreComparedWithoutCaseArticlesPunctuationAndNumberWords() {
    assertThat(AnswerJudge.words("The cat's  two mats, at 3.5 cm. Don’t!"))
        .containsExactly("cats", "2", "mats", "at", "3.5", "cm", "dont");
    assertThat(score(AnswerJudge.EXACT, "A red car.", "red car")).isEqualTo(1);
    assertThat(score(AnswerJudge.EXACT, "It is a red car.", "red car")).isZero();
  }

  @Test
  void wordsOfARightAnswerStandInTheAnswerOneAfterTheOther() {
    assertThat(score(AnswerJudge.WORDS, "It is a red car.", "blue", "red car")).isEqualTo(1);
    assertThat(score(AnswerJudge.WORDS, "The car is red.", "red car")).isZero();
    assertThat(score(AnswerJudge.WORDS, "It is reddish.", "red")).as("whole words").isZero();
    assertThat(score(AnswerJudge.WORDS, "It is.", "the")).as("nothing is asked for").isZero();
  }

  @Test
  void theFirstYesOrNoDecides() {
    assertThat(score(AnswerJudge.AUTO, "No, there is no dog, yes.", "no")).isEqualTo(1);
    assertThat(score(AnswerJudge.AUTO, "No, there is no dog, yes.", "yes")).isZero();
    assertThat(score(AnswerJudge.AUTO, "There is.", "yes")).isZero();
  }

  @Test
  void tenAnnotatorsAreWeighedAsInVqa() {
    List<String> ten =
        java.util.stream.Stream.concat(
                Collections.nCopies(2, "red").stream(), Collections.nCopies(8, "blue").stream())
            .toList();
    // Two said red: for each of the two others said so once, for each of the eight twice.
    assertThat(AnswerJudge.AUTO.score("red", ten))
        .isCloseTo((2 / 3.0 + 8 * 2 / 3.0) / 10, within(1e-12));
    assertThat(AnswerJudge.AUTO.score("Blue!", ten)).isEqualTo(1);
    assertThat(AnswerJudge.AUTO.score("it is blue", ten)).as("whole answers").isZero();
    List<String> three =
        java.util.stream.Stream.concat(
                Collections.nCopies(3, "red").stream(), Collections.nCopies(7, "blue").stream())
            .toList();
    assertThat(AnswerJudge.VQA.score("red", three))
        .isCloseTo((3 * 2 / 3.0 + 7) / 10, within(1e-12));
  }

  @Test
  void f1CountsSharedWordsAsOftenAsBothHaveThem() {
    assertThat(score(AnswerJudge.F1, "red red car", "red car")).isCloseTo(.8, within(1e-12));
    assertThat(score(AnswerJudge.F1, "dog", "cat", "the dog")).isEqualTo(1);
    assertThat(score(AnswerJudge.F1, "", "cat")).isZero();
  }
}
