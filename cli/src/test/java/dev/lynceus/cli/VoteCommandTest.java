package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.lab.vote.Scorer;
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

/// `lynceus vote`.
class VoteCommandTest {
  private static final String PICTURE = "../samples/frog-umbrella-car.png";
  private static final String QUESTION = "What is the color of the car?";

  @TempDir private Path folder;

  @Test
  void aPageOnWhichEveryExplanationIsSeen() throws IOException {
    Path page = folder.resolve("vote.html");
    Shell.Result done =
        Shell.lynceus(
            "vote", "--samples=2", "--temperature=2", "-o", page.toString(), PICTURE, QUESTION);
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(done.out())
        .startsWith("“")
        .contains("way to decide")
        .contains("majority")
        .contains("page: ");
    assertThat(Files.readString(page))
        .contains("Explanations")
        .contains("What follows from each")
        .contains("What was put to the model")
        .contains("Describe the image.")
        .contains("data:image/png")
        .doesNotContain("http:");
  }

  @Test
  void explanationsOfOnesOwnVoteAndPromptsOfOnesOwnArePut() throws IOException {
    Path prompts = folder.resolve("prompts.json");
    Files.writeString(prompts, "{\"explain\": \"How many objects are there?\"}");
    Shell.Result done =
        Shell.lynceus(
            "vote",
            "--explanation=The car is red.",
            "--explanation=The car is brown.",
            "--told",
            "--weigh-by=none",
            "--candidates=The color of the car is brown.,The color of the car is red.",
            "--prompts=" + prompts,
            "--prompt=yes=Yes",
            "--json",
            PICTURE,
            QUESTION);
    assertThat(done.status()).as(done.err()).isZero();
    JsonNode report = JsonMapper.shared().readTree(done.out()).path("report");
    assertThat(report.path("samples").path(0).path("argmax").asString()).contains("red");
    assertThat(report.path("samples").path(1).path("argmax").asString()).contains("brown");
    double sum =
        report
            .path("totals")
            .path(4)
            .path("distribution")
            .valueStream()
            .mapToDouble(JsonNode::asDouble)
            .sum();
    assertThat(sum).isCloseTo(1, within(1e-9));
    assertThat(report.path("prompts").path(1).path("text").asString())
        .isEqualTo("How many objects are there?");
  }

  @Test
  void aScorerIsMadeKeptAndUsed() throws IOException {
    Path demos = folder.resolve("demos.jsonl");
    String image = Path.of(PICTURE).toAbsolutePath().normalize().toString();
    Files.copy(Path.of(image), folder.resolve("one.png"));
    StringBuilder rows = new StringBuilder();
    for (String thing : List.of("car", "frog", "umbrella")) {
      // The answers are wrong on purpose, so that what the model says counts as bad.
      rows.append(
          "{\"image\": \"one.png\", \"question\": \"What is the color of the %s?\", \"explanation\": \"The %s is blue.\", \"answers\": [\"blue\"]}%n"
              .formatted(thing, thing));
    }
    Files.writeString(demos, rows);
    Path kept = folder.resolve("scorer.json");
    Shell.Result made =
        Shell.lynceus(
            "vote",
            "--samples=1",
            "--demos=" + demos,
            "--save-scorer=" + kept,
            "--json",
            PICTURE,
            QUESTION);
    assertThat(made.status()).as(made.err()).isZero();
    Scorer scorer = Scorer.parse(Files.readString(kept), "kept");
    assertThat(scorer.shown()).hasSize(6);
    assertThat(scorer.shown().stream().filter(Scorer.Shown::good)).hasSize(3);
    Shell.Result used =
        Shell.lynceus("vote", "--samples=1", "--scorer=" + kept, "--json", PICTURE, QUESTION);
    assertThat(used.status()).as(used.err()).isZero();
    JsonNode told = JsonMapper.shared().readTree(used.out());
    assertThat(told.path("scorer").path("shown").size()).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--samples=0|--samples 0",
        "--temperature=-1|--temperature -1",
        "--gamma=-1|--gamma -1",
        "--weigh-by=luck|no weight 'luck'",
        "--by=max|none of its ways",
        "--map=magic|no method 'magic'",
        "--candidates=one|one candidate",
        "--candidates=a,a|the same candidate twice",
        "--explanation= |an empty explanation",
        "--prompt=judge=x|no prompt 'judge'",
        "--prompt=x|names no prompt",
        "--prompt=score={picture}|has no {picture}",
        "--prompts=../samples/missing.json|missing.json",
        "--scorer=../pom.xml|is no scorer",
        "--save-scorer=x.json|nothing to keep",
        "--raw|neither --raw nor a passage",
      })
  void whatCannotBeIsRefused(String options, String said) {
    List<String> line = new ArrayList<>(List.of("vote", "--json", options, PICTURE, QUESTION));
    Shell.Result refused = Shell.lynceus(line.toArray(String[]::new));
    assertThat(refused.status()).as(refused.out() + refused.err()).isIn(2, 3, 4, 5, 6);
    assertThat(refused.err()).contains(said);
  }

  @Test
  void withoutAPictureNothingIsWeighedByOne() {
    Shell.Result refused =
        Shell.lynceus(
            "vote",
            "--weigh-by=image",
            "--json",
            "The dog is brown. What is the color of the dog?");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("without a picture");
  }
}
