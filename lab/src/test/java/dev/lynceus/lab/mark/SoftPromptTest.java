package dev.lynceus.lab.mark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.pupil.world.Colour;
import dev.lynceus.pupil.world.Item;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A border that is learned in front of a model that stays as it is: three classes of pictures,
/// each to be called by a word that the model would not say.
class SoftPromptTest {
  private static final int BORDER = 15;
  private static final int CLASSES = 3;

  private static LoadedModel model;

  @BeforeAll
  static void load() {
    model = LoadedModel.load("pupil", LoadOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  /// One thing in each picture; its colour is the class.
  private static List<SoftPrompt.Example> examples(long seed, int each) {
    World world = new World(seed, SceneRecipe.FREE.withItems(1, 1));
    Map<Colour, Integer> counts = new HashMap<>();
    List<Colour> classes = List.of(Colour.values()).subList(0, CLASSES);
    List<SoftPrompt.Example> examples = new ArrayList<>();
    for (int number = 0; examples.size() < each * CLASSES; number++) {
      Scene scene = world.scene(number);
      Item thing = scene.items().getFirst();
      if (classes.contains(thing.colour())
          && counts.merge(thing.colour(), 1, Integer::sum) <= each) {
        Prompt prompt =
            model.prompt(
                "What is the color of the " + thing.noun() + "?",
                List.of(model.picture("scene", scene.image())),
                "The color of the " + thing.noun() + " is");
        Colour wanted = classes.get((classes.indexOf(thing.colour()) + 1) % CLASSES);
        int[] answer =
            model.tokenizer().wordIds(wanted.word()).stream().mapToInt(Integer::intValue).toArray();
        examples.add(new SoftPrompt.Example(prompt, answer));
      }
    }
    return examples;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theLossHalvesAndNothingElseMoves(long seed) {
    List<SoftPrompt.Example> examples = examples(900 + seed, 1);
    double weights = weights();
    double before = SoftPrompt.plainLoss(model, examples);
    SoftPrompt prompt =
        SoftPrompt.learn(
            model,
            examples,
            new SoftPrompt.Settings(BORDER, Double.POSITIVE_INFINITY, 10, 3, .5, seed),
            Progress.NONE);
    double after = prompt.loss(model, examples);
    assertThat(prompt.losses()[0]).isGreaterThan(1);
    assertThat(after).as("from %s", before).isLessThan(before / 2);
    for (int row = BORDER; row < prompt.height() - BORDER; row++) {
      for (int column = BORDER; column < prompt.width() - BORDER; column++) {
        for (int channel = 0; channel < 3; channel++) {
          int at = (channel * prompt.height() + row) * prompt.width() + column;
          assertThat(prompt.values()[at]).isZero();
        }
      }
    }
    assertThat(weights()).isEqualTo(weights);
    // Without it the model is what it was.
    assertThat(SoftPrompt.plainLoss(model, examples)).isEqualTo(before);
  }

  @Test
  void theFirstLossIsThatOfThePlainModel() {
    List<SoftPrompt.Example> examples = examples(77, 1);
    SoftPrompt prompt =
        SoftPrompt.learn(
            model, examples, new SoftPrompt.Settings(0, .03, 3, 3, .02, 0), Progress.NONE);
    assertThat(prompt.losses()[0]).isEqualTo(SoftPrompt.plainLoss(model, examples), within(1e-3));
    assertThat(prompt.largest()).isLessThanOrEqualTo((double) .03f).isGreaterThan(.02);
    assertThat(prompt.losses()[2]).isLessThan(prompt.losses()[0]);
  }

  private static double weights() {
    double sum = 0;
    Weights all = model.checkpoint().weights();
    for (String name : all.names()) {
      try (Scope scope = Scope.open()) {
        sum += all.get(name).to(dev.lynceus.tensor.DType.FLOAT64).abs().sum().item();
      }
    }
    return sum;
  }
}
