package dev.lynceus.method.dependence;

import dev.lynceus.method.AnswerWords;
import dev.lynceus.model.Model;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.TokenMap.Role;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// A text that was read, cut into words that can be taken away: the embedding of the mask token
/// stands in their place, where the tokenizer has one, else the mean of the embeddings of the text.
///
/// @param name what a reader calls it
/// @param point where its words enter
/// @param groups positions of each word
/// @param words as a reader sees them
/// @param blank what stands in the place of each token of a word, `[width of the point]`
/// @param masked whether that is the mask token's embedding
// Numbers for arithmetic; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
record GivenText(
    String name,
    Point point,
    List<int[]> groups,
    List<String> words,
    float[] blank,
    boolean masked) {

  /// The texts of a prompt: the question that an encoder reads; and in the decoder's own sequence
  /// what was asked, what is read, and what the answer says before the word.
  static List<GivenText> of(LoadedModel model, Prompt prompt) {
    List<GivenText> all = new ArrayList<>();
    Model parts = model.model();
    parts
        .textEncoder()
        .ifPresent(encoder ->
            add(
                all,
                model,
                "question",
                Point.of(Stack.ENCODER, Site.EMBED),
                prompt.beside(),
                Role.QUESTION,
                encoder.embedding()));
    Tensor own = parts.decoder().weights().embedding();
    String asked =
        switch (parts.decoder().config().answers()) {
          case SPANS -> "question";
          case WORDS -> parts.vision().isPresent() ? "beginning" : "text";
        };
    add(all, model, asked, Point.EMBED, prompt.tokens(), Role.QUESTION, own);
    add(all, model, "passage", Point.EMBED, prompt.tokens(), Role.PASSAGE, own);
    add(all, model, "answer before it", Point.EMBED, prompt.tokens(), Role.ANSWER, own);
    return all;
  }

  private static void add(
      List<GivenText> all,
      LoadedModel model,
      String name,
      Point point,
      TokenMap tokens,
      Role role,
      Tensor embedding) {
    int[] positions = tokens.positions(role);
    if (positions.length == 0) {
      return;
    }
    int[] ids = IntStream.of(positions).map(p -> tokens.spots().get(p).id()).toArray();
    AnswerWords words = new AnswerWords(model.tokenizer(), ids, 0);
    List<int[]> groups = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (int[] group : words.groups()) {
      groups.add(Arrays.copyOfRange(positions, group[0], group[1]));
      texts.add(words.text(group));
    }
    OptionalInt mask =
        model
            .tokenizer()
            .specialToken("mask_token")
            .map(model.tokenizer()::id)
            .orElseGet(OptionalInt::empty);
    try (Scope scope = Scope.open()) {
      Tensor rows =
          Torch.embedding(
              embedding, Tensor.indices(mask.isPresent() ? new int[] {mask.getAsInt()} : ids));
      float[] blank = rows.to(DType.FLOAT32).mean(0).toFloats();
      all.add(new GivenText(name, point, groups, texts, blank, mask.isPresent()));
    }
  }

  /// All positions of its words.
  int[] positions() {
    return groups.stream().flatMapToInt(IntStream::of).toArray();
  }

  /// Takes some words away.
  ///
  /// @param some numbers of words
  List<Intervention> without(int... some) {
    int[] positions =
        IntStream.of(some).flatMap(w -> IntStream.of(groups.get(w))).sorted().toArray();
    return List.of(
        Intervention.at(point, 0, new Op.Set(Values.of(blank))).at(Positions.of(positions)));
  }

  /// Takes all words away.
  List<Intervention> without() {
    return without(IntStream.range(0, groups.size()).toArray());
  }

  /// Sums over the positions of each word.
  ///
  /// @param values of all positions of the point
  double[] sums(double[] values) {
    return groups.stream()
        .mapToDouble(group -> IntStream.of(group).mapToDouble(p -> values[p]).sum())
        .toArray();
  }
}
