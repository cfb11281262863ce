package dev.lynceus.method.reader;

import dev.lynceus.model.text.TextStack;
import dev.lynceus.run.Layers;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.List;
import java.util.stream.IntStream;

/// Gradients of where an answer begins with respect to the embeddings of the words, before
/// positions, texts and norm are added.
public final class InputGradients {
  private InputGradients() {}

  /// The gradient of the largest start logit, `[1, pos, width]`, in the scope that is open.
  public static Tensor ofStart(LoadedModel model, Prompt prompt) {
    try (Scope scope = Scope.open();
        Run run = plain(model, prompt)) {
      int start = SpanScores.of(run.get(Point.LOGITS, 0)).start();
      Tensor zeros =
          Torch.zeros(model.computeType(), run.get(Point.EMBED, 0).shape()).requiresGrad();
      Tensor logit = starts(run, zeros).select(0, start);
      return scope.keep(gradient(logit, zeros));
    }
  }

  /// What each word adds to the probability that the answer begins where it begins most probably:
  /// `sum over width of (e - b) * mean over the line from b to e of d p / d e`, midpoints, all
  /// words moving together (Sundararajan, Taly and Yan, arXiv 1703.01365).
  ///
  /// @param steps points of the line
  public static double[] integrated(LoadedModel model, Prompt prompt, int steps) {
    try (Scope scope = Scope.open();
        Run run = plain(model, prompt)) {
      int start = SpanScores.of(run.get(Point.LOGITS, 0)).start();
      Tensor words = run.get(Point.EMBED, 0);
      Tensor ids = Tensor.indices(baseline(model, prompt)).unsqueeze(0);
      Tensor base = Torch.embedding(model.model().decoder().weights().embedding(), ids);
      Tensor line = words.sub(base.to(words.dtype()));
      Tensor sum = Torch.zeros(DType.FLOAT64, words.shape());
      for (int k = 0; k < steps; k++) {
        try (Scope inner = Scope.open()) {
          double at = (k + 0.5) / steps;
          Tensor moved = line.mul(at - 1).detach().copy().requiresGrad();
          Tensor probability = Torch.softmax(starts(run, moved), 0).select(0, start);
          sum.add_(gradient(probability, moved).to(DType.FLOAT64));
        }
      }
      return sum.mul(line.to(DType.FLOAT64)).sum(-1).div(steps).reshape(-1).toDoubles();
    }
  }

  /// The words that nothing is said with: padding, and what the tokenizer puts around and between
  /// texts.
  public static int[] baseline(LoadedModel model, Prompt prompt) {
    int pad = model.tokenizer().padId().orElse(0);
    return IntStream.range(0, prompt.length())
        .map(p ->
            prompt.tokens().spots().get(p).role() == TokenMap.Role.TEMPLATE ? prompt.ids()[p] : pad)
        .toArray();
  }

  private static Run plain(LoadedModel model, Prompt prompt) {
    return model.run(
        prompt, Capture.of(Capture.request(Point.EMBED), Capture.request(Point.LOGITS)));
  }

  /// Start logits, `[pos]`, with something added to the embeddings of the words, with their graph.
  private static Tensor starts(Run run, Tensor added) {
    Layers layers = new Layers(run);
    TextStack stack = run.model().model().decoder();
    Layers.Embedded embedded =
        layers.embedded(
            Capture.NONE,
            List.of(Intervention.at(Point.EMBED, 0, new Op.Add(Values.of(added), 1))));
    embedded.kept().close();
    Tensor x = embedded.output().stream();
    for (int l = 0; l < layers.count(); l++) {
      Layers.Part part = layers.layer(l, x, Capture.NONE, List.of());
      part.kept().close();
      x = part.output();
    }
    return stack.weights().head().apply(x).select(0, 0).select(1, 0);
  }

  private static Tensor gradient(Tensor number, Tensor leaf) {
    Tensor one = Torch.full(number.dtype(), 1, number.shape());
    return Torch.gradients(number, one, List.of(leaf)).getFirst().orElseThrow();
  }
}
