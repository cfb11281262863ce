package dev.lynceus.lab.vote;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Things;
import dev.lynceus.method.AnswerWords;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.Target;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.run.Batch;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Whether an explanation names what the answer looks at: the map of the word of the direct answer
/// that the picture decides most, beside the maps of the things that the explanation names, each
/// where the explanation says it.
final class MapAgreement {
  private static final String USUAL = "top-heads";

  /// Where pictures are read by cross-attention, of which the usual one sees nothing.
  private static final String USUAL_OF_READING = "relevancy";

  private final LoadedModel model;
  private final PatchMethod method;
  private final long seed;
  private final double[] answer;

  /// @param direct the prompt of the direct answer
  /// @param method by its name; empty for the usual one
  MapAgreement(LoadedModel model, Prompt direct, String method, int tokens, long seed) {
    this.model = model;
    String name =
        !method.isEmpty() ? method : Inputs.seesByReading(model.model()) ? USUAL_OF_READING : USUAL;
    this.method = PatchMethod.on(model.model(), PatchMethod.named(name)).getFirst();
    this.seed = seed;
    KeyWord word = KeyWord.find(model, direct, new TargetSpec.OwnAnswer(), tokens);
    this.answer = map(word.prompt(), word.target());
  }

  /// The largest cosine of a named thing's map with the answer's, at least 0; NaN where the
  /// explanation names nothing.
  ///
  /// @param ids the tokens of the explanation
  double of(Speaker speaker, String words, List<RgbImage> images, String explanation, int[] ids) {
    Prompt prompt = speaker.prompt(words, images);
    AnswerWords said = new AnswerWords(model.tokenizer(), ids, prompt.length() - 1);
    double best = Double.NaN;
    for (String noun : Things.nouns(explanation)) {
      int[] group = said.find(noun);
      if (group != null) {
        Target target = said.target(group);
        Target.Aim first = target.aims().getFirst();
        double[] map =
            map(
                group[0] == 0 ? prompt : prompt.withAnswer(Arrays.copyOf(ids, group[0])),
                Target.token(target.text(), first.row(), first.id()));
        double cosine = Math.max(0, cosine(map, answer));
        best = Double.isNaN(best) ? cosine : Math.max(best, cosine);
      }
    }
    return best;
  }

  private double[] map(Prompt prompt, Target target) {
    List<TokenMap.View> views = PatchViews.of(model, prompt, "to map");
    TokenMap.View widest =
        views.stream()
            .max(
                java.util.Comparator.comparingDouble(
                    view -> view.tile().seenWidth() * view.tile().seenHeight()))
            .orElseThrow();
    try (Scope scope = Scope.open();
        Run run = model.run(Batch.of(prompt), method.capture(model, prompt), List.of())) {
      return method.map(run, target, widest, new SplittableRandom(seed)).values();
    }
  }

  private static double cosine(double[] a, double[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return aa == 0 || bb == 0 ? 0 : ab / Math.sqrt(aa * bb);
  }
}
