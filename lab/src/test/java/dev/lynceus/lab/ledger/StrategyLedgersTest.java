package dev.lynceus.lab.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.request.PictureRef;
import dev.lynceus.request.Pictures;
import dev.lynceus.request.Question;
import dev.lynceus.request.Requests;
import dev.lynceus.request.Running;
import dev.lynceus.request.StrategyRequest;
import dev.lynceus.request.StrategyRequest.Edit;
import dev.lynceus.request.StrategyRequest.Kind;
import dev.lynceus.request.StrategyResult;
import dev.lynceus.request.StrategyResult.Answering;
import dev.lynceus.request.StrategyResult.Step;
import dev.lynceus.request.Task;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every question of a strategy stands in its ledger; an edit of nothing changes nothing, and what
/// comes after an edit follows from it.
class StrategyLedgersTest {
  private static LoadedModel model;

  @BeforeAll
  static void load() {
    model = LoadedModel.load("pupil", LoadOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static StrategyResult run(Kind kind, Edit... edits) {
    StrategyRequest request =
        Requests.of(
            StrategyRequest.class,
            Question.about("What is the color of the car?", "../samples/frog-umbrella-car.png"));
    request = Requests.with(request, "strategy", kind);
    request = Requests.with(request, "candidates", List.of("brown", "red"));
    request = Requests.with(request, "edits", List.of(edits));
    return Task.of(model, request, Pictures.files()).run(Running.QUIET).value();
  }

  private static Edit words(int step, String words) {
    return new Edit(step, Optional.of(words), Optional.empty(), Optional.empty());
  }

  private static Edit answer(int step, String answer) {
    return new Edit(step, Optional.empty(), Optional.of(answer), Optional.empty());
  }

  @ParameterizedTest
  @EnumSource
  void everyQuestionStandsInIt(Kind kind) {
    StrategyResult found = run(kind);
    assertThat(found.conclusion()).isNotBlank();
    assertThat(found.ways()).hasSizeGreaterThan(2);
    assertThat(found.steps()).isNotEmpty().noneMatch(Step::edited);
    for (int i = 0; i < found.steps().size(); i++) {
      assertThat(found.steps().get(i).number()).isEqualTo(i);
    }
    assertThat(found.shots()).isNotEmpty();
    assertThat(found.steps().stream().flatMap(step -> step.pictures().stream()))
        .allMatch(sum -> found.shots().stream().anyMatch(shot -> shot.sha256().equals(sum)));

    // The same words are no edit.
    StrategyResult same = run(kind, words(0, found.steps().getFirst().prompt()));
    assertThat(same.steps().stream().map(Step::answer).toList())
        .isEqualTo(found.steps().stream().map(Step::answer).toList());
  }

  private static StrategyResult prompted(Kind kind, String name, String text) {
    StrategyRequest request =
        Requests.of(
            StrategyRequest.class,
            Question.about("What is the color of the car?", "../samples/frog-umbrella-car.png"));
    request = Requests.with(request, "strategy", kind);
    request = Requests.with(request, "prompts", List.of(new StrategyRequest.Prompt(name, text)));
    return Task.of(model, request, Pictures.files()).run(Running.QUIET).value();
  }

  @ParameterizedTest
  @EnumSource(names = "MARK", mode = EnumSource.Mode.EXCLUDE)
  void everyPromptCanBeReplaced(Kind kind) {
    List<StrategyResult.Prompt> usual = run(kind).prompts();
    assertThat(usual).isNotEmpty();
    StrategyResult.Prompt first = usual.getFirst();

    StrategyResult own = prompted(kind, first.name(), "Tell me: " + first.text());

    assertThat(own.prompts().getFirst().text()).isEqualTo("Tell me: " + first.text());
    assertThat(own.prompts().subList(1, usual.size())).isEqualTo(usual.subList(1, usual.size()));
    assertThat(own.steps()).anyMatch(step -> step.prompt().startsWith("Tell me: "));
  }

  @Test
  void promptsThatThereAreNotAreRefused() {
    assertThatThrownBy(() -> prompted(Kind.VOTE, "sing", "La la."))
        .hasMessageContaining("no prompt 'sing'");
    assertThatThrownBy(() -> prompted(Kind.MARK, "direct", "{question}"))
        .hasMessageContaining("mark has no prompts");
  }

  @Test
  void whatComesAfterAnEditFollows() {
    StrategyResult found = run(Kind.DESCRIBE);
    Step first = found.steps().getFirst();
    assertThat(first.name()).isEqualTo("caption");
    StrategyResult edited = run(Kind.DESCRIBE, answer(0, "There is a red car."));
    assertThat(edited.steps().getFirst().answer()).isEqualTo("There is a red car.");
    assertThat(edited.steps().getFirst().edited()).isTrue();
    assertThat(edited.steps().stream().skip(1))
        .anyMatch(step -> step.prompt().contains("There is a red car."));
    assertThat(found.steps()).noneMatch(step -> step.prompt().contains("There is a red car."));
  }

  @Test
  void anotherPictureIsShown() {
    PictureRef other = new PictureRef.File("../samples/heart-guitar-horse-dove.png");
    StrategyResult found = run(Kind.MARK);
    StrategyResult edited =
        run(Kind.MARK, new Edit(0, Optional.empty(), Optional.empty(), Optional.of(other)));
    assertThat(edited.steps().getFirst().pictures())
        .isNotEqualTo(found.steps().getFirst().pictures());
    assertThat(edited.steps().get(1)).isEqualTo(found.steps().get(1));
  }

  @Test
  void editsThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> run(Kind.THINK, words(900, "What?")))
        .hasMessageStartingWith("there is no step 900 to be edited");
    int chosen =
        run(Kind.THINK).steps().stream()
            .filter(step -> step.answering() == Answering.CHOOSES)
            .findFirst()
            .orElseThrow()
            .number();
    assertThatThrownBy(() -> run(Kind.THINK, answer(chosen, "red")))
        .hasMessageContaining("is not answered freely");
  }
}
