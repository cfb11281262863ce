package dev.lynceus.method.evidence;

import dev.lynceus.method.FirstOrder;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.Target;
import dev.lynceus.model.Model;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.util.List;

/// What the zones of the prompt bring to a word: first-order log increase of all their positions
/// through all heads of all layers, nats. Below zero a zone speaks against the word.
///
/// @param image visual tokens
/// @param question the user's words
/// @param generated earlier words of the answer, the predicting row included
/// @param template what stands around them
public record Shares(double image, double question, double generated, double template) {

  /// Where a logit has no shares (BLIP).
  static final Shares UNKNOWN = new Shares(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /// Requires a model whose logits have some, among visual tokens.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL
  static void require(Model model) {
    PatchViews.requireAmongWords(model, "thresholds, which are fitted on shares and states");
  }

  /// What zones bring to a target.
  static Shares of(Run run, Target target) {
    double[] sums = new double[TokenMap.Role.values().length];
    double[] positions = FirstOrder.positions(run, target);
    List<TokenMap.Spot> spots = run.tokens().spots();
    for (int p = 0; p < positions.length; p++) {
      sums[spots.get(p).role().ordinal()] += positions[p];
    }
    return new Shares(
        sums[TokenMap.Role.IMAGE.ordinal()],
        sums[TokenMap.Role.QUESTION.ordinal()],
        sums[TokenMap.Role.ANSWER.ordinal()],
        sums[TokenMap.Role.TEMPLATE.ordinal()]);
  }

  /// Part of the image in all that speaks for the word, 0 to 1; 0 where nothing does, NaN where a
  /// logit has no shares.
  public double imageShare() {
    double all = positive(image) + positive(question) + positive(generated) + positive(template);
    return all == 0 ? 0 : positive(image) / all;
  }

  private static double positive(double value) {
    return Math.max(0, value);
  }
}
