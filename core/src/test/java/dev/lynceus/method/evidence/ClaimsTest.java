package dev.lynceus.method.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What answers claim, what they deny, and which questions claim nothing.
class ClaimsTest {
  private static List<String> claims(String answer, String... known) {
    return Claims.of(List.of(answer.split(" ")), List.of(known)).stream()
        .map(claim ->
            claim.word()
                + " "
                + claim.thing()
                + (claim.attribute() == null ? "" : " " + claim.attribute().attribute()))
        .toList();
  }

  @Test
  void thingsAndTheirColours() {
    assertThat(claims("a green frog an orange umbrella and a brown car"))
        .containsExactly(
            "1 frog green", "2 frog", "4 umbrella orange", "5 umbrella", "8 car brown", "9 car");
    assertThat(claims("the car is brown and the frog is green", "car", "frog"))
        .containsExactly("3 car brown", "8 frog green");
    assertThat(claims("two dogs are running across a wide field"))
        .contains("0 dogs two", "1 dogs", "7 field")
        .noneMatch(claim -> claim.contains("running") || claim.contains("across"));
  }

  @Test
  void whatTheQuestionNamesAndWhatIsDeniedIsNotClaimed() {
    assertThat(claims("the dogs lie on a mat", "dog")).containsExactly("5 mat");
    assertThat(claims("there is no cat in the picture")).isEmpty();
    assertThat(claims("the image shows nothing")).isEmpty();
    assertThat(claims("yes")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "no there is no dog, dog, true",
    "there are no dogs here, dog, true",
    "i don t see a dog, dog, true",
    "the picture shows a cat without a dog, dog, true",
    "yes there is a dog, dog, false",
    "the color of the dog is brown, dog, false",
    "no the car that stands on the long street is near the dog, dog, false",
  })
  void denials(String answer, String thing, boolean denied) {
    assertThat(Things.denies(List.of(answer.split(" ")), thing)).isEqualTo(denied);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Is there a dog?",
        "are there any dogs in the picture?",
        "Do you see a dog?",
        "Can you see the dog?",
        "Does the image show a dog?",
        "Does this photo contain any dogs?",
        "Is a dog in the picture?",
        "Are any dogs visible?",
        "Any dogs here?",
        "Tell me whether there is a dog in it.",
        "Was there a dog?",
      })
  void questionsThatClaimNothing(String question) {
    assertThat(Things.asksPresence(question)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "What is the color of the dog?",
        "Is the dog brown?",
        "Where is the dog?",
        "Why is there a dog?",
        "Does the dog see you?",
        "Do you see what the dog is holding?",
        "How many dogs are there?",
        "",
      })
  void questionsThatDo(String question) {
    assertThat(Things.asksPresence(question)).isFalse();
  }
}
