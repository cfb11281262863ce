package dev.lynceus.method.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.evidence.ThresholdFit.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Which words of an answer are right or wrong by what somebody knows of it.
class LabelledWordsTest {

  /// Words in `*` are those that the picture moves.
  private static Evidence evidence(String question, String answer) {
    List<Evidence.Word> words = new ArrayList<>();
    for (String word : answer.split(" ")) {
      boolean moved = word.startsWith("*");
      words.add(
          Evidence.Word.measured(
              word.replace("*", ""),
              9,
              -.1,
              moved ? -4 : -.1,
              new Shares(0, 0, 0, 0),
              null,
              null,
              null));
    }
    return new Evidence(
        "m",
        "r",
        question,
        answer.replace("*", ""),
        false,
        "normed",
        null,
        List.of(),
        List.of(),
        List.of(),
        words,
        null,
        null,
        List.of(),
        List.of(),
        new Evidence.Headline("uncalibrated", List.of(), List.of(), "", ""));
  }

  private static String labelled(
      String question,
      String answer,
      @Nullable String expected,
      @Nullable Boolean right,
      List<String> present,
      List<String> absent,
      boolean complete) {
    Labels labels = new Labels(0, question, null, expected, right, present, absent, complete);
    List<String> all = new ArrayList<>();
    Evidence found = evidence(question, answer);
    for (LabelledWords one : LabelledWords.of(found, labels)) {
      if (one.kind() != Kind.FORM) {
        all.add(
            "%s %s %s"
                .formatted(
                    found.words().get(one.word()).text(),
                    one.kind(),
                    one.right() ? "right" : "wrong"));
      }
    }
    return String.join(", ", all);
  }

  private static String expecting(String question, String answer, String expected) {
    return labelled(question, answer, expected, null, List.of(), List.of(), false);
  }

  @Test
  void againstTheRightAnswer() {
    String colour = "What is the color of the car?";
    assertThat(expecting(colour, "The color of the car is *brown", "brown"))
        .isEqualTo("brown ANSWER right");
    assertThat(expecting(colour, "*Brown", "The color of the car is brown."))
        .isEqualTo("Brown ANSWER right");
    assertThat(expecting(colour, "The color of the car is *red", "The color of the car is brown."))
        .isEqualTo("red ANSWER wrong");
    assertThat(expecting("How many dogs are there?", "There are *3 dogs", "three"))
        .isEqualTo("3 ANSWER right");
    assertThat(expecting("Where is the car?", "The car is at the *top *left", "top right"))
        .isEqualTo("left ANSWER wrong");
    assertThat(expecting("Is there a dog?", "*Yes there is a dog", "yes"))
        .isEqualTo("Yes ANSWER right");
    assertThat(expecting("Is there a dog?", "No there is no dog", "No, there is no dog."))
        .as("a right no is said without the picture, too")
        .isEqualTo("No OTHER right");
    assertThat(expecting("Is there a dog?", "No there is no dog", "yes"))
        .isEqualTo("No ANSWER wrong");
  }

  @Test
  void byAMark() {
    assertThat(
            labelled(
                "What is the color of the dog?",
                "The color of the dog is *brown",
                null,
                false,
                List.of(),
                List.of("dog"),
                false))
        .isEqualTo("brown ABSENT wrong");
    assertThat(labelled("What is it?", "It is a *dog", null, true, List.of(), List.of(), false))
        .isEqualTo("dog ANSWER right");
  }

  @Test
  void wordsOfForm() {
    Labels labels =
        new Labels(
            0, "What is the color of the car?", null, "brown", null, List.of(), List.of(), false);
    assertThat(
            LabelledWords.of(
                evidence("What is the color of the car?", "The color of the car is *brown"),
                labels))
        .hasSize(7)
        .filteredOn(one -> one.kind() == Kind.FORM)
        .hasSize(6);
  }

  @Test
  void byListsOfThings() {
    String answer = "A *green *frog and a *red *car and a *cat";
    assertThat(
            labelled(
                "Describe the image.",
                answer,
                null,
                null,
                List.of("green frog", "brown car"),
                List.of(),
                true))
        .isEqualTo(
            "green DESCRIPTION right, frog DESCRIPTION right, red DESCRIPTION wrong,"
                + " car DESCRIPTION right, cat DESCRIPTION wrong");
    assertThat(
            labelled(
                "Describe the image.", answer, null, null, List.of("frog"), List.of("cat"), false))
        .as("what is not known is passed over")
        .isEqualTo("frog DESCRIPTION right, cat DESCRIPTION wrong");
    assertThat(labelled("Describe it.", answer, null, null, List.of(), List.of(), false)).isEmpty();
  }
}
