package dev.lynceus.method.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.Backward;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Acceptance check 2 of rank-one editing: its algebra, that it says what it shall, and that the
/// files stay what they are.
class RomeTest {
  private static final int LAYER = 0;

  @TempDir static Path folder;
  private static Path files;
  private static LoadedModel model;
  private static Prompt prompt;
  private static Place place;
  private static Rome.Fitted fitted;

  @BeforeAll
  static void fit() {
    Path own = folder.resolve("llava");
    files = TinyModels.write(own, Family.LLAVA_CLIP, 7);
    model = LoadedModel.load(files, LoadOptions.DEFAULT);
    prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 3);
    int[] said = {model.tokenizer().wordIds("blue").getFirst()};
    place = Place.of(model, prompt, "dog", new int[0], "blue", said);
    try (KeyMoments moments =
        KeyMoments.of(
            model,
            List.of(prompt, TinyModels.prompt(model, Family.LLAVA_CLIP, "a cat on a mat", 5)),
            LAYER,
            Progress.NONE)) {
      fitted = Rome.at(LAYER).fit(model, List.of(place), Optional.empty(), moments, Progress.NONE);
    }
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void theSubjectIsFoundWhereItIsNamedLast() {
    String token = model.tokenizer().text(prompt.ids()[place.subject()]).strip();
    assertThat(token).isEqualTo("dog");
    assertThat(Place.named(model, prompt, "do")).as("no part of a word").isEmpty();
    assertThat(Place.named(model, prompt, "DOG")).hasValue(place.subject());
    assertThatThrownBy(() -> Place.of(model, prompt, "cat", new int[0], "blue", new int[] {1}))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("cat");
  }

  @Test
  void theEditedModelSaysWhatItShall() {
    double before = log(model);
    try (LoadedModel edited = edited()) {
      assertThat(log(edited)).isGreaterThan(before + 1);
      assertThat(edited.notes()).anyMatch(note -> note.contains(fitted.edit().tensor()));
    }
    assertThat(fitted.loss()).isLessThan(fitted.losses().getFirst());
    assertThat(log(model)).as("the model itself").isEqualTo(before);
    assertThat(fitted.length()).isLessThanOrEqualTo(4 + 1e-6);
  }

  @Test
  void theMatrixGivesTheValueForTheKeyAndWhatItGaveForKeysAcross() {
    try (LoadedModel edited = edited();
        Scope scope = Scope.open();
        Run run = model.run(prompt, KeyMoments.capture(LAYER))) {
      Tensor w = Rome.matrix(model, LAYER).to(DType.FLOAT64);
      Tensor after = Rome.matrix(edited, LAYER).to(DType.FLOAT64);
      Tensor key =
          run.get(Point.MLP_POST, LAYER)
              .select(0, 0)
              .select(0, place.subject())
              .to(DType.FLOAT64)
              .reshape(-1, 1);
      Tensor u = column(fitted.edit().right());
      assertThat(u.square().sum().item()).isCloseTo(1, within(1e-6));
      double along = key.mul(u).sum().item();
      // W' k = v = W k + (what was sought).
      Tensor added = column(fitted.edit().left()).mul(along);
      Tensor value = w.matmul(key).add(added);
      double scale = value.abs().max().item();
      assertThat(after.matmul(key).sub(value).abs().max().item() / scale).isLessThan(1e-5);
      // A key across u: what is left of one along nothing in particular.
      Tensor any = Torch.randn(3, key.size(0), 1).to(DType.FLOAT64);
      Tensor across = any.sub(u.mul(any.mul(u).sum().item()));
      assertThat(after.matmul(across).sub(w.matmul(across)).abs().max().item()).isLessThan(1e-5);
      // Rank one: every row of the change is a multiple of u.
      Tensor change = after.sub(w);
      Tensor rest = change.sub(change.matmul(u).matmul(u.t()));
      assertThat(rest.abs().max().item() / change.abs().max().item()).isLessThan(1e-4);
    }
  }

  @Test
  void withoutTheEditEveryByteIsThatOfTheCheckpoint() {
    float[] before = weights(model);
    edited().close();
    try (LoadedModel again = LoadedModel.load(files, LoadOptions.DEFAULT)) {
      assertThat(weights(again)).isEqualTo(before);
    }
    try (LoadedModel edited = edited()) {
      assertThat(weights(edited)).isNotEqualTo(before);
      for (String name : edited.checkpoint().names()) {
        assertThat(edited.checkpoint().tensor(name).toFloats())
            .isEqualTo(model.checkpoint().tensor(name).toFloats());
      }
    }
  }

  /// The direction against the equation that it solves.
  @Test
  void theDirectionSolvesItsEquation() {
    try (Scope scope = Scope.open();
        KeyMoments moments = KeyMoments.of(Torch.randn(5, 40, 12))) {
      float[] key = Torch.randn(6, 12).toFloats();
      Tensor u = column(moments.whitened(key, 0));
      Tensor keys = Torch.randn(5, 40, 12).to(DType.FLOAT64);
      Tensor cu = keys.t().matmul(keys.matmul(u)).mul(1.0 / 40);
      Tensor k = column(key);
      double cosine =
          cu.mul(k).sum().item() / Math.sqrt(cu.square().sum().item() * k.square().sum().item());
      assertThat(cosine).isCloseTo(1, within(1e-9));
    }
  }

  /// The divergence's gradient against differences.
  @Test
  void theMeanLogProbabilityOfAllWordsHasTheGradientOfItsDifferences() {
    try (LoadedModel wide = LoadedModel.load(files, LoadOptions.DEFAULT.compute(DType.FLOAT64));
        Scope scope = Scope.open();
        Run run = wide.run(prompt, Capture.of(Capture.request(Point.RESID_POST).layers(LAYER)))) {
      double[] p = Torch.softmax(run.logits().reshape(-1).mul(.5), 0).toDoubles();
      Objective mean = Objective.mean(prompt.length() - 1, p);
      Backward backward = new Backward(run);
      Tensor x = run.get(Point.RESID_POST, LAYER).copy();
      Tensor slope = backward.from(LAYER + 1, x, mean).slopes();
      Tensor way = Torch.randn(9, x.shape()).to(DType.FLOAT64);
      double h = 1e-5;
      double up = backward.from(LAYER + 1, x.copy().add_(way, h), mean).values()[0];
      double down = backward.from(LAYER + 1, x.copy().add_(way, -h), mean).values()[0];
      assertThat(slope.mul(way).sum().item()).isCloseTo((up - down) / (2 * h), within(1e-6));
    }
  }

  @Test
  void theLastLayerIsRefused() {
    int last = model.model().decoder().config().layers() - 1;
    assertThatThrownBy(() -> Rome.matrix(model, last))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("layer " + last);
  }

  private static LoadedModel edited() {
    return LoadedModel.load(files, LoadOptions.DEFAULT.edits(List.of(fitted.edit())));
  }

  private static double log(LoadedModel asked) {
    try (Run run = asked.run(prompt, Capture.NONE);
        Scope scope = Scope.open()) {
      Target.Aim aim = place.target().aims().getFirst();
      return Torch.logSoftmax(run.logits().reshape(-1), 0).toFloats()[aim.id()];
    }
  }

  private static float[] weights(LoadedModel asked) {
    return Rome.matrix(asked, LAYER).toFloats();
  }

  private static Tensor column(float[] values) {
    return Tensor.of(values, values.length, 1).to(DType.FLOAT64);
  }
}
