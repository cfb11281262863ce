package dev.lynceus.method.zone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.method.Target;
import dev.lynceus.method.causal.AttentionKnockout;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.method.score.Truth;
import dev.lynceus.model.Picture;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Zones of pictures, questions and answers: who can look at whom, cuts that let nothing through,
/// and the numbers of the knock-outs that other methods have.
class PictureZonesTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens");
  private static final String QUESTION = "What is the color of the car?";

  @TempDir static Path folder;

  private static PictureZones.Asked asked(LoadedModel model, Prompt prompt, Truth region) {
    try (Run run = model.run(prompt, Capture.NONE)) {
      int best = run.logits().reshape(-1).argmax(-1).toInts()[0];
      return new PictureZones.Asked(
          prompt, Target.token("word", prompt.length() - 1, best), "word", region);
    }
  }

  private static ZoneOptions options(int draws, Optional<Integer> headsOf) {
    ZoneOptions usual = ZoneOptions.DEFAULT;
    return new ZoneOptions(
        usual.kind(), usual.rows(), usual.whole(), 1, headsOf, draws, 3, usual.reading());
  }

  private static LoadedModel golden(String family) {
    return LoadedModel.load(GOLDENS.resolve(family).resolve("hub"), LoadOptions.DEFAULT);
  }

  /// A picture looks at the question where the question comes first, and never where it comes
  /// after.
  @Test
  void whoLooksAtWhomFollowsTheOrder() {
    try (LoadedModel model = golden("qwen2-vl")) {
      Picture picture = TinyModels.picture(model, 5);
      List<String> first = columns(model, ZoneOrder.PICTURE, picture);
      assertThat(first).containsExactly("ALL", "II", "QI", "QQ", "AI", "AQ", "AA");
      assertThat(columns(model, ZoneOrder.QUESTION, picture))
          .containsExactly("ALL", "II", "IQ", "QQ", "AI", "AQ", "AA");
      assertThat(columns(model, ZoneOrder.BOTH, picture))
          .containsExactly("ALL", "II", "IQ", "QI", "QQ", "AI", "AQ", "AA");
      Prompt both = ZoneOrder.BOTH.prompt(model, QUESTION, List.of(picture));
      Prompt one = ZoneOrder.PICTURE.prompt(model, QUESTION, List.of(picture));
      assertThat(both.question()).isEqualTo(QUESTION);
      assertThat(both.tokens().positions(TokenMap.Role.QUESTION))
          .hasSize(2 * one.tokens().positions(TokenMap.Role.QUESTION).length);
    }
  }

  private static List<String> columns(LoadedModel model, ZoneOrder order, Picture picture) {
    Prompt prompt = order.prompt(model, QUESTION, List.of(picture));
    return PictureZones.study(
            model,
            List.of(asked(model, prompt, Truth.NONE)),
            options(0, Optional.empty()),
            Progress.NONE)
        .columns();
  }

  /// Pictures and words that see each other in both directions need no order for it.
  @Test
  void whereAllSeeAllThePictureLooksAtTheQuestion() {
    try (LoadedModel model = golden("paligemma")) {
      Picture picture = TinyModels.picture(model, 5);
      assertThat(columns(model, ZoneOrder.PICTURE, picture)).contains("IQ", "QI");
    }
  }

  /// Layers that see a few positions only may have nothing left to look at: they say nothing there.
  @Test
  void aWindowMayHideWhatIsLeft() {
    try (LoadedModel model = golden("gemma3")) {
      Picture picture = TinyModels.picture(model, 5);
      Prompt prompt = ZoneOrder.PICTURE.prompt(model, QUESTION, List.of(picture));
      ZoneStudy study =
          PictureZones.study(
              model,
              List.of(asked(model, prompt, Truth.NONE)),
              options(1, Optional.empty()),
              Progress.NONE);
      for (ZoneStudy.LayerRow row : study.layers()) {
        for (ZoneStudy.Cell cell : row.cells()) {
          assertThat(cell.log().value()).isFinite();
        }
      }
    }
  }

  @Test
  void aTemplateWithAnOrderOfItsOwnIsTold() {
    try (LoadedModel model = golden("llava-llama")) {
      Picture picture = TinyModels.picture(model, 5);
      assertThatThrownBy(() -> ZoneOrder.QUESTION.prompt(model, QUESTION, List.of(picture)))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("order of its own");
    }
  }

  /// What is not there to be taken away changes nothing; nor does a question that the picture
  /// cannot see.
  @Test
  void looksThatAreNotThereAreNotMissed() {
    Family family = Family.LLAVA_CLIP;
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, "what color is the dog", 4);
      int[] image = prompt.tokens().positions(TokenMap.Role.IMAGE);
      int[] after = IntStream.range(image[image.length - 1] + 1, prompt.length()).toArray();
      try (Run run = model.run(prompt, Sweep.base(model))) {
        Knockout mask =
            new Knockout(Knockout.Kind.MASK, Knockout.Rows.ZONE, Indices.ALL, Indices.ALL);
        try (Run cut = run.replay(mask.changes(run, image, after), Capture.NONE)) {
          assertThat(cut.logits().toFloats()).isEqualTo(run.logits().toFloats());
        }
      }
    }
  }

  /// With all rows behind it blind for the picture, another picture gives the same answer; with the
  /// template's rows open it does not.
  @Test
  void aCompleteCutLetsNothingThrough() {
    Family family = Family.LLAVA_CLIP;
    try (LoadedModel model = TinyModels.load(folder, family)) {
      assertThat(difference(model, family, true)).isZero();
      assertThat(difference(model, family, false)).isGreaterThan(1e-4);
    }
  }

  private static double difference(LoadedModel model, Family family, boolean open) {
    double[][] logits = new double[2][];
    for (int i = 0; i < 2; i++) {
      Prompt prompt = TinyModels.prompt(model, family, "what color is the dog", 4 + i);
      int[] image = prompt.tokens().positions(TokenMap.Role.IMAGE);
      int last = prompt.length() - 1;
      int[] rows =
          open
              ? IntStream.rangeClosed(image[image.length - 1] + 1, last).toArray()
              : new int[] {last};
      try (Run run = model.run(prompt, Sweep.base(model))) {
        Knockout mask =
            new Knockout(Knockout.Kind.MASK, Knockout.Rows.ZONE, Indices.ALL, Indices.ALL);
        try (Run cut = run.replay(mask.changes(run, rows, image), Capture.NONE)) {
          logits[i] = cut.logits().reshape(-1).toDoubles();
        }
      }
    }
    return IntStream.range(0, logits[0].length)
        .mapToDouble(i -> Math.abs(logits[0][i] - logits[1][i]))
        .max()
        .orElseThrow();
  }

  /// A row that a mask leaves nothing to look at looks at nothing, and no number is lost.
  @Test
  void aRowWithNothingToLookAtIsZero() {
    Family family = Family.LLAVA_CLIP;
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, "what color is the dog", 4);
      int[] first = {0, 1, 2};
      try (Run run = model.run(prompt, Sweep.base(model))) {
        Knockout mask = Knockout.of(Knockout.Kind.MASK, Knockout.Rows.ZONE, 0);
        Capture heads = Capture.of("blocks.0.attn.hook_z");
        try (Run cut = run.replay(mask.changes(run, first, first), heads)) {
          Tensor z = cut.get(Point.Z, 0).select(0, 0);
          assertThat(z.narrow(0, 0, 3).abs().sum().item()).isZero();
          assertThat(z.narrow(0, 3, 1).abs().sum().item()).isPositive();
        }
        try (Run cut = run.replay(mask.changes(run, first, first), Capture.NONE)) {
          for (float one : cut.logits().toFloats()) {
            assertThat(one).isFinite();
          }
        }
      }
    }
  }

  /// The column of the answer at the picture is the knock-out of `last:image`; of a model with one
  /// layer silenced the whole changes nothing there.
  @Test
  void theNumbersAreThoseOfKnockouts() {
    try (LoadedModel model = golden("qwen2-vl")) {
      Picture picture = TinyModels.picture(model, 5);
      Prompt prompt = ZoneOrder.PICTURE.prompt(model, QUESTION, List.of(picture));
      PictureZones.Asked asked = asked(model, prompt, Truth.NONE);
      ZoneStudy study =
          PictureZones.study(model, List.of(asked), options(2, Optional.of(1)), Progress.NONE);
      AttentionKnockout knockout =
          new AttentionKnockout(
              List.of(
                  AttentionKnockout.Edge.parse("last:image"),
                  AttentionKnockout.Edge.parse("question:image")),
              1,
              List.of());
      try (Run run = model.run(prompt, knockout.capture(model))) {
        Readout readout =
            Readout.of(
                run, OptionalInt.of(asked.target().aims().getFirst().id()), OptionalInt.empty());
        CausalMap map = knockout.explain(run, readout, Job.QUIET);
        double clean = readout.of(run).logProbability();
        for (int l = 0; l < study.layers().size(); l++) {
          List<ZoneStudy.Cell> cells = study.layers().get(l).cells();
          assertThat(cells.get(study.columns().indexOf("AI")).log().value())
              .isCloseTo(map.cells().get(l).get(0).logProbability() - clean, within(1e-5));
          assertThat(cells.get(study.columns().indexOf("QI")).log().value())
              .isCloseTo(map.cells().get(l).get(1).logProbability() - clean, within(1e-5));
        }
      }
      assertThat(study.heads()).hasSize(model.model().decoder().config().heads());
      assertThat(study.layers().getFirst().cells().get(1).random()).isPresent();
      assertThat(study.exact().value()).isEqualTo(1);
      assertThat(study.f1().value()).isNaN();
      assertThat(ZoneWords.conclusion(study)).contains("layer");
    }
  }

  /// A region and the rest of the picture are the picture: what is looked at adds up.
  @Test
  void aRegionIsAZoneOfItsOwn() {
    try (LoadedModel model = golden("qwen2-vl")) {
      Picture picture = TinyModels.picture(model, 5);
      Prompt prompt = ZoneOrder.PICTURE.prompt(model, QUESTION, List.of(picture));
      int half = picture.original().width() / 2;
      Truth left = Truth.box(new ImageRegion(0, 0, half, picture.original().height()));
      Map<String, Zones.Zone> whole = PictureZones.zones(model, asked(model, prompt, Truth.NONE));
      Map<String, Zones.Zone> parts = PictureZones.zones(model, asked(model, prompt, left));
      assertThat(parts.get("R").positions()).isNotEmpty();
      assertThat(
              IntStream.concat(
                      Arrays.stream(parts.get("R").positions()),
                      Arrays.stream(parts.get("I").positions()))
                  .sorted()
                  .toArray())
          .isEqualTo(whole.get("I").positions());
      List<Zones.Pair> pairs =
          List.of(
              new Zones.Pair(whole.get("A"), whole.get("I")),
              new Zones.Pair(parts.get("A"), parts.get("I")),
              new Zones.Pair(parts.get("A"), parts.get("R")));
      double[][][] mass = ZoneMass.of(model, prompt, pairs, Progress.NONE);
      for (double[][] layer : mass) {
        for (double[] head : layer) {
          assertThat(head[1] + head[2]).isCloseTo(head[0], within(1e-6));
        }
      }
    }
  }

  @Test
  void picturesThatAreReadElsewhereAreRefused() {
    try (LoadedModel model = golden("blip-vqa")) {
      Prompt prompt = model.prompt(QUESTION, TinyModels.picture(model, 5));
      assertThatThrownBy(() ->
              PictureZones.study(
                  model,
                  List.of(asked(model, prompt, Truth.NONE)),
                  ZoneOptions.DEFAULT,
                  Progress.NONE))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("cross-attention");
    }
  }
}
