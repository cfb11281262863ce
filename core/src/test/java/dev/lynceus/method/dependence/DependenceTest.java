package dev.lynceus.method.dependence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.TinyReaders;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What an answer depends on: what is taken away is what is told, gradients add up, and tests point
/// at what they say.
class DependenceTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens");
  private static RgbImage photo;

  @BeforeAll
  static void load() {
    photo = new ImageFileReader().read(GOLDENS.resolve("images/photo.png"));
  }

  private static LoadedModel golden(String family) {
    return LoadedModel.load(GOLDENS.resolve(family).resolve("hub"), LoadOptions.DEFAULT);
  }

  private static Dependence explained(LoadedModel model, Prompt prompt, DependenceOptions options) {
    return new DependenceExplainer(model, options, Progress.NONE).explain(prompt);
  }

  private static double sum(List<double[]> all) {
    return all.stream().flatMapToDouble(Arrays::stream).sum();
  }

  /// Sums that must hold whatever the weights are.
  private static void holds(Dependence found) {
    assertThat(found.wholes()).isNotEmpty();
    for (Dependence.Whole whole : found.wholes()) {
      assertThat(whole.without() + whole.loss())
          .isCloseTo(found.word().logProbability(), within(1e-9));
    }
    Dependence.Values integrated = found.maps().get(1);
    double all = sum(integrated.patches()) + sum(integrated.words()) + integrated.rest();
    assertThat(all).isCloseTo(integrated.promised() + integrated.gap(), within(1e-5));
    assertThat(Math.abs(integrated.gap())).isLessThan(.1 * Math.abs(integrated.promised()) + .01);
    for (Dependence.Values map : found.maps()) {
      assertThat(map.patches()).hasSameSizeAs(found.views());
      assertThat(map.words()).hasSameSizeAs(found.texts());
    }
    assertThat(found.conclusion()).contains("“" + found.word().text() + "”");
  }

  @Test
  void ofAnAnswerAboutAPicture() {
    try (LoadedModel model = golden("blip-vqa")) {
      Prompt prompt = model.prompt("What is the color of the dog?", model.picture("photo", photo));
      Dependence found = explained(model, prompt, DependenceOptions.DEFAULT);
      holds(found);
      assertThat(found.word().text()).isEqualTo("we");
      assertThat(found.texts()).extracting(Dependence.Text::name).containsExactly("question");
      assertThat(found.texts().getFirst().words())
          .containsExactly("what", "is", "the", "color", "of", "the", "dog", "?");
      assertThat(found.views().getFirst().square()).isEqualTo(1);
      // Every map was tested on the picture; its test takes away what holds half of it.
      assertThat(found.tests())
          .filteredOn(test -> test.part().equals("the picture"))
          .hasSize(3)
          .allSatisfy(test -> assertThat(test.draws()).isEqualTo(8));
      Dependence.Test first = found.tests().getFirst();
      if (first.units() == 1) {
        assertThat(first.loss())
            .isCloseTo(
                Arrays.stream(found.maps().getFirst().patches().getFirst()).max().orElseThrow(),
                within(1e-5));
      }
      // Four kinds of heads, and as many drawn as chosen.
      assertThat(found.heads()).hasSize(4);
      assertThat(found.tried()).filteredOn(Dependence.Tried::random).hasSize(6);
      assertThat(found.tried()).filteredOn(one -> !one.random()).hasSize(6);
    }
  }

  @Test
  void ofACaptionTheWordsBeforeItAreParts() {
    try (LoadedModel model = golden("blip-caption")) {
      Prompt prompt = model.prompt("a picture of", model.picture("photo", photo));
      Dependence found = explained(model, prompt, DependenceOptions.DEFAULT);
      holds(found);
      assertThat(found.texts().getFirst().name()).isEqualTo("beginning");
      assertThat(found.texts().getFirst().words()).containsExactly("a", "picture", "of");
      assertThat(found.heads())
          .extracting(Dependence.Heads::kind)
          .containsExactly("attention", "cross-attention");
    }
  }

  @ParameterizedTest
  @EnumSource(TinyReaders.Kind.class)
  void ofWhatWasRead(TinyReaders.Kind kind, @TempDir Path folder) {
    try (LoadedModel model = TinyReaders.load(folder, kind)) {
      Dependence found =
          explained(model, TinyReaders.prompt(model, kind), DependenceOptions.DEFAULT);
      holds(found);
      assertThat(found.views()).isEmpty();
      assertThat(found.texts())
          .extracting(Dependence.Text::name)
          .containsExactly(
              kind.spans() ? new String[] {"question", "passage"} : new String[] {"text"});
      assertThat(found.choice()).isNull();
    }
  }

  /// Whoever asks about other words of the passage gets their probability, not the best piece's;
  /// and one that is not there is told so.
  @Test
  void aPieceCanBeNamed(@TempDir Path folder) {
    TinyReaders.Kind kind = TinyReaders.Kind.BERT_SPANS;
    try (LoadedModel model = TinyReaders.load(folder, kind)) {
      Prompt prompt = model.passages().prompt("what color is the cat ?", "the cat is brown .");
      Dependence own = explained(model, prompt, DependenceOptions.DEFAULT);
      String other = own.answer().equals("brown") ? "cat" : "brown";
      Dependence named =
          explained(
              model, prompt, new DependenceOptions(new TargetSpec.Word(other), 8, 0, 1, 0, ""));
      assertThat(named.word().text()).isEqualTo(other);
      assertThat(named.answer()).isEqualTo(own.answer());
      assertThat(named.word().logProbability()).isLessThanOrEqualTo(own.word().logProbability());
      assertThat(named.tried()).isEmpty();
      DependenceOptions absent =
          new DependenceOptions(new TargetSpec.Word("green"), 8, 0, 1, 0, "");
      assertThatThrownBy(() -> explained(model, prompt, absent))
          .isInstanceOfSatisfying(
              LynceusException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST);
                assertThat(e).hasMessageContaining("does not hold 'green'");
              });
    }
  }

  @Test
  void whoeverStopsItIsObeyed(@TempDir Path folder) {
    TinyReaders.Kind kind = TinyReaders.Kind.BERT_WORDS;
    Progress stopped =
        new Progress() {
          @Override
          public void at(String stage, long done, long total) {}

          @Override
          public boolean cancelled() {
            return true;
          }
        };
    try (LoadedModel model = TinyReaders.load(folder, kind)) {
      Prompt prompt = TinyReaders.prompt(model, kind);
      assertThatThrownBy(() ->
              new DependenceExplainer(model, DependenceOptions.DEFAULT, stopped).explain(prompt))
          .isInstanceOfSatisfying(
              LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    }
  }
}
