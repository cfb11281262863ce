package dev.lynceus.method.words;

import dev.lynceus.method.Explanation.Word;
import dev.lynceus.method.Words;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;
import java.util.List;

/// A way to read words from visual tokens.
///
/// What a view reads was not shown to be used by the model: [PseudoFeatures] puts words in the
/// place of patches and asks again.
public sealed interface WordView {

  /// What it is called, with its depth where it has one.
  String name();

  /// What its scores are.
  Scores scores();

  /// What a score says.
  enum Scores {
    /// Probability of a word among all of the vocabulary.
    PROBABILITY,
    /// Cosine of the angle between two vectors.
    COSINE
  }

  /// The best words of each visual token, best first.
  ///
  /// @param count most words of each
  /// @throws dev.lynceus.error.LynceusException where a model does not have this view
  List<List<Found>> words(PatchStates states, int count);

  /// The scores of some words at each visual token, `[words][patches]`; NaN where the view does not
  /// know a word.
  ///
  /// @param ids tokens
  double[][] search(PatchStates states, int... ids);

  /// A view whose scores are over the whole vocabulary.
  sealed interface Whole extends WordView {

    /// Scores, `[patches, vocabulary]`, in the scope that is open.
    Tensor table(PatchStates states);

    @Override
    default List<List<Found>> words(PatchStates states, int count) {
      try (Scope scope = Scope.open()) {
        List<List<Word>> top =
            new Words(states.run().model().tokenizer()).top(table(states), count);
        return top.stream()
            .map(row ->
                row.stream()
                    .map(word -> new Found(word.id(), word.text(), word.score(), ""))
                    .toList())
            .toList();
      }
    }

    @Override
    default double[][] search(PatchStates states, int... ids) {
      try (Scope scope = Scope.open()) {
        Tensor table = table(states);
        return Arrays.stream(ids)
            .mapToObj(id -> table.select(1, id).toDoubles())
            .toArray(double[][]::new);
      }
    }
  }

  /// A view that is a distribution over the vocabulary.
  sealed interface Distribution extends Whole {

    /// Log probabilities, `[patches, vocabulary]`, nats, in the scope that is open.
    Tensor log(PatchStates states);

    @Override
    default Tensor table(PatchStates states) {
      return log(states).exp();
    }

    @Override
    default Scores scores() {
      return Scores.PROBABILITY;
    }

    /// Entropy of each visual token's words, nats.
    default double[] entropy(PatchStates states) {
      try (Scope scope = Scope.open()) {
        Tensor log = log(states).to(DType.FLOAT64);
        // A word of probability 0 has a log of minus infinity, and adds nothing.
        return log.exp().mul(log.clampMin(-1e30)).sum(1).neg().toDoubles();
      }
    }
  }

  /// Cosine between what enters the decoder in a patch's place and the input embeddings of words.
  record Embedding() implements Whole {
    @Override
    public String name() {
      return "embedding";
    }

    @Override
    public Scores scores() {
      return Scores.COSINE;
    }

    @Override
    public Tensor table(PatchStates states) {
      return Cosines.of(states.at(0), states.decoder().weights().embedding());
    }
  }

  /// The logit lens: the unembedding of a state after the last norm.
  ///
  /// @param depth 0 = what enters the first layer
  record Lens(int depth) implements Distribution {
    @Override
    public String name() {
      return "lens " + depth;
    }

    @Override
    public Tensor log(PatchStates states) {
      return logits(states, states.at(depth));
    }
  }

  /// What the decoder expects in a patch's place: its prediction at the position before.
  record Next() implements Distribution {
    @Override
    public String name() {
      return "next";
    }

    @Override
    public Tensor log(PatchStates states) {
      return logits(states, states.before());
    }
  }

  /// Visual words (arXiv 2403.07720): a head of its own on what enters the decoder.
  record Head(VmHead head) implements Distribution {
    @Override
    public String name() {
      return "head";
    }

    @Override
    public Tensor log(PatchStates states) {
      return Torch.logSoftmax(head.logits(states.at(0)), 1);
    }
  }

  /// The contextual lens (arXiv 2602.00462): the words of texts whose states in their context are
  /// nearest.
  ///
  /// @param bank states of texts
  /// @param depth of the visual tokens that are read; the bank has depths of its own
  record Context(ContextBank bank, int depth) implements WordView {
    @Override
    public String name() {
      return "context " + depth;
    }

    @Override
    public Scores scores() {
      return Scores.COSINE;
    }

    @Override
    public List<List<Found>> words(PatchStates states, int count) {
      try (Scope scope = Scope.open()) {
        return bank.nearest(states.at(depth), count);
      }
    }

    @Override
    public double[][] search(PatchStates states, int... ids) {
      try (Scope scope = Scope.open()) {
        return bank.search(states.at(depth), ids);
      }
    }
  }

  private static Tensor logits(PatchStates states, Tensor of) {
    return Torch.logSoftmax(
        states.decoder().weights().head().apply(states.decoder().finished(of)), 1);
  }
}
