package dev.lynceus.lab.hallucination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.DataOptions;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.lab.data.DataSets;
import dev.lynceus.lab.hallucination.PresenceScores.Answered;
import dev.lynceus.pupil.world.Item;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Would catch shares of the wrong whole, yes and no exchanged, a popular thing that is rare, and a
/// model that is measured on other questions than it is told.
class HallucinationTest {
  private static final Set<String> THINGS = Set.of("dog", "car", "bus", "key");
  private static final Set<String> COLOURS = Set.of("red", "brown", "blue");

  @TempDir Path folder;

  private static List<Scene> scenes(int count) {
    World world = new World(11, SceneRecipe.FREE);
    return IntStream.range(0, count).mapToObj(world::scene).toList();
  }

  @Test
  void scoresOfKnownAnswersAreThoseComputedByHand() {
    // Four there, four not: three hits, one miss, two false yeses, two right nos.
    List<Answered> answers =
        List.of(
            new Answered(true, .9),
            new Answered(true, .9),
            new Answered(true, .6),
            new Answered(true, .3),
            new Answered(false, .8),
            new Answered(false, .6),
            new Answered(false, .1),
            new Answered(false, .2));
    PresenceScores scores = PresenceScores.of("random", answers);
    assertThat(scores.accuracy().share()).isEqualTo(5 / 8.0);
    assertThat(scores.precision().share()).isEqualTo(3 / 5.0);
    assertThat(scores.recall().share()).isEqualTo(3 / 4.0);
    assertThat(scores.f1()).isCloseTo(2 * .6 * .75 / (.6 + .75), within(1e-12));
    assertThat(scores.saidYes().share()).isEqualTo(5 / 8.0);
    assertThat(scores.yesBias()).isEqualTo(1 / 8.0);
    // Three of confidence 0.9 are right, 0.8 half right, 0.7 wrong, two of 0.6 half right.
    double byHand = (3 * .1 + 2 * .3 + 1 * .7 + 2 * .1) / 8;
    assertThat(scores.ece()).isCloseTo(byHand, within(1e-9));
    assertThat(scores.bins().stream().mapToInt(PresenceScores.Bin::answers).sum()).isEqualTo(8);
  }

  @Test
  void certaintyThatIsAlwaysRightIsCalibratedAndOneThatIsAlwaysWrongIsNot() {
    PresenceScores right =
        PresenceScores.of("x", List.of(new Answered(true, 1), new Answered(false, 0)));
    assertThat(right.ece()).isZero();
    PresenceScores wrong =
        PresenceScores.of("x", List.of(new Answered(true, 0), new Answered(false, 1)));
    assertThat(wrong.ece()).isEqualTo(1);
    assertThat(wrong.f1()).isNaN();
  }

  @Test
  void chairOfKnownDescriptionsIsThatComputedByHand() {
    List<Chair.Description> descriptions =
        List.of(
            new Chair.Description(
                "A brown dog and a red car.", Map.of("dog", "brown", "car", "red")),
            new Chair.Description(
                "A blue dog and a red key.", Map.of("dog", "brown", "car", "red")),
            new Chair.Description("Two dogs beside a dog", Map.of("dog", "")),
            new Chair.Description("Nothing.", Map.of("bus", "blue")));
    Chair chair = Chair.of(descriptions, THINGS, COLOURS);
    assertThat(chair.mentions().hits()).isEqualTo(1);
    assertThat(chair.mentions().of()).isEqualTo(6);
    assertThat(chair.descriptions().hits()).isEqualTo(1);
    assertThat(chair.descriptions().of()).isEqualTo(4);
    assertThat(chair.covered().hits()).isEqualTo(4);
    assertThat(chair.covered().of()).isEqualTo(6);
    assertThat(chair.colours().hits()).isEqualTo(1);
    assertThat(chair.colours().of()).isEqualTo(3);
    assertThat(chair.repeated().hits()).isEqualTo(1);
  }

  @Test
  void aWordThatEndsWithAnSIsItself() {
    assertThat(Chair.mentions("a bus, two keys", THINGS, COLOURS))
        .extracting(Chair.Mention::thing)
        .containsExactly("bus", "key");
  }

  @Test
  void halfOfTheThingsAreThereInEverySetting() {
    List<Scene> scenes = scenes(40);
    List<PresenceQuestion> questions = new PopeWorld(scenes, 3).questions();
    for (PopeWorld.Setting setting : PopeWorld.Setting.values()) {
      List<PresenceQuestion> own =
          questions.stream().filter(one -> one.setting().equals(setting.label())).toList();
      assertThat(own.stream().filter(PresenceQuestion::there).count() * 2).isEqualTo(own.size());
      for (PresenceQuestion question : own) {
        int number = Integer.parseInt(question.name().substring("scene ".length()));
        List<String> nouns = scenes.get(number).items().stream().map(Item::noun).toList();
        String noun = question.question().replaceAll("Is there an? |\\?", "");
        assertThat(nouns.contains(noun)).isEqualTo(question.there());
      }
    }
    assertThat(new PopeWorld(scenes, 3).questions())
        .extracting(PresenceQuestion::question)
        .containsExactlyElementsOf(questions.stream().map(PresenceQuestion::question).toList());
  }

