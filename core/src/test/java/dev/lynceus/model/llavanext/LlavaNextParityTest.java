package dev.lynceus.model.llavanext;

import static dev.lynceus.model.llavanext.LlavaNextGolden.assertClose;
import static dev.lynceus.model.llavanext.LlavaNextGolden.file;
import static dev.lynceus.model.llavanext.LlavaNextGolden.picture;
import static dev.lynceus.model.llavanext.LlavaNextGolden.random;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.image.ProcessedPicture;
import dev.lynceus.model.Picture;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Safetensors;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LlavaNextParityTest {
  private static final String GOLDEN_PROMPT =
      "[INST] <image>\nWhat is the color of the dog? [/INST] The color of the dog is";

  private LoadedModel model;

  @BeforeAll
  void load() {
    model = LoadedModel.load(file("hub"), LoadOptions.DEFAULT);
  }

  @AfterAll
  void close() {
    model.close();
  }

  @Test
  void everyStageEqualsTheReference() {
    Prompt prompt = model.raw(GOLDEN_PROMPT, model.picture("photo.png", picture("photo.png")));
    Capture plan =
        Capture.of(
            "vision.hook_pixels",
            "projector.hook_packed",
            "embed.hook_merged",
            "hook_logits",
            "ln_final.hook_out");
    for (Point point :
        new Point[] {Point.vision(Site.RESID_POST), Point.RESID_POST, Point.PATTERN}) {
      plan = plan.and(Capture.request(point));
    }
    plan = plan.and(Capture.request(Point.vision(Site.RESID_PRE)).layers(0));
    try (Scope scope = Scope.open();
        Safetensors expected = Safetensors.open(file("expected.safetensors"));
        Run run = model.run(prompt, plan)) {
      assertThat(prompt.ids()).isEqualTo(expected.tensor("input_ids").toInts());
      assertThat(run.get(Point.vision(Site.PIXELS), 0).toFloats())
          .as("pixels, bit for bit")
          .isEqualTo(expected.tensor("pixel_values").toFloats());
      assertClose(
          "tower input",
          run.get(Point.vision(Site.RESID_PRE), 0),
          expected.tensor("vision.layer_input.0"));
      for (int l = 0; l < 3; l++) {
        assertClose(
            "tower " + l,
            run.get(Point.vision(Site.RESID_POST), l),
            expected.tensor("vision.block_output." + l));
        assertClose(
            "layer " + l, run.get(Point.RESID_POST, l), expected.tensor("lm.block_output." + l));
      }
      assertClose("packed", run.get(Point.PROJECTOR_PACKED, 0), expected.tensor("image_features"));
      assertClose("merged", run.get(Point.EMBED_MERGED, 0), expected.tensor("lm.inputs_embeds"));
      assertClose("attention", run.get(Point.PATTERN, 2), expected.tensor("lm.attentions.2"));
      assertClose("norm", run.get(Point.LN_FINAL_OUT, 0), expected.tensor("lm.hidden_states.3"));
      assertClose("logits", run.get(Point.LOGITS, 0), expected.tensor("logits"));
      assertClose("last logits", run.logits(), expected.tensor("logits_last"));
    }
  }

  @Test
  void greedyTextEqualsTheReference() {
    Prompt prompt = model.raw(GOLDEN_PROMPT, model.picture("photo.png", picture("photo.png")));
    try (Scope scope = Scope.open();
        Safetensors expected = Safetensors.open(file("expected.safetensors"));
        Generation answer = model.generate(prompt, GenerationOptions.greedy(8), Capture.NONE)) {
      assertThat(answer.answer().ids()).isEqualTo(expected.tensor("generated_ids").toInts());
      assertThat(answer.answer().text().strip()).isEqualTo("'tR onantS col onant");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exact.png", "small.png"})
  void viewsEqualTheReferenceProcessor(String name) {
    Picture seen = model.picture(name, picture(name));
    try (Scope scope = Scope.open();
        Safetensors expected = Safetensors.open(file("image_cases.safetensors"))) {
      Tensor pixels =
          Torch.stack(
              seen.views().stream()
                  .map(view ->
                      Tensor.of(view.pixels(), view.channels(), view.height(), view.width()))
                  .toList(),
              0);
      assertThat(pixels.toFloats()).isEqualTo(expected.tensor(name + ".pixel_values").toFloats());
      assertThat(new int[] {seen.original().height(), seen.original().width()})
          .isEqualTo(expected.tensor(name + ".image_sizes").toInts());
    }
  }

  /// Wide, tall, square, as wide as the widest tiles, cut on one side and on the other, and slivers
  /// of which no row or hardly a column of patches stays.
  @ParameterizedTest
  @CsvSource({
    "200, 50, 0",
    "40, 150, 1",
    "56, 56, 2",
    "300, 40, 3",
    "61, 113, 4",
    "168, 56, 5",
    "100, 99, 6",
    "113, 61, 7",
    "2, 90, 8",
    "90, 2, 9",
    "37, 29, 10"
  })
  void picturesOfEveryShapeArePackedAsTheReferenceDoes(int width, int height, int seed) {
    String name = width + "x" + height;
    Picture picture = model.picture(name, random(width, height, seed));
    Prompt prompt = model.raw("[INST] <image>\nWhat is it? [/INST]", picture);
    try (Scope scope = Scope.open();
        Safetensors expected = Safetensors.open(file("aspects.safetensors"));
        Run run = model.run(prompt, Capture.of("projector.hook_packed"))) {
      assertThat(picture.views()).hasSize(expected.tensor(name + ".views").toInts()[0]);
      assertThat(prompt.ids()).isEqualTo(expected.tensor(name + ".input_ids").toInts());
      assertThat(run.get(Point.PROJECTOR_PACKED, 0).shape())
          .containsExactly(1, expected.tensor(name + ".image_features").size(0), 64);
      assertClose(
          "packed", run.get(Point.PROJECTOR_PACKED, 0), expected.tensor(name + ".image_features"));
      assertClose("logits", run.logits(), expected.tensor(name + ".logits_last"));
    }
  }

  @Test
  void twoPicturesWithDifferentTilesInOnePrompt() {
    Prompt prompt =
        model.raw(
            "[INST] <image>\n<image>\nWhich is red? [/INST]",
            model.picture("a", random(200, 50, 0)),
            model.picture("b", random(61, 113, 4)));
    try (Scope scope = Scope.open();
        Safetensors expected = Safetensors.open(file("aspects.safetensors"));
        Run run = model.run(prompt, Capture.of("projector.hook_packed"))) {
      assertThat(prompt.ids()).isEqualTo(expected.tensor("two.input_ids").toInts());
      assertClose(
          "packed", run.get(Point.PROJECTOR_PACKED, 0), expected.tensor("two.image_features"));
      assertClose("logits", run.logits(), expected.tensor("two.logits_last"));
    }
  }

  /// Negative control: the same tiles in another order are told apart by far more than the
  /// tolerance.
  @Test
  void tilesInTheWrongOrderGiveOtherLogits() {
    Picture right = model.picture("p", random(61, 113, 4));
    Picture swapped =
        new Picture(
            "p",
            right.original(),
            new ProcessedPicture(
                List.of(
                    right.views().get(0),
                    right.views().get(1),
                    right.views().get(3),
                    right.views().get(2),
                    right.views().get(4)),
                right.layout()));
    String text = "[INST] <image>\nWhat is it? [/INST]";
    try (Scope scope = Scope.open();
        Run first = model.run(model.raw(text, right), Capture.NONE);
        Run second = model.run(model.raw(text, swapped), Capture.NONE)) {
      assertThat(first.logits().sub(second.logits()).abs().max().item()).isGreaterThan(1e-2);
    }
  }
}
