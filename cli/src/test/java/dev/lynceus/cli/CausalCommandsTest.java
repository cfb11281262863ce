package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The commands that change the bundled model while it runs.
class CausalCommandsTest {
  private static final String OTHER = "../samples/heart-guitar-horse-dove.png";

  @TempDir private Path folder;

  private static Shell.Result give(String command, String... more) {
    List<String> line = new ArrayList<>(List.of(command, "--start=The color of the car is"));
    line.addAll(List.of(more));
    line.addAll(List.of(Fixtures.PICTURE, Fixtures.QUESTION));
    return Shell.lynceus(line.toArray(String[]::new));
  }

  private static JsonNode json(Shell.Result result) {
    assertThat(result.status()).as(result.err()).isZero();
    return JsonMapper.shared().readTree(result.out());
  }

  @Test
  void aTraceTellsItsCostAndRestoresTheAnswer() throws IOException {
    Path figure = folder.resolve("trace.svg");
    Shell.Result result =
        give("trace", "--json", "--positions=last", "--noise=9", "--figure=" + figure);

    JsonNode found = json(result);
    assertThat(result.err()).contains("replays in ", "of the work of full runs");
    assertThat(found.path("target").asString()).isEqualTo("brown");
    JsonNode map = found.path("maps").get(0);
    JsonNode rows = map.path("cells");
    double clean = map.path("other").path("logit").asDouble();
    assertThat(rows.get(rows.size() - 1).get(0).path("logit").asDouble())
        .isCloseTo(clean, org.assertj.core.data.Offset.offset(1e-3));
    assertThat(Files.readString(figure)).contains("normalised effect on the log probability");
  }

  /// The figure says which words its columns are.
  @Test
  void aFigureShowsTheWordsOfTheQuestion() throws IOException {
    Path figure = folder.resolve("words.svg");
    Shell.Result result =
        Shell.lynceus(
            "trace",
            "--model=../core/src/test/resources/goldens/blip-vqa/hub",
            "--corrupt=mean",
            "--next-token",
            "--figure=" + figure,
            Fixtures.PICTURE,
            "what is the color of the dog ?");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(Files.readString(figure))
        .contains("rotate(-90", ">what</text>", ">color</text>", ">dog</text>")
        .contains("question[1] \u201cis\u201d: ");
  }

