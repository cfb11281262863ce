package dev.lynceus.method.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.Blind;
import dev.lynceus.method.LogitLens;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.model.Attends;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is told about an answer: a hidden picture is hidden, confidences are the lens, a word that
/// is taken away is away.
class EvidenceTest {
  private static final int[] ANSWER = {7, 9, 11};

  @TempDir static Path folder;
  private static LoadedModel model;
  private static Prompt prompt;

  @BeforeAll
  static void open() {
    model = TinyModels.load(folder, Family.LLAVA_CLIP);
    prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Evidence explain(Prompt asked, EvidenceOptions options) {
    return new EvidenceExplainer(model, options, Progress.NONE).explain(asked, ANSWER, true);
  }

  private static EvidenceOptions away(double strength) {
    return new EvidenceOptions(
        InternalConfidence.Reading.NORMED, 4, null, "dog", new ProjectAway(1, 1, strength));
  }

  @Test
  void withoutThePictureEveryPictureIsTheSame() {
    Prompt other = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 2);
    Evidence one = explain(prompt, EvidenceOptions.DEFAULT);
    Evidence two = explain(other, EvidenceOptions.DEFAULT);
    assertThat(one.words()).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(two.words().get(i).blind()).isCloseTo(one.words().get(i).blind(), within(1e-6));
      assertThat(two.words().get(i).logProbability())
          .as("the picture matters")
          .isNotCloseTo(one.words().get(i).logProbability(), within(1e-6));
    }
  }

  @Test
  void nothingAttendsToAHiddenPicture() {
    try (Run run =
            model.run(prompt, Capture.of("pattern"), Blind.hide(prompt.tokens(), Attends.CAUSAL));
        Scope scope = Scope.open()) {
      for (int l = 0; l < TinyModels.LAYERS; l++) {
        Tensor pattern = run.get(Point.PATTERN, l).select(0, 0);
        float[] values = pattern.toFloats();
        int length = prompt.length();
        for (int row = 0; row < values.length / length; row++) {
          boolean image = prompt.tokens().spots().get(row % length).role() == TokenMap.Role.IMAGE;
          double all = 0;
          double paid = 0;
          for (int p = 0; p < length; p++) {
            double value = values[row * length + p];
            all += value;
            paid += prompt.tokens().spots().get(p).role() == TokenMap.Role.IMAGE ? value : 0;
          }
          assertThat(all).isCloseTo(1, within(1e-5));
          if (!image) {
            assertThat(paid).isZero();
          }
        }
      }
    }
  }

  @Test
  void confidencesAreTheLens() {
    int[] image = prompt.tokens().image(0);
    int[] word = {7, 12};
    Capture plan =
        Capture.of(
            Capture.request(Point.RESID_PRE),
            Capture.request(Point.RESID_POST).layers(TinyModels.LAYERS - 1));
    try (Run run = model.run(prompt, plan)) {
      InternalConfidence.Result normed =
          new InternalConfidence(InternalConfidence.Reading.NORMED)
              .of(run, image, List.of(word), Progress.NONE)
              .getFirst();
      double[] best = new double[image.length];
      double[] paper = new double[image.length];
      for (int i = 0; i < image.length; i++) {
        try (Scope scope = Scope.open()) {
          Tensor states = LogitLens.states(run, image[i]);
          for (int depth = 0; depth <= TinyModels.LAYERS; depth++) {
            Tensor state = states.narrow(0, depth, 1);
            best[i] = Math.max(best[i], most(own(state), word, 64));
            Tensor bare = depth < TinyModels.LAYERS ? none(state) : own(state);
            paper[i] = Math.max(paper[i], most(bare, word, 50));
          }
        }
      }
      assertThat(normed.patches()).containsExactly(best, within(1e-5));
      assertThat(normed.value()).isEqualTo(Arrays.stream(normed.patches()).max().orElseThrow());
      assertThat(normed.patches()[normed.index()]).isEqualTo(normed.value());
      assertThat(
              new InternalConfidence(InternalConfidence.Reading.COMPATIBLE)
                  .of(run, image, List.of(word), Progress.NONE)
                  .getFirst()
                  .patches())
          .containsExactly(paper, within(1e-5));
    }
  }

  private static Tensor own(Tensor state) {
    return new LogitLens(LogitLens.Normalization.OWN).logits(model.model().decoder(), state);
  }

  private static Tensor none(Tensor state) {
    return new LogitLens(LogitLens.Normalization.NONE).logits(model.model().decoder(), state);
  }

  /// The larger probability of some tokens where only the best ones share it.
  private static double most(Tensor logits, int[] ids, int kept) {
    double[] values = logits.toDoubles();
    double least = Arrays.stream(values).sorted().toArray()[Math.max(0, values.length - kept)];
    double sum = Arrays.stream(values).filter(v -> v >= least).map(Math::exp).sum();
    return Arrays.stream(ids)
        .mapToDouble(id -> values[id] < least ? 0 : Math.exp(values[id]) / sum)
        .max()
        .orElseThrow();
  }

  @Test
  void sharesAddUpToWhatAllPositionsBring() {
    Evidence found = explain(prompt, EvidenceOptions.DEFAULT);
    for (Evidence.Word word : found.words()) {
      assertThat(word.imageShare()).isBetween(0.0, 1.0);
    }
    assertThat(new Shares(2, 1, -3, 1).imageShare()).isEqualTo(.5);
    assertThat(new Shares(-1, 1, 0, 0).imageShare()).isZero();
    assertThat(new Shares(-1, -1, 0, 0).imageShare()).isZero();
  }

  @Test
  void aWordThatIsTakenAwayIsAway() {
    ProjectAway whole = new ProjectAway(1, 1, 1);
    float[] direction = whole.direction(model, "dog");
    int[] image = prompt.tokens().image(0);
    Capture plan = Capture.of(Capture.request(Point.RESID_PRE).layers(1));
    try (Run clean = model.run(prompt, plan);
        Run changed = model.run(prompt, plan, whole.change(direction));
        Scope scope = Scope.open()) {
      Tensor axis = Tensor.of(direction, direction.length);
      for (int p = 0; p < prompt.length(); p++) {
        double before = along(clean, p, axis);
        double after = along(changed, p, axis);
        boolean seen = Arrays.binarySearch(image, p) >= 0;
        assertThat(after)
            .as("position %d", p)
            .isCloseTo(seen ? Math.min(0, before) : before, within(1e-4));
      }
      assertThat(Arrays.stream(image).filter(p -> along(clean, p, axis) > 0).count())
          .as("there was something to take")
          .isPositive();
    }
  }

  private static double along(Run run, int position, Tensor axis) {
    try (Scope scope = Scope.open()) {
      return run.get(Point.RESID_PRE, 1).select(0, 0).select(0, position).mul(axis).sum().item();
    }
  }

  @Test
  void strengthZeroTakesNothing() {
    Evidence.Removed nothing = explain(prompt, away(0)).removed();
    Evidence.Removed something = explain(prompt, away(3)).removed();
    Evidence found = explain(prompt, EvidenceOptions.DEFAULT);
    assertThat(found.removed()).isNull();
    assertThat(nothing).isNotNull();
    assertThat(something).isNotNull();
    assertThat(nothing.after()).isEqualTo(nothing.before());
    assertThat(nothing.heldAfter()).isCloseTo(nothing.held(), within(1e-6));
    for (int i = 0; i < 3; i++) {
      double clean = found.words().get(i).logProbability();
      assertThat(nothing.words()[i]).isCloseTo(clean, within(1e-6));
      assertThat(something.words()[i]).isNotCloseTo(clean, within(1e-6));
    }
    assertThat(new ProjectAway(1, 1, 3).change(new float[] {1}).op())
        .isInstanceOf(Op.Project.class);
  }

  @Test
  void verdictsFollowTheThresholds() {
    Evidence.Held held = new Evidence.Held(.2, 1, "image[0]", List.of());
    Evidence.Word word =
        Evidence.Word.measured("brown", 9, -1, -5, new Shares(1, 0, 0, 0), held, null, null);
    List<Evidence.Asked> dog = List.of(new Evidence.Asked("dog", held, 3, true, true, ""));
    assertThat(limits(5).word(word, dog)).isEqualTo(Verdict.TEXT);
    Evidence.Word against = lowered(-9, -2);
    assertThat(limits(5).word(against, dog)).isEqualTo(Verdict.CONTRADICTED);
    assertThat(limits(8).word(against, dog)).isEqualTo(Verdict.TEXT);
    assertThat(limits(5).word(lowered(-.1, 7), dog))
        .as("it stays the likeliest word")
        .isEqualTo(Verdict.TEXT);
    assertThat(limits(3).premise(1, 0)).isEqualTo(Verdict.IMAGE);
    assertThat(limits(3).premise(0, 0)).isEqualTo(Verdict.UNSUPPORTED);
    assertThat(limits(3).premise(0, -4)).isEqualTo(Verdict.CONTRADICTED);
    assertThat(limits(3).word(word, dog)).isEqualTo(Verdict.IMAGE);
    Thresholds.Limit low = new Thresholds.Limit(Score.PROBABILITY, -.5);
    Thresholds.Limit there = new Thresholds.Limit(Score.PRESENCE, 4);
    assertThat(limits(3, low).word(word, dog)).isEqualTo(Verdict.UNSUPPORTED);
    assertThat(limits(3, there).word(word, dog)).isEqualTo(Verdict.UNSUPPORTED);
    assertThat(limits(3, there).word(word, List.of())).as("nothing known").isEqualTo(Verdict.IMAGE);
    assertThat(limits(3, there).asked(dog.getFirst())).isEqualTo(Verdict.UNSUPPORTED);
    assertThat(limits(3, low).asked(dog.getFirst())).isEqualTo(Verdict.UNCALIBRATED);
    assertThat(explain(prompt, EvidenceOptions.DEFAULT).words().getFirst().verdict())
        .isEqualTo("uncalibrated");
  }

  /// A word that the picture lowers.
  private static Evidence.Word lowered(double log, double blind) {
    return Evidence.Word.measured("red", 9, log, blind, new Shares(0, 0, 0, 0), null, null, null);
  }

  private static Thresholds limits(double effect, Thresholds.Limit... limits) {
    return new Thresholds("r", "normed", effect, List.of(limits), 1., null, null);
  }

  @Test
  void boxesOutsideThePictureAreRefused() {
    List<TokenMap.ImageGrid> grids = prompt.tokens().grids();
    new NamedBox("cat", List.of(0, 0, grids.getFirst().width(), 1), 0).check(grids);
    assertThatThrownBy(() -> new NamedBox("cat", List.of(0, 0, 9999, 1), 0).check(grids))
        .hasMessageContaining("does not lie in");
    assertThatThrownBy(() -> new NamedBox("cat", List.of(0, 0, 1, 1), 3).check(grids))
        .hasMessageContaining("in picture 3");
  }

  @Test
  void aModelWithoutThresholdsStillTellsWhatAWordRestsOn() {
    TokenMap.ImageGrid grid = prompt.tokens().grids().getFirst();
    Whose whose =
        new WhoseFinder(
                model,
                PatchMethod.named(EvidenceOptions.MAP).getFirst(),
                List.of(new NamedBox("cat", List.of(0, 0, grid.width(), grid.height()), 0)),
                Progress.NONE)
            .of(prompt, ANSWER, new int[] {1, 2}, "color", "dog");
    assertThat(whose).isNotNull();
    assertThat(whose.boxed()).isTrue();
    assertThat(whose.owner()).isEqualTo("cat");
    assertThat(whose.candidates().getFirst().share()).as("all of it").isCloseTo(1, within(1e-9));
    assertThat(whose.test().before()).isNegative();
    assertThat(whose.test().elsewhere()).as("nothing is left to compare with").isEmpty();
    assertThat(whose.position()).isEqualTo(prompt.length() + 1);
    Evidence found = explain(prompt, EvidenceOptions.DEFAULT);
    assertThat(found.words()).allSatisfy(word -> assertThat(word.reliability()).isNull());
  }

  @Test
  void whatCannotBeJudgedIsRefused() {
    EvidenceExplainer explainer =
        new EvidenceExplainer(model, EvidenceOptions.DEFAULT, Progress.NONE);
    assertThatThrownBy(() -> explainer.explain(model.raw("what color is the dog"), "red"))
        .hasMessageContaining("no picture");
    assertThatThrownBy(() -> explainer.explain(prompt, new int[0], true))
        .hasMessageContaining("answered nothing");
    assertThatThrownBy(() -> new ProjectAway(9, 1, 1).check(3)).hasMessageContaining("depth 9");
    assertThatThrownBy(() -> Thresholds.parse("{}", "x")).hasMessage("x holds no thresholds");
    assertThatThrownBy(() -> limits(1).fitting("s", InternalConfidence.Reading.NORMED))
        .hasMessageContaining("measured on r");
    assertThatThrownBy(() -> InternalConfidence.Reading.parse("loud"))
        .hasMessageContaining("'loud'");
  }

  @Test
  void softmaxOfNothingElse() {
    // Guards the brute force above: a lens over all tokens sums to one.
    try (Scope scope = Scope.open()) {
      Tensor any = Torch.randn(3, 1, 64);
      double sum = Arrays.stream(any.toDoubles()).map(Math::exp).sum();
      assertThat(most(any, new int[] {0}, 64))
          .isCloseTo(Math.exp(any.toDoubles()[0]) / sum, within(1e-9));
    }
  }

  /// Of 32 layers the authors read the word at depth 1 and change the output of layer 2.
  @Test
  void theStandardDepthsAreThoseOfTheAuthors() {
    assertThat(ProjectAway.standard(32)).isEqualTo(new ProjectAway(1, 3, 1.5));
    assertThat(ProjectAway.standard(4)).isEqualTo(new ProjectAway(1, 1, 1.5));
    for (int layers = 1; layers < 100; layers++) {
      ProjectAway.standard(layers).check(layers);
    }
  }
}
