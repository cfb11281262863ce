package dev.lynceus.method.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.evidence.Premises.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What questions take for granted.
class PremisesTest {
  @ParameterizedTest
  @CsvSource({
    "Why is the apple purple?, apple, purple, COLOUR",
    "Why is the apple so purple in this picture?, apple, purple, COLOUR",
    "Where is the purple apple?, apple, purple, COLOUR",
    "When did the apple turn purple?, apple, purple, COLOUR",
    "Is the purple apple left of the horse?, apple, purple, COLOUR",
    "What are the three objects?, objects, three, NUMBER",
    "Why are the 2 dogs running?, dogs, 2, NUMBER",
    "Why is the door open?, door, open, OTHER",
    "Who sits at the wooden table?, table, wooden, OTHER",
    "Which object is purple?, '', purple, COLOUR",
    "What is purple?, '', purple, COLOUR",
    "Which one is yellow?, '', yellow, COLOUR",
  })
  void attributesAreFound(String question, String thing, String attribute, Kind kind) {
    List<Premises.Attribute> found = Premises.of(question).attributes();
    assertThat(found).containsExactly(new Premises.Attribute(thing, attribute, kind));
    assertThat(Premises.of(question).things())
        .as("what it is like is no thing")
        .doesNotContain(attribute);
  }

  @ParameterizedTest
  @CsvSource({
    "Is the apple purple?, apple",
    "Are there two dogs?, dogs",
    "Is there a purple apple?, apple",
    "What is the color of the apple?, apple",
    "What is the color of the orange?, orange",
    "Where is the apple?, apple",
    "Is the apple left or right of the horse?, apple",
  })
  void whatIsAskedIsNotGranted(String question, String thing) {
    assertThat(Premises.of(question).attributes()).isEmpty();
    assertThat(Premises.of(question).things()).contains(thing);
  }

  @Test
  void severalAttributesOfOneThing() {
    assertThat(Premises.of("Why is the big red car there?").attributes())
        .containsExactly(
            new Premises.Attribute("car", "big", Kind.OTHER),
            new Premises.Attribute("car", "red", Kind.COLOUR));
    assertThat(Premises.of("Describe the image.").attributes()).isEmpty();
    assertThat(Premises.of("").attributes()).isEmpty();
  }

  @Test
  void theQuestionBackDoesNotNameTheColour() {
    Premises.Attribute purple = new Premises.Attribute("apple", "purple", Kind.COLOUR);
    assertThat(purple.question()).isEqualTo("What is the color of the apple?");
    assertThat(new Premises.Attribute("dogs", "two", Kind.NUMBER).question())
        .isEqualTo("How many dogs are there?");
    assertThat(new Premises.Attribute("door", "open", Kind.OTHER).question())
        .isEqualTo("Is the door open?");
  }
}
