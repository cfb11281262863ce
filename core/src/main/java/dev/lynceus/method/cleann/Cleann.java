package dev.lynceus.method.cleann;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.AnswerWords;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.Words;
import dev.lynceus.method.attention.AttentionRows;
import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.method.cleann.CausalExplanation.Masking;
import dev.lynceus.method.cleann.CausalExplanation.Node;
import dev.lynceus.method.cleann.CausalExplanation.SetTest;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.TokenMap.Role;
import dev.lynceus.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Explains a word of an answer by a causal graph learned from one head's attention.
///
/// The rows of the head's attention matrix up to the explained row are taken as a structural
/// equation model; their correlations over all columns are tested for independence; the graph is
/// learned by [OrderedIcd]; the explanation of the word are the nodes of the possible-d-separation
/// tree around its row, radius by radius. Then each set is masked, beside random sets of as many
/// tokens.
///
/// The graph rests on assumptions that nobody can check here: that attention rows behave like
/// samples of variables, and that there are as many samples as the settings say. The masking test
/// assumes neither.
///
/// @param progress told what is being done
public record Cleann(CleannSettings settings, Progress progress) {

  /// Explains a word of the model's own answer.
  ///
  /// @param head whose attention; the original takes heads of the last layer
  /// @param target a word of the answer; empty = the one from which the head pays the picture most
  /// @throws LynceusException BAD_REQUEST without a picture or an answer, or for an unknown word
  public CausalExplanation explain(
      LoadedModel model, Prompt prompt, HeadRef head, Optional<String> target, int maxTokens) {
    head.in(model.model().decoder().config());
    PatchViews.requireAmongWords(model.model(), "a graph of words and patches");
    int[] image = prompt.tokens().positions(Role.IMAGE);
    if (image.length == 0) {
      throw PatchViews.noPicture(model.model(), "to look at");
    }
    progress.at("answer", 0, 0);
    int firstRow = prompt.length() - 1;
    int[] ids;
    int[] group;
    String word;
    try (Generation generation =
        model.generate(
            prompt, GenerationOptions.greedy(maxTokens), AttentionRows.capture(firstRow))) {
      ids = generation.answer().ids();
      if (ids.length == 0) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "the model answered nothing, so there is no word to explain",
            "Begin the answer with --start, or ask something else.");
      }
      AnswerWords words = new AnswerWords(model.tokenizer(), ids, firstRow);
      AttentionRows rows = AttentionRows.of(generation.run(), firstRow, ids.length);
      group = group(words, rows, head, target, firstRow, image);
      word = words.text(group);
    }
    Prompt upTo = prompt.withAnswer(Arrays.copyOf(ids, group[0]));
    Capture plan =
        Sweep.base(model)
            .and(Capture.request(Point.PATTERN).layers(head.layer()).heads(head.head()));
    try (Run run = model.run(Batch.of(upTo), plan, List.of())) {
      return explain(run, head, word, ids[group[0]]);
    }
  }

  private static int[] group(
      AnswerWords words,
      AttentionRows rows,
      HeadRef head,
      Optional<String> target,
      int firstRow,
      int[] image) {
    if (target.isPresent()) {
      int[] found = words.find(target.get());
      if (found == null) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "the answer does not say '" + target.get() + "'",
            "Use one of its words: "
                + String.join(", ", words.groups().stream().map(words::text).toList())
                + ".");
      }
      return found;
    }
    return words.groups().stream()
        .max(
            Comparator.comparingDouble(group -> {
              int[] row = {firstRow + group[0]};
              return Arrays.stream(rows.mean(row, head.layer(), head.head(), image)).sum();
            }))
        .orElseThrow();
  }

  private CausalExplanation explain(Run run, HeadRef head, String word, int id) {
    int row = run.batch().length() - 1;
    double[][] matrix = matrix(run, head);
    int[] positions = nodes(matrix[row], run.tokens());
    progress.at("causal graph", 0, 0);
    PartialCorrelation test =
        new PartialCorrelation(
            PartialCorrelation.ofRows(
                IntStream.of(positions).mapToObj(p -> matrix[p]).toArray(double[][]::new)),
            settings.samples(),
            settings.alpha());
    PartialGraph graph =
        settings
            .learner()
            .learn(
                test,
                () -> {
                  progress.step("causal graph", 0, 0);
                  return false;
                });
    Map<Integer, Integer> distances = radii(graph);
    List<Node> nodes = new ArrayList<>();
    Words words = new Words(run.model().tokenizer());
    for (int i = 0; i < positions.length; i++) {
      int p = positions[i];
      boolean patch = run.tokens().spots().get(p).role() == Role.IMAGE;
      String label = run.tokens().label(p);
      String text =
          p == row ? word : patch ? label : words.text(run.tokens().spots().get(p).id()).strip();
      int radius = p == row ? 0 : distances.getOrDefault(i, -1);
      nodes.add(new Node(p, label, text, matrix[row][p], radius));
    }
    MaskingTest masking = new MaskingTest(run, id, progress);
    int[] tried = new int[1];
    int[] ordered =
        nodes.stream()
            .filter(node -> node.radius() > 0)
            .sorted(Comparator.comparingInt(Node::radius).thenComparing(node -> -node.attention()))
            .mapToInt(Node::position)
            .toArray();
    Optional<CausalExplanation.Smallest> smallest = masking.smallest(ordered, tried);
    return new CausalExplanation(
        head.text(),
        word,
        row,
        importance(matrix[row], run.tokens()),
        nodes,
        graph.edges(),
        sets(masking, nodes),
        smallest,
        tried[0]);
  }

  private List<SetTest> sets(MaskingTest masking, List<Node> nodes) {
    List<SetTest> tests = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(settings.seed());
    int before = 0;
    for (int radius = 1; radius <= settings.radius(); radius++) {
      int reach = radius;
      int[] set =
          nodes.stream()
              .filter(node -> node.radius() > 0 && node.radius() <= reach)
              .mapToInt(Node::position)
              .toArray();
      if (set.length > before) {
        for (Masking how : Masking.values()) {
          tests.add(masking.test(radius, set, how, settings.trials(), random));
        }
      }
      before = set.length;
    }
    return tests;
  }

  private Map<Integer, Integer> radii(PartialGraph graph) {
    int last = graph.size() - 1;
    return new PdsTree(graph, last, settings.radius(), last).distances();
  }

  private static double[][] matrix(Run run, HeadRef head) {
    try (Scope scope = Scope.open()) {
      int length = run.batch().length();
      double[] all = run.get(Point.PATTERN, head.layer()).reshape(-1).toDoubles();
      double[][] matrix = new double[length][];
      for (int row = 0; row < length; row++) {
        matrix[row] = Arrays.copyOfRange(all, row * length, (row + 1) * length);
      }
      return matrix;
    }
  }

  /// The patches that the row attends to most, as many as positions are above the threshold, two at
  /// least and no more than the cap; the text after the picture that is above it; the row.
  int[] nodes(double[] attention, TokenMap tokens) {
    int row = attention.length - 1;
    int[] image = tokens.positions(Role.IMAGE);
    int above = (int) Arrays.stream(attention).filter(a -> a > settings.threshold()).count();
    int count = Math.min(Math.max(2, above), settings.cap());
    IntStream patches =
        IntStream.of(image)
            .boxed()
            .sorted(Comparator.comparingDouble(p -> -attention[p]))
            .limit(count)
            .mapToInt(Integer::intValue);
    IntStream text =
        IntStream.range(image[image.length - 1] + 1, row)
            .filter(p -> attention[p] > settings.threshold());
    return IntStream.concat(IntStream.concat(patches, text), IntStream.of(row)).sorted().toArray();
  }

  private static double importance(double[] attention, TokenMap tokens) {
    int[] image = tokens.positions(Role.IMAGE);
    double seen = IntStream.of(image).mapToDouble(p -> attention[p]).max().orElse(0);
    double read =
        IntStream.range(image[image.length - 1] + 1, attention.length)
            .mapToDouble(p -> attention[p])
            .max()
            .orElse(0);
    return seen / read;
  }
}
