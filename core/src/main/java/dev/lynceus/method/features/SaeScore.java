package dev.lynceus.method.features;

import dev.lynceus.method.Unit;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.List;

/// How good an autoencoder is on texts that it was not fitted on.
///
/// @param states that it was tried on
/// @param on features of a state, mean
/// @param unexplained share of the variance that it does not tell
/// @param dead share of features that no state switches on
/// @param spliced divergence of the words of the answer, mean, where the states are what the
///   autoencoder tells
/// @param mean the same where all of them are the mean state
/// @param recovered `1 - spliced / mean`: 1 = nothing is lost
public record SaeScore(
    long states,
    double on,
    double unexplained,
    double dead,
    @Unit("nats") double spliced,
    @Unit("nats") double mean,
    double recovered) {

  /// Tries an autoencoder.
  ///
  /// @param prompts that go on with an answer, or else whose next word is asked for; those without
  ///   such states are passed over
  public static SaeScore of(
      LoadedModel model,
      SparseAutoencoder sae,
      SaeStates which,
      List<Prompt> prompts,
      Progress progress) {
    try (Scope scope = Scope.open()) {
      Tensor all = scope.keep(which.of(model, prompts, progress));
      Tensor middle = all.mean(0);
      Tensor features = sae.encode(all);
      double rest = sae.decode(features).sub(all).square().sum().item();
      double spread = all.sub(middle).square().sum().item();
      Tensor on = features.gt(0).to(DType.FLOAT32);
      float[] ever = on.sum(0).toFloats();
      int dead = 0;
      for (float count : ever) {
        dead += count == 0 ? 1 : 0;
      }
      double[] sums = new double[2];
      int asked = 0;
      for (Prompt prompt : prompts) {
        progress.step("spliced", asked, prompts.size());
        int[] positions = which.positions(prompt);
        if (positions.length > 0) {
          asked++;
          Capture rows = which.capture().and(logits(prompt));
          try (Run run = model.run(prompt, rows);
              Scope inner = Scope.open()) {
            Tensor own = which.of(run, positions);
            sums[0] += divergence(model, run, which, positions, sae.decode(sae.encode(own)));
            sums[1] +=
                divergence(model, run, which, positions, middle.unsqueeze(0).expand(own.shape()));
          }
        }
      }
      double spliced = sums[0] / asked;
      double mean = sums[1] / asked;
      return new SaeScore(
          all.size(0),
          on.sum().item() / all.size(0),
          rest / spread,
          dead / (double) ever.length,
          spliced,
          mean,
          1 - spliced / mean);
    }
  }

  /// The rows that predict the answer that a prompt goes on with, or the next word.
  private static Capture logits(Prompt prompt) {
    int[] answer = prompt.tokens().positions(TokenMap.Role.ANSWER);
    int first = answer.length == 0 ? prompt.length() - 1 : answer[0] - 1;
    return Capture.of(Capture.request(Point.LOGITS).at(Positions.from(first)));
  }

  /// Of each word of the answer, mean, from a run to the same with other states.
  private static double divergence(
      LoadedModel model, Run run, SaeStates which, int[] positions, Tensor states) {
    Intervention change =
        Intervention.at(
                Point.RESID_POST,
                which.layer(),
                new Op.Set(Values.of(states.to(model.computeType()).contiguous().unsqueeze(0))))
            .at(Positions.of(positions));
    Prompt prompt = run.batch().prompts().getFirst();
    try (Run changed = model.run(prompt, logits(prompt), change);
        Scope scope = Scope.open()) {
      Tensor p = Torch.logSoftmax(run.get(Point.LOGITS, 0).select(0, 0).to(DType.FLOAT64), 1);
      Tensor q = Torch.logSoftmax(changed.get(Point.LOGITS, 0).select(0, 0).to(DType.FLOAT64), 1);
      return p.exp().mul(p.sub(q)).sum().item() / p.size(0);
    }
  }
}
