package dev.lynceus.method;

import dev.lynceus.model.Attends;
import dev.lynceus.model.Model;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.List;
import java.util.stream.IntStream;

/// What a model says of the words of an answer where no other position may look at the pictures
/// (attention knockout, arXiv 2304.14767). One replay serves all words of the answer, and computes
/// only the positions after the first visual token that are none themselves, and what lies behind
/// them.
///
/// It is a change of the model, not of the picture: what is said then is said from the words alone.
public final class Blind {
  private Blind() {}

  /// No position but those of the pictures may look at them, at any layer. Where they are read by
  /// cross-attention (BLIP), nobody is given anything by it.
  ///
  /// @param run of a prompt with a picture
  public static Intervention hide(Run run) {
    Model model = run.model().model();
    return Inputs.seesByReading(model) ? unread(model) : hide(run.tokens(), model.attends());
  }

  /// The same for a prompt and every token of an answer that is still to be generated.
  ///
  /// @param prompt with a picture
  public static List<Intervention> hide(Model model, Prompt prompt) {
    return Inputs.seesByReading(model)
        ? List.of(unread(model))
        : List.of(hide(prompt.tokens(), model.attends()), masked(Positions.from(prompt.length())));
  }

  private static Intervention unread(Model model) {
    Stack reader = model.textEncoder().isPresent() ? Stack.ENCODER : Stack.DECODER;
    return new Intervention(
        Point.of(reader, Site.CROSS_Z), Indices.ALL, Indices.ALL, Positions.all(), new Op.Zero());
  }

  /// The same where visual tokens stand among the words.
  ///
  /// @param tokens of a prompt with a picture
  /// @param attends who sees what comes after it
  public static Intervention hide(TokenMap tokens, Attends attends) {
    int visual = IntStream.of(tokens.positions(TokenMap.Role.IMAGE)).min().orElse(tokens.length());
    int first =
        switch (attends) {
          // What stands before the first picture never sees one.
          case CAUSAL, PICTURES -> visual;
          case PREFIX, ALL -> 0;
        };
    int[] others =
        IntStream.range(first, tokens.length())
            .filter(p -> tokens.spots().get(p).role() != TokenMap.Role.IMAGE)
            .toArray();
    return masked(Positions.of(others));
  }

  private static Intervention masked(Positions rows) {
    return new Intervention(
        Point.ATTN_SCORES, Indices.ALL, Indices.ALL, rows, new Op.Mask(Positions.parse("image")));
  }

  /// Log probabilities of an answer's tokens without the pictures, natural logarithms.
  ///
  /// @param run of one prompt with a picture and of its answer, at least up to the token before the
  ///   last; quick if it kept keys and values
  /// @param firstRow the position that predicts the first token of the answer
  /// @param ids the answer
  public static double[] logProbabilities(Run run, int firstRow, int[] ids) {
    Capture logits = Capture.of(Capture.request(Point.LOGITS).at(Positions.from(firstRow)));
    try (Run hidden = run.replay(List.of(hide(run)), logits)) {
      return said(hidden, ids);
    }
  }

  /// Log probabilities of an answer's tokens.
  ///
  /// @param run that kept the logits from the position on that predicts the first of them
  public static double[] said(Run run, int[] ids) {
    try (Scope scope = Scope.open()) {
      Tensor rows = run.get(Point.LOGITS, 0).select(0, 0).to(DType.FLOAT64);
      Tensor logs = Torch.logSoftmax(rows, 1);
      double[] values = new double[ids.length];
      for (int i = 0; i < ids.length; i++) {
        values[i] = logs.select(0, i).narrow(0, ids[i], 1).item();
      }
      return values;
    }
  }
}
