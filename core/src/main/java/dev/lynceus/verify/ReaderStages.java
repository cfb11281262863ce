package dev.lynceus.verify;

import dev.lynceus.method.reader.InputGradients;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.text.Encoding;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Compares what only readers have: characters of tokens, masks, gradients with respect to the
/// embeddings of words.
record ReaderStages(LoadedModel model, Prompt prompt, Judge judge, Judge gradientJudge) {
  /// Points of the line of the reference's integrated gradients.
  private static final int STEPS = 16;

  /// A tensor, where it is one of these.
  Optional<Check> check(String name, Tensor expected) {
    return switch (name) {
      case "offsets" -> ids(name, offsets(), expected);
      case "mask_positions" -> ids(name, prompt.tokens().positions(TokenMap.Role.MASK), expected);
      case "ig.baseline_ids" -> ids(name, InputGradients.baseline(model, prompt), expected);
      case "grad.start_logit_wrt_word_embeddings" ->
          Optional.of(gradientJudge.tensor(name, InputGradients.ofStart(model, prompt), expected));
      case "ig.start_probability" -> {
        double[] ours = InputGradients.integrated(model, prompt, STEPS);
        yield Optional.of(gradientJudge.tensor(name, Tensor.of(ours, ours.length), expected));
      }
      default -> Optional.empty();
    };
  }

  private Optional<Check> ids(String name, int[] ours, Tensor expected) {
    return Optional.of(judge.ids(name, ours, expected.toInts(), expected.shape()));
  }

  /// Characters of each token in its own text, as the reference counts them: code points.
  private int[] offsets() {
    List<Encoding.Token> tokens =
        switch (model.model().decoder().config().answers()) {
          case WORDS -> model.tokenizer().tokenize(prompt.text(), true).tokens();
          case SPANS ->
              model
                  .passages()
                  .windows(prompt.question(), prompt.text(), prompt.length(), 0)
                  .getFirst()
                  .tokens();
        };
    return tokens.stream().flatMapToInt(this::codePoints).toArray();
  }

  private IntStream codePoints(Encoding.Token token) {
    boolean question = token.segment() == 0 && !prompt.question().isEmpty();
    String text = question ? prompt.question() : prompt.text();
    return IntStream.of(text.codePointCount(0, token.start()), text.codePointCount(0, token.end()));
  }
}