  /// Without a picture the ways are those that there are: from the question, between question and
  /// passage, from a text to the word that was taken out of it.
  @Test
  void knockoutBlocksTheWaysThatThereAre() {
    String goldens = "--model=../core/src/test/resources/goldens/";
    for (String[] line :
        new String[][] {
          {goldens + "vicuna/hub", "What is it?", "last \u2190 question"},
          {
            goldens + "bert-qa/hub",
            "What is it?",
            "--passage=It is red.",
            "question \u2190 passage"
          },
          {
            goldens + "bert-qa/hub",
            "What is it?",
            "--passage=It is red.",
            "passage \u2190 question"
          },
          {goldens + "bert-mlm/hub", "--raw", "the [MASK] is red", "mask \u2190 question"},
          {"--raw", "<image> red", Fixtures.PICTURE, "last \u2190 image"}
        }) {
      List<String> words = new ArrayList<>(List.of("knockout", "--next-token", "--json"));
      boolean seen = line[2].equals(Fixtures.PICTURE);
      words.addAll(
          seen ? List.of(line[0], line[2], line[1]) : List.of(line).subList(0, line.length - 1));
      JsonNode map = json(Shell.lynceus(words.toArray(String[]::new))).path("maps").get(0);
      assertThat(map.path("columns").valueStream().map(JsonNode::asString))
          .as(words.toString())
          .contains(line[line.length - 1])
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void theWordThatThePictureDecidesMostIsMeasured() {
    String[] plain = {"ablate", "--site=layer", Fixtures.PICTURE, Fixtures.QUESTION};
    String own = Shell.lynceus(plain).out();
    assertThat(own)
        .startsWith(
            "measured: brown, after \"The color of the car is\", because the picture decides it"
                + " most (100 %, without it 6.");
    assertThat(own.replaceFirst(", because .*", ""))
        .isEqualTo(give("ablate", "--site=layer").out());
    assertThat(Shell.lynceus("ablate", "--target=color", plain[1], plain[2], plain[3]).out())
        .startsWith("measured: color, after \"The\"\n");
    assertThat(Shell.lynceus("ablate", "--target=red", plain[1], plain[2], plain[3]).out())
        .startsWith("measured: red\n");
    assertThat(Shell.lynceus("ablate", "--next-token", plain[1], plain[2], plain[3]).out())
        .startsWith("measured: The\n");
  }

  @Test
  void patchKnockOutOccludeAndAblate() {
    JsonNode patched =
        json(give("patch", "--json", "--site=head", "--positions=last", "--other=" + OTHER))
            .path("maps")
            .get(0);
    assertThat(patched.path("columnAxis").asString()).isEqualTo("head");
    assertThat(give("knockout", "--edge=last:image").out()).contains("last ← image");
    JsonNode hidden = json(give("occlude", "--json", "--group=4")).path("maps").get(0);
    assertThat(hidden.path("cells").size()).isEqualTo(2);
    assertThat(give("ablate", "--site=layer", "--metric=divergence").out())
        .contains("raise the divergence most", "  layer 1", "\"brown\" 100 %");
  }

  @Test
  void everyCorruptionIsMadeAndGated() {
    JsonNode swapped = json(give("trace", "--json", "--positions=last", "--replace=car=frog"));
    JsonNode gate = swapped.path("maps").get(0).path("gate");
    assertThat(gate.path("effect").asDouble()).isGreaterThan(0.9);
    assertThat(gate.path("lost").asInt()).isEqualTo(1);
    assertThat(give("trace", "--positions=last", "--corrupt=shrink").out())
        .contains("this map tells little");
    assertThat(give("trace", "--positions=last", "--corrupt=multiply", "--repeats=2").out())
        .contains(" ± ", "random factors of deviation 5.0");
    assertThat(give("trace", "--positions=last", "--corrupt=blur", "--sever=attention").out())
        .contains("later attention held", "a blur of 0.15");
  }

  @Test
  void objectsByMasksAndPiecesAreHidden() throws IOException {
    Path world = folder.resolve("world");
    assertThat(
            Shell.lynceus("pupil", "world", "--count=1", "--objects=2", "--out=" + world).status())
        .isZero();
    Path figure = folder.resolve("masks.svg");
    Shell.Result hidden =
        Shell.lynceus(
            "occlude",
            "--json",
            "--mask=" + world.resolve("masks/000000-0.png"),
            "--mask=" + world.resolve("masks/000000-1.png"),
            "--figure=" + figure,
            "--space=pixels",
            world.resolve("images/000000.png").toString(),
            "What is this?");
    JsonNode map = json(hidden).path("maps").get(0);
    assertThat(map.path("rows").size()).isEqualTo(2);
    assertThat(map.path("columns").size()).isEqualTo(4);
    assertThat(Files.readString(figure)).contains("all but it: ", "data:image/png");
    assertThat(give("occlude", "--superpixels=12", "--space=pixels", "--fill=inpaint").out())
        .contains("pixels hidden by what lies around", "piece");
  }

  @Test
  void wholeAnswersAreMeasured() {
    String[] plain = {"ablate", "--site=layer", Fixtures.PICTURE, Fixtures.QUESTION};
    Shell.Result own = Shell.lynceus(plain[0], plain[1], "--whole", plain[2], plain[3]);
    assertThat(own.out()).startsWith("measured: the whole answer \"The color of the car is brown");
    JsonNode given =
        json(
            Shell.lynceus(
                "trace",
                "--json",
                "--positions=last",
                "--answer=The color of the car is green",
                plain[2],
                plain[3]));
    assertThat(given.path("answer").size()).isGreaterThan(5);
    JsonNode map = given.path("maps").get(0);
    assertThat(map.path("other").path("logProbability").asDouble()).isLessThan(-5);
    JsonNode word =
        json(
            Shell.lynceus(
                "trace",
                "--json",
                "--positions=last",
                "--start=The color of the car is",
                "--target=green",
                plain[2],
                plain[3]));
    assertThat(map.path("other").path("logProbability").asDouble())
        .as("what comes before is all but certain")
        .isCloseTo(
            word.path("maps").get(0).path("other").path("logProbability").asDouble(),
            org.assertj.core.data.Offset.offset(0.05));
  }

  @Test
  void pathsAndNeuronsAreTold() throws IOException {
    JsonNode map =
        json(give("paths", "--json", "--receiver=2.3", "--input=value")).path("maps").get(0);
    assertThat(map.path("cells").size()).isEqualTo(4);
    assertThat(map.path("what").asString()).contains("the value of 2.3");
    assertThat(map.path("cells").get(3).get(0).path("logit").asDouble())
        .as("a later head reaches no earlier one")
        .isCloseTo(
            map.path("base").path("logit").asDouble(), org.assertj.core.data.Offset.offset(1e-4));
    Path figure = folder.resolve("neurons.svg");
    JsonNode neurons =
        json(give("neurons", "--json", "--without=1.2", "--neurons=5", "--figure=" + figure))
            .path("neurons");
    assertThat(neurons.size()).isEqualTo(5);
    assertThat(neurons.get(0).path("raises").get(0).path("text").asString()).isNotBlank();
    assertThat(Files.readString(figure)).contains("without head 1.2", "coefficient");
    assertThat(give("neurons", "--against=green").out()).contains("for green", "1.280");
    assertThat(give("neurons", "--replace=car=frog").out()).contains("with car=frog");
  }

  @Test
  void estimatesAreToldWithWhatPatchingGave() throws IOException {
    Path figure = folder.resolve("attribute.svg");
    Shell.Result result =
        give("attribute", "--json", "--site=head", "--estimate=atp-star", "--figure=" + figure);

    JsonNode map = json(result).path("maps").get(0);
    assertThat(result.err()).contains("replays in ");
    assertThat(map.path("metric").asString()).isEqualTo("LOG_PROBABILITY");
    assertThat(map.path("estimates").size()).isEqualTo(4);
    assertThat(map.path("dropped").get(0).size()).isEqualTo(8);
    JsonNode sample = map.path("sample");
    assertThat(sample.path("cells").size()).isEqualTo(32);
    assertThat(sample.path("agreement").asDouble()).isGreaterThan(0.9);
    JsonNode strongest = map.path("strongest").path("cells");
    assertThat(strongest.size()).isEqualTo(20);
    assertThat(strongest.get(0).path("dropped").asDouble())
        .isGreaterThanOrEqualTo(strongest.get(19).path("dropped").asDouble());
    assertThat(Files.readString(figure)).contains("strongest cells patched, rank correlation");
    assertThat(give("attribute", "--site=neuron", "--sample=20", "--noising").out())
        .contains("neuron", "20 random cells patched");
  }

  @Test
  void aLedgerIsGoneOnFrom() {
    Path ledger = folder.resolve("ledger.txt");
    String file = "--ledger=" + ledger;
    JsonNode first = json(give("ablate", "--json", file)).path("maps").get(0);
    Shell.Result again = give("ablate", "--json", file);

    assertThat(again.err()).contains("0 replays in 0 passes");
    assertThat(json(again).path("maps").get(0).path("cells")).isEqualTo(first.path("cells"));
    assertThat(give("occlude", file).err()).contains("does not hold results of this sweep");
  }

  @Test
  void whatIsNotKnownIsRefused() {
    assertThat(give("trace", "--site=soul").err()).contains("--site soul is not known");
    assertThat(give("trace", "--corrupt=other").err()).contains("needs another picture");
    assertThat(give("knockout", "--edge=last").err()).contains("does not name two places");
    assertThat(give("occlude", "--fill=blur").err()).contains("not blurred");
  }
}
