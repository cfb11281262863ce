package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `lynceus think`.
class ThinkCommandTest {
  private static final String PICTURE = "../samples/frog-umbrella-car.png";
  private static final String QUESTION = "What is the color of the car?";

  @TempDir private Path folder;

  @Test
  void aPageOnWhichEveryStepIsSeenAndAChainThatReplays() throws IOException {
    Path page = folder.resolve("think.html");
    Path kept = folder.resolve("chain.json");
    Shell.Result done =
        Shell.lynceus(
            "think", "--controls=1", "--save=" + kept, "-o", page.toString(), PICTURE, QUESTION);
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(done.out()).contains("1. crop").contains("planned by: rules").contains("page: ");
    assertThat(Files.readString(page))
        .contains("Every step")
        .contains("What each step is worth")
        .contains("data:image/png")
        .doesNotContain("http:");
    Shell.Result again =
        Shell.lynceus("think", "--controls=0", "--replay=" + kept, "--json", PICTURE, QUESTION);
    assertThat(again.status()).as(again.err()).isZero();
    JsonNode told = JsonMapper.shared().readTree(again.out());
    assertThat(told.path("replayed").path("same").asBoolean()).isTrue();
    assertThat(told.path("report").path("planned").asString()).isEqualTo("given");
  }

  @Test
  void aPlanOfOnesOwn() throws IOException {
    Path plan = folder.resolve("plan.json");
    Files.writeString(
        plan,
        """
        [{"goal": "see the car", "op": "crop", "args": {"box": [62, 34, 108, 74], "margin": 0}},
         {"goal": "nothing", "op": "keep", "text": ""}]
        """);
    Shell.Result done =
        Shell.lynceus("think", "--plan=" + plan, "--controls=1", "--json", PICTURE, QUESTION);
    assertThat(done.status()).as(done.err()).isZero();
    JsonNode steps = JsonMapper.shared().readTree(done.out()).path("report").path("steps");
    assertThat(steps.path(0).path("what").asString()).isEqualTo("crop 62,34,108,74");
    assertThat(steps.path(0).path("read").asString()).contains("The color of the car is");
    assertThat(steps.path(1).path("decorative").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--planning=luck|none of its ways",
        "--shown=loud|none of its ways",
        "--box=1,2,3|is no box",
        "--box=9,9,3,3|a box from",
        "--box=500,500,600,600 --planning=rules|has nothing of a picture",
        "--map=magic|no method 'magic'",
        "--candidates=a,a|one twice",
        "--plan=../pom.xml|no list",
        "--plan=../samples/missing.json|missing.json",
        "--replay=../pom.xml|is no record",
        "--replay=../pom.xml --planning=rules|takes no other plan",
        "--controls=-1|--controls -1",
      })
  void whatCannotBeIsRefused(String options, String said) {
    List<String> line = new ArrayList<>(List.of("think", "--json"));
    line.addAll(List.of(options.split(" ")));
    line.addAll(List.of(PICTURE, QUESTION));
    Shell.Result refused = Shell.lynceus(line.toArray(String[]::new));
    assertThat(refused.status()).as(refused.out() + refused.err()).isIn(2, 3, 4, 5, 6);
    assertThat(refused.err()).contains(said);
  }

  @Test
  void onePictureIsThoughtAbout() {
    Shell.Result none = Shell.lynceus("think", "--json", QUESTION);
    assertThat(none.status()).isEqualTo(2);
    assertThat(none.err()).contains("there are 0");
  }
}