  @Test
  void popularThingsAreInMostPicturesAndAdversarialOnesStandBesideThoseThatAreThere() {
    List<Scene> scenes = scenes(60);
    PopeWorld world = new PopeWorld(scenes, 3);
    List<String> popular = world.absent(PopeWorld.Setting.POPULAR, List.of("dog"), new Random(1));
    List<Integer> counts = popular.stream().map(noun -> with(scenes, noun, "")).toList();
    assertThat(counts).isSortedAccordingTo((a, b) -> b - a);
    List<String> near = world.absent(PopeWorld.Setting.ADVERSARIAL, List.of("dog"), new Random(1));
    List<Integer> beside = near.stream().map(noun -> with(scenes, noun, "dog")).toList();
    assertThat(beside).isSortedAccordingTo((a, b) -> b - a);
    assertThat(beside.getFirst()).isGreaterThan(beside.getLast());
  }

  private static int with(List<Scene> scenes, String noun, String other) {
    int count = 0;
    for (Scene scene : scenes) {
      List<String> nouns = scene.items().stream().map(Item::noun).toList();
      count += nouns.contains(noun) && (other.isEmpty() || nouns.contains(other)) ? 1 : 0;
    }
    return count;
  }

  @Test
  void whatIsCaughtIsCountedOfTheWrongAndFalseAlarmsOfTheRight() {
    List<JudgedWords.Judged> words = new ArrayList<>();
    words.add(new JudgedWords.Judged(false, true, .1));
    words.add(new JudgedWords.Judged(false, false, .4));
    words.add(new JudgedWords.Judged(true, true, .3));
    words.add(new JudgedWords.Judged(true, false, .9));
    words.add(new JudgedWords.Judged(true, false, .8));
    HallucinationReport.Words row = JudgedWords.rows(Map.of("object", words)).getFirst();
    assertThat(row.wrong().share()).isEqualTo(.4);
    assertThat(row.caught().share()).isEqualTo(.5);
    assertThat(row.falseAlarms().hits()).isEqualTo(1);
    assertThat(row.falseAlarms().of()).isEqualTo(3);
    assertThat(row.told().value()).isCloseTo(5 / 6.0, within(1e-12));
  }

  @Test
  void thingsOfTheWorldAreToldAndColoursOfAbsentOnesAreMostlyCaught() {
    try (LoadedModel model = LoadedModel.load("pupil", LoadOptions.DEFAULT)) {
      HallucinationReport report = new Hallucination(model, Progress.NONE).ofWorld(31, 12, 12);
      assertThat(report.presence()).hasSize(3);
      report
          .presence()
          .forEach(row -> {
            assertThat(row.accuracy().share()).as(row.setting()).isGreaterThan(.9);
            assertThat(row.ece()).isLessThan(.1);
          });
      HallucinationReport.Words absent =
          report.words().stream()
              .filter(row -> row.kind().equals("absent thing"))
              .findFirst()
              .orElseThrow();
      assertThat(absent.wrong().share()).isGreaterThan(.9);
      assertThat(absent.caught().share()).isGreaterThan(.5);
      HallucinationReport.Words attribute =
          report.words().stream()
              .filter(row -> row.kind().equals("attribute"))
              .findFirst()
              .orElseThrow();
      assertThat(attribute.falseAlarms().share()).isLessThan(.3);
    }
  }

  @Test
  void aFileOfPopeIsAskedAsItIs() throws IOException {
    Path samples = Path.of("../samples").toAbsolutePath().normalize();
    Files.copy(samples.resolve("frog-umbrella-car.png"), folder.resolve("a.png"));
    Path file =
        Files.writeString(
            folder.resolve("pope_popular.json"),
            """
            {"question_id": 1, "image": "a.png", "text": "Is there a frog?", "label": "yes"}
            {"question_id": 2, "image": "a.png", "text": "Is there a dog?", "label": "no"}
            {"question_id": 3, "image": "a.png", "text": "Is there a car?", "label": "yes"}
            """);
    DataSet data = DataSets.open(file, DataOptions.DEFAULT);
    List<PresenceQuestion> questions = PresenceQuestion.of(data);
    assertThat(questions).extracting(PresenceQuestion::setting).containsOnly("popular");
    try (LoadedModel model = LoadedModel.load("pupil", LoadOptions.DEFAULT)) {
      HallucinationReport report =
          new Hallucination(model, Progress.NONE).ofQuestions(data.name(), questions);
      assertThat(report.presence().getFirst().accuracy().hits()).isEqualTo(3);
      assertThat(report.pictures()).isEqualTo(1);
      assertThat(report.descriptions()).isNull();
    }
  }

  @Test
  void aFileWithoutSuchQuestionsIsRefused() throws IOException {
    Path samples = Path.of("../samples").toAbsolutePath().normalize();
    Files.copy(samples.resolve("frog-umbrella-car.png"), folder.resolve("a.png"));
    Path file =
        Files.writeString(
            folder.resolve("x.jsonl"),
            "{\"image\": \"a.png\", \"question\": \"Where is the car?\", \"expected\": \"here\"}\n");
    DataSet data = DataSets.open(file, DataOptions.DEFAULT);
    assertThatThrownBy(() -> PresenceQuestion.of(data))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("yes or no");
  }
}
