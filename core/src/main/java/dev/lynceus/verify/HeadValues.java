package dev.lynceus.verify;

import dev.lynceus.method.ExplainOptions;
import dev.lynceus.method.Explainer;
import dev.lynceus.method.Explanation;
import dev.lynceus.method.LogIncrease;
import dev.lynceus.method.Target;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// One head as the `explain` command tells it: the positions it reads and the words of its four
/// views at the image position with the largest increase.
///
/// @param increases log increase of each position alone
/// @param attention attention from the last position
/// @param views what the head reads and moves there, every word of the vocabulary with its score
record HeadValues(
    int layer,
    int head,
    int topImagePosition,
    double[] increases,
    double[] attention,
    int[] imagePositions,
    Explanation.PositionExplanation views) {

  /// A word and its logit.
  record Scored(int id, double score) {}

  /// The head with the largest increase among the layers from `lowestLayer` on.
  static HeadValues of(
      LoadedModel model,
      Prompt prompt,
      Run run,
      Target target,
      LogIncrease.Result result,
      int lowestLayer) {
    List<int[]> ranking = result.ranking();
    int rank =
        IntStream.range(0, ranking.size())
            .filter(i -> ranking.get(i)[0] >= lowestLayer)
            .findFirst()
            .orElse(0);
    int layer = ranking.get(rank)[0];
    int head = ranking.get(rank)[1];
    int[] image = prompt.tokens().positions(TokenMap.Role.IMAGE);
    double[] increases = new LogIncrease().positions(run, target, layer, head);
    int top =
        IntStream.of(image)
            .boxed()
            .max(Comparator.comparingDouble(p -> increases[p]))
            .orElseThrow();
    int listed = (int) Arrays.stream(increases).filter(value -> value >= increases[top]).count();
    ExplainOptions options = ExplainOptions.DEFAULT;
    ExplainOptions all =
        new ExplainOptions(
            new TargetSpec.NextToken(),
            "",
            1,
            OptionalInt.of(1),
            rank + 1,
            listed,
            model.model().decoder().config().vocabulary(),
            0,
            ExplainOptions.PatchReading.NONE,
            options.seed(),
            "");
    Explanation.HeadExplanation found =
        new Explainer(model, all, Progress.NONE)
            .explain(prompt)
            .words()
            .getFirst()
            .topHeads()
            .get(rank);
    Explanation.PositionExplanation views =
        found.positions().stream().filter(at -> at.position() == top).findFirst().orElseThrow();
    return new HeadValues(
        layer, head, top, found.positionIncrease(), found.attention(), image, views);
  }

  /// The increases of the image positions, (r - min) / (max - min), then divided by their sum.
  double[] patchMap() {
    double[] patches = MethodValues.pick(increases, imagePositions);
    double low = Arrays.stream(patches).min().orElse(0);
    double high = Arrays.stream(patches).max().orElse(0);
    double[] unit = Arrays.stream(patches).map(r -> (r - low) / (high - low)).toArray();
    double sum = Arrays.stream(unit).sum();
    return Arrays.stream(unit).map(u -> u / sum).toArray();
  }

  /// The words of a view, largest logit first; empty if there is no view of that name.
  List<Scored> view(String name) {
    List<Explanation.Word> words =
        switch (name) {
          case "layer_input" -> views.layerInput();
          case "key_input" -> views.keyInput();
          case "value_input" -> views.valueInput();
          case "ov" -> views.valueOutput();
          default -> List.of();
        };
    return words.stream().map(word -> new Scored(word.id(), word.score())).toList();
  }

  /// Logits in the order of the ids.
  static double[] byId(List<Scored> words) {
    return words.stream()
        .sorted(Comparator.comparingInt(Scored::id))
        .mapToDouble(Scored::score)
        .toArray();
  }
}
