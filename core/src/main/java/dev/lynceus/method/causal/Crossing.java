package dev.lynceus.method.causal;

import dev.lynceus.method.Inputs;
import dev.lynceus.model.Model;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import java.util.Optional;
import java.util.stream.IntStream;

/// Sight of something by cross-attention: an encoder of the question, or a decoder, that reads a
/// picture; a decoder that reads the question (BLIP).
///
/// @param stack that reads
/// @param words what its positions are
/// @param sources what is seen, among all that is read
/// @param all how many positions are read
record Crossing(Stack stack, TokenMap words, Places sources, int all) {

  /// The sight that a text means; empty where it is of positions among the words of the decoder.
  ///
  /// @param sources `image`, which is the class token, too; `question`; or a part of either
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST if that is not in the prompt
  static Optional<Crossing> of(Run run, String sources) {
    Model model = run.model().model();
    Optional<TokenMap> seen = Inputs.seen(model, run.batch().prompts().getFirst());
    if (seen.isEmpty()) {
      return Optional.empty();
    }
    TokenMap question = run.batch().prompts().getFirst().beside();
    boolean asked = question.length() > 0;
    if (sources.startsWith("image")) {
      return Optional.of(
          of(
              asked ? Stack.ENCODER : Stack.DECODER,
              asked ? question : run.tokens(),
              seen.get(),
              sources));
    }
    return asked && sources.startsWith("question")
        ? Optional.of(of(Stack.DECODER, run.tokens(), question, sources))
        : Optional.empty();
  }

  private static Crossing of(Stack stack, TokenMap words, TokenMap read, String sources) {
    boolean whole = sources.equals("image") || sources.equals("question");
    Places places =
        whole
            ? new Places(sources, IntStream.range(0, read.length()).toArray())
            : Places.of(read, sources);
    return new Crossing(stack, words, places, read.length());
  }

  /// Whether all that is read is meant.
  boolean isAll() {
    return sources.positions().length == all;
  }

  Point at(Site site) {
    return Point.of(stack, site);
  }
}
