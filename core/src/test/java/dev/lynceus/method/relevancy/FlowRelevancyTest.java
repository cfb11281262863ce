package dev.lynceus.method.relevancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.FlowGraph;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Piece;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyReaders;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Relevancy through stacks that read each other, against the rules computed elsewhere in float64
/// from the reference library's attentions and their gradients, and by hand.
class FlowRelevancyTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens");

  private static Prompt asked(LoadedModel model) {
    var photo = new ImageFileReader().read(GOLDENS.resolve("images/photo.png"));
    return model
        .prompt("What is the color of the dog?", model.picture("photo", photo))
        .withAnswer(226, 194);
  }

  private static double[] expected(String name) throws Exception {
    try (InputStream file = FlowRelevancyTest.class.getResourceAsStream("flow.json")) {
      JsonNode all = JsonMapper.builder().build().readTree(file.readAllBytes());
      return IntStream.range(0, all.path(name).size())
          .mapToDouble(i -> all.path(name).get(i).asDouble())
          .toArray();
    }
  }

  private static void same(double[] found, double[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).as("%d", i).isCloseTo(expected[i], within(2e-5));
    }
  }

  /// A wrong order of the rules, a missing transposition or a missing norm gives other numbers: the
  /// values of the reference differ by more than 1e-3 then.
  @Test
  void wordsReachTheQuestionAndThePictureAsTheRulesSay() throws Exception {
    try (LoadedModel model =
        LoadedModel.load(GOLDENS.resolve("blip-vqa/hub"), LoadOptions.DEFAULT)) {
      Prompt prompt = asked(model);
      try (Scope scope = Scope.open();
          Run run = model.run(prompt, Capture.NONE)) {
        Target brown = Target.token("brown", prompt.length() - 1, 186);
        FlowGraph graph = FlowGraph.of(run, FlowRelevancy.points(model.model()));
        FlowRelevancy.Rows rows =
            FlowRelevancy.rows(graph, run, Objective.logits(brown).getFirst());
        same(rows.own(), expected("own"));
        same(rows.question(), expected("question"));
        same(rows.composed(), expected("image"));
        // What was followed back through the tower is not what left it, and patches are told alone.
        assertThat(Arrays.equals(rows.features(), rows.composed())).isFalse();
        RelevancyMaps.Result told =
            new RelevancyMaps().explain(run, List.of(brown), Progress.NONE).getFirst();
        TokenMap.View view = Inputs.seen(run).views().getFirst();
        assertThat(told.maps().getFirst().composed())
            .hasSize(view.tile().patches())
            .isEqualTo(
                IntStream.of(view.positions()).mapToDouble(p -> rows.composed()[p]).toArray());
        assertThat(told.imageShare()).isNaN();
      }
    }
  }

  @Test
  void aPieceIsReadAtItsBeginningAndItsEnd() throws Exception {
    try (LoadedModel model =
        LoadedModel.load(GOLDENS.resolve("bert-qa/hub"), LoadOptions.DEFAULT)) {
      Prompt prompt =
          model
              .passages()
              .prompt(
                  "What color was the ball?",
                  "The dog, a brown Labrador, chased the ball into the river. The color of the"
                      + " ball was red.");
      try (Run run = model.run(prompt, Capture.NONE)) {
        int length = prompt.length();
        Target piece = Target.token("", length - 1, new Piece(9, 12).id(length));
        same(
            new RelevancyMaps().explain(run, List.of(piece), Progress.NONE).getFirst().positions(),
            expected("piece"));
      }
    }
  }

  /// The gradient of every attention of every stack: a small step along it changes the score by
  /// what it says; a step along something else does not.
  @Test
  void gradientsAreThoseOfSmallSteps() {
    LoadOptions exact = LoadOptions.DEFAULT.compute(DType.FLOAT64);
    try (LoadedModel model = LoadedModel.load(GOLDENS.resolve("blip-vqa/hub"), exact)) {
      Prompt prompt = asked(model);
      try (Scope scope = Scope.open();
          Run run = model.run(prompt, Capture.NONE)) {
        Objective brown =
            Objective.logits(Target.token("brown", prompt.length() - 1, 186)).getFirst();
        FlowGraph graph = FlowGraph.of(run, FlowRelevancy.points(model.model()));
        Map<Captured.Key, Tensor> slopes = graph.back(brown);
        for (Point point :
            List.of(
                Point.vision(Site.PATTERN),
                Point.of(Stack.ENCODER, Site.PATTERN),
                Point.of(Stack.ENCODER, Site.CROSS_PATTERN),
                Point.PATTERN,
                Point.of(Stack.DECODER, Site.CROSS_PATTERN))) {
          for (int layer = 0; layer < model.model().layers(point.stack()); layer += 2) {
            Captured.Key key = new Captured.Key(point, layer);
            Tensor step = drawn(slopes.get(key).shape(), key.hashCode());
            double said = slopes.get(key).to(DType.FLOAT64).mul(step).sum().item();
            double there = graph.moved(Map.of(key, step.mul(1e-4))).value(brown);
            double back = graph.moved(Map.of(key, step.mul(-1e-4))).value(brown);
            assertThat((there - back) / 2e-4)
                .as(key.toString())
                .isCloseTo(said, within(1e-5 + 1e-5 * Math.abs(said)));
          }
        }
      }
    }
  }

  private static Tensor drawn(long[] shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    double[] values =
        IntStream.range(0, count).mapToDouble(i -> random.nextDouble() - .5).toArray();
    return Tensor.of(values, shape);
  }

  /// A reader has one stack: rows are those of rule 6, as the decoder's own way back finds them.
  @ParameterizedTest
  @EnumSource(TinyReaders.Kind.class)
  void readersHaveSharesOfAllThatTheyRead(TinyReaders.Kind kind, @TempDir Path folder) {
    try (LoadedModel model = TinyReaders.load(folder, kind)) {
      Prompt prompt = TinyReaders.prompt(model, kind);
      try (Run run = model.run(prompt, Capture.NONE)) {
        int id = run.logits().reshape(-1).argmax(-1).toInts()[0];
        Target target = Target.token("", run.batch().answering(0), id);
        double[] shares =
            new RelevancyMaps().explain(run, List.of(target), Progress.NONE).getFirst().positions();
        assertThat(Arrays.stream(shares).sum()).isCloseTo(1, within(1e-9));
        assertThat(shares).hasSize(prompt.length());
        assertThat(Arrays.stream(shares).allMatch(share -> share >= 0)).isTrue();
        if (!kind.spans()) {
          double[] other = RelevancyMaps.decoder(run, target);
          for (int p = 0; p < shares.length; p++) {
            assertThat(shares[p]).isCloseTo(other[p], within(1e-4));
          }
        }
      }
    }
  }

  // ---- the rules by hand

  private static Tensor matrix(double... rows) {
    int size = (int) Math.sqrt(rows.length);
    return Tensor.of(rows, size, size);
  }

  /// One layer each of two positions: `R_aq = n(R_aa)^T C n(R_qq)`, and of a third stack `R_ai = C
  /// R_qi`.
  @Test
  void threeStacksOfOneLayer() {
    try (Scope scope = Scope.open()) {
      Tensor image = matrix(.5, .25, 0, 1);
      Tensor asks = matrix(.5, .5, .25, .75);
      Tensor looks = matrix(1, 0, .5, .5);
      Tensor says = matrix(0, 0, .25, .25);
      Tensor reads = matrix(.5, 0, 0, 1);
      FlowRules rules =
          new FlowRules(
              List.of(
                  new FlowRules.Level(List.of(image), List.of(Optional.empty())),
                  new FlowRules.Level(List.of(asks), List.of(Optional.of(looks))),
                  new FlowRules.Level(List.of(says), List.of(Optional.of(reads)))));
      var all = rules.relevancies(true);
      // n(R) of one layer is I + C, each row of C divided by its sum.
      Tensor ni = matrix(5 / 3., 1 / 3., 0, 2);
      Tensor nq = matrix(1.5, .5, .25, 1.75);
      Tensor na = matrix(1, 0, .5, 1.5);
      Tensor qi = nq.transpose(0, 1).matmul(looks).matmul(ni);
      close(all.get(1).get(0), qi);
      close(all.get(2).get(1), na.transpose(0, 1).matmul(reads).matmul(nq));
      close(all.get(2).get(0), reads.matmul(qi));
      // What the first stack did with itself is a factor at the right.
      var near = rules.relevancies(false);
      close(all.get(2).get(0), near.get(2).get(0).matmul(ni));
      close(near.get(2).get(1), all.get(2).get(1));
      // Rule 6 twice: (I + C)(I + C).
      FlowRules twice =
          new FlowRules(
              List.of(
                  new FlowRules.Level(
                      List.of(asks, asks), List.of(Optional.empty(), Optional.empty()))));
      Tensor one = asks.add(FlowRules.identity(2));
      close(twice.relevancies(true).getFirst().getFirst(), one.matmul(one));
    }
  }

  private static void close(Tensor found, Tensor expected) {
    double[] a = found.toDoubles();
    double[] b = expected.toDoubles();
    for (int i = 0; i < a.length; i++) {
      assertThat(a[i]).isCloseTo(b[i], within(1e-12));
    }
  }
}
