package dev.lynceus.method;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that was found out about one answer to one question: the result of `explain`, as
/// plain values, ready to be drawn, written as JSON, or read by another program. Log probabilities
/// are natural logarithms; layers, heads, rows, columns and positions count from 0.
///
/// @param provenance which model, with which numbers, by which command
/// @param prompt what was asked and how it was cut into tokens
/// @param images the views of the pictures as the model saw them, in the order of the prompt; empty
///   for a text-only model
/// @param answer what the model answered
/// @param words the explained targets, the one to show first at index 0
/// @param choice all words of the answer, what becomes of them without the picture, and why the
///   first one is shown first; null where it is not known
/// @param headlines one for each explained word, in their order, or none
public record Explanation(
    Provenance provenance,
    Prompt prompt,
    List<ImageView> images,
    Answer answer,
    List<WordExplanation> words,
    @Nullable WordChoice choice,
    List<Headline> headlines)
    implements Finding {

  public Explanation {
    headlines = headlines == null ? List.of() : List.copyOf(headlines);
  }

  /// One without headlines.
  public Explanation(
      Provenance provenance,
      Prompt prompt,
      List<ImageView> images,
      Answer answer,
      List<WordExplanation> words) {
    this(provenance, prompt, images, answer, words, null, List.of());
  }

  /// What a reader should know before believing it: maps, words and increases that tell nothing;
  /// see [Degenerate]. Part of the JSON, made anew when it is read.
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public List<String> notes() {
    return Degenerate.notes(this);
  }

  /// The same about other words.
  public Explanation withWords(List<WordExplanation> other) {
    return new Explanation(provenance, prompt, images, answer, other, choice, headlines);
  }

  /// The same with headlines.
  public Explanation withHeadlines(List<Headline> other) {
    return new Explanation(provenance, prompt, images, answer, words, choice, other);
  }

  /// The words of the answer that an explained target is made of, as [WordChoice] found them: one,
  /// or several where a whole answer was given; none for a contrast.
  public List<WordChoice.Weighed> weighed(WordExplanation word) {
    if (choice == null || word.target().kind().equals("contrast")) {
      return List.of();
    }
    int first = word.row() - (prompt.tokens().size() - answer.tokens().size() - 1);
    int end = first + word.target().ids().length;
    return choice.words().stream()
        .filter(one -> one.first() >= first && one.first() < end)
        .toList();
  }

  /// The question and the positions of the whole sequence, prompt and answer.
  ///
  /// @param question as the user gave it
  /// @param text the text that the tokenizer saw, template included
  /// @param layers decoder layers
  /// @param heads attention heads per layer
  /// @param tokens one entry per position, in order; image positions included
  public record Prompt(String question, String text, int layers, int heads, List<Token> tokens) {}

  /// One position of the sequence.
  ///
  /// @param position index in the sequence
  /// @param id token id
  /// @param text what a reader should see for it
  /// @param role what the position is, as [dev.lynceus.method] results name it: `template`,
  ///   `question`, `image`, `answer`
  /// @param label full label, for example `image[0].row[3].col[7]` or `answer[2]`
  /// @param image index into [Explanation#images()] of the view that an image position belongs to,
  ///   -1 elsewhere
  /// @param patch index of the patch in that view, row-major; -1 elsewhere and for image positions
  ///   that stand for no pixels, such as line breaks between rows of patches
  public record Token(
      int position, int id, String text, String role, String label, int image, int patch) {}

  /// A view of an image, and how its patches lie on the pixels. Models that see a picture as a
  /// whole and in tiles have two views of it.
  ///
  /// @param name file name, with the name of the view where there are several: `dog.png (whole)`
  /// @param width width of the original in pixels
  /// @param height height of the original in pixels
  /// @param modelWidth width of the picture after the model's own resizing and cropping, in pixels
  /// @param modelHeight its height
  /// @param rows patch rows
  /// @param columns patch columns
  /// @param crop the part of the original that the model saw, in original pixels: left, top, width,
  ///   height
  /// @param visualWords per patch, row-major: the words nearest to its visual embedding
  public record ImageView(
      String name,
      int width,
      int height,
      int modelWidth,
      int modelHeight,
      int rows,
      int columns,
      double[] crop,
      List<PatchWords> visualWords) {}

  /// Words of one patch.
  ///
  /// @param input words whose input embedding has the largest product with the projected patch
  /// @param output words that the unembedding gives for the projected patch (frozen variance)
  /// @param layers words that the logit lens (own norm) reads at this patch position at a few
  ///   depths, key = layer
  public record PatchWords(List<Word> input, List<Word> output, Map<Integer, List<Word>> layers) {}

  /// A word and its score.
  ///
  /// @param id token id
  /// @param text its text
  /// @param score what the list says: a logit, a probability or a log increase
  public record Word(int id, String text, double score) {}

  /// The generated answer.
  ///
  /// @param text whole answer
  /// @param tokens its tokens in order
  /// @param notes what of the checkpoint's generation settings decided, or was left out, one
  ///   sentence each, after those of `outside`
  /// @param outside why the prompt lies outside of what the model was made for: rates that were
  ///   measured on it say nothing of this answer; empty where it lies inside or nothing is known
  public record Answer(
      String text, List<AnswerToken> tokens, List<String> notes, List<String> outside) {
    /// An answer of most probable tokens.
    public Answer(String text, List<AnswerToken> tokens) {
      this(text, tokens, List.of(), List.of());
    }
  }

  /// One token of the answer.
  ///
  /// @param position its position in the sequence; the row that predicts it is `position - 1`
  /// @param id token id
  /// @param text its text
  /// @param logProbability log probability that the model gave it
  /// @param explained index into [Explanation#words()], -1 where this token was not explained
  /// @param insteadOf the token that the model held most probable in its place, where a generation
  ///   setting of the checkpoint decided otherwise; null where the model's own choice was taken.
  ///   What is explained is in either case the model's log probability of the token
  public record AnswerToken(
      int position,
      int id,
      String text,
      @Unit("nats") double logProbability,
      int explained,
      @Nullable String insteadOf) {

    /// A token that the model held most probable, or that was given.
    public AnswerToken(int position, int id, String text, double logProbability, int explained) {
      this(position, id, text, logProbability, explained, null);
    }
  }

  /// Why one target got its log probability.
  ///
  /// @param target what was explained
  /// @param row position whose output predicts the target
  /// @param logProbability log probability of the target at that row (for a contrast: difference of
  ///   the two)
  /// @param embeddingLogProbability the same read from the embedding at that row, before any layer
  /// @param predictions most probable next words at that row; score = probability
  /// @param attention log increase of each layer's attention, `[layers]`
  /// @param feedForward log increase of each layer's feed-forward network, `[layers]`
  /// @param heads log increase of each head alone, `[layers][heads]`
  /// @param topHeads the heads with the largest increase, best first; all of a small model, of
  ///   which only the best have positions in words
  /// @param maps patch maps; the first one is shown first
  /// @param neurons feed-forward neurons with the largest increase
  /// @param attentionNeurons attention neurons of the top heads with the largest increase
  /// @param queries which earlier parts activate those neurons
  /// @param lens for each layer's input and for the output of the last: the words at `row`
  /// @param zones for each zone of the prompt, the first-order increase that its positions bring
  ///   over all heads
  /// @param runnerUp the best word that was not said; null for a contrast, and where it was not
  ///   looked for
  public record WordExplanation(
      TargetInfo target,
      int row,
      @Unit("nats") double logProbability,
      @Unit("nats") double embeddingLogProbability,
      List<Word> predictions,
      @Unit("nats") double[] attention,
      @Unit("nats") double[] feedForward,
      @Unit("nats") double[][] heads,
      List<HeadExplanation> topHeads,
      List<PatchMap> maps,
      List<Neuron> neurons,
      List<AttentionNeuron> attentionNeurons,
      List<QueryShare> queries,
      List<LensRow> lens,
      Map<String, Double> zones,
      @Nullable RunnerUp runnerUp) {

    /// The same with other maps.
    public WordExplanation withMaps(List<PatchMap> other) {
      return new WordExplanation(
          target,
          row,
          logProbability,
          embeddingLogProbability,
          predictions,
          attention,
          feedForward,
          heads,
          topHeads,
          other,
          neurons,
          attentionNeurons,
          queries,
          lens,
          zones,
          runnerUp);
    }
  }

  /// The explained target.
  ///
  /// @param text the word, or `a − b` for a contrast
  /// @param ids its token ids; two for a contrast, several for a multi-token answer
  /// @param kind `token`, `contrast` or `answer`
  public record TargetInfo(String text, int[] ids, String kind) {}

  /// One head, position by position.
  ///
  /// @param increase log increase of the head alone
  /// @param positionIncrease log increase of each position alone through this head, `[T]`
  /// @param attention attention probability from the row to each position, `[T]`
  /// @param positions the positions with the largest increase, best first, with their words
  public record HeadExplanation(
      int layer,
      int head,
      double increase,
      double[] positionIncrease,
      double[] attention,
      List<PositionExplanation> positions) {}

  /// What one head read at one position.
  ///
  /// @param layerInput words of the residual stream entering the layer there
  /// @param keyInput words of the sum of earlier attention outputs there
  /// @param valueInput words of the sum of earlier feed-forward outputs there
  /// @param valueOutput words of what the head moves from there into the predicting row
  public record PositionExplanation(
      int position,
      double increase,
      double attention,
      List<Word> layerInput,
      List<Word> keyInput,
      List<Word> valueInput,
      List<Word> valueOutput) {}

  /// One number per patch.
  ///
  /// @param id stable name, for example `best-head`, `top-heads`, `all-heads`, `average-attention`
  /// @param title short title
  /// @param caption what the quantity is and what it is not
  /// @param unit for example `log probability` or `attention probability`
  /// @param signed whether zero is the middle of the scale
  /// @param image index into [Explanation#images()]
  /// @param values `[rows * columns]`, row-major
  /// @param gap where the method promises what its values add up to, over all views: how far they
  ///   are from it, relative to it; null elsewhere
  /// @param points where the method is an integral: at how many points it was taken; null elsewhere
  /// @param check what blanking the map's best patches did; null where that was not asked for
  public record PatchMap(
      String id,
      String title,
      String caption,
      String unit,
      boolean signed,
      int image,
      double[] values,
      @Nullable Double gap,
      @Nullable Integer points,
      @Nullable Check check) {

    /// A map of a method that promises no sum, not checked.
    public PatchMap(
        String id,
        String title,
        String caption,
        String unit,
        boolean signed,
        int image,
        double[] values) {
      this(id, title, caption, unit, signed, image, values, null, null, null);
    }

    /// The same with a check, which its caption tells too.
    public PatchMap checked(Check found) {
      return new PatchMap(
          id, title, caption + " " + found.text(), unit, signed, image, values, gap, points, found);
    }
  }

  /// What blanking did to the word, in nats of its log probability.
  ///
  /// @param patches that hold half of the map, and were blanked
  /// @param fall how far the log probability fell
  /// @param elsewhere how far it fell in the mean when as many patches were blanked elsewhere, in
  ///   the same shape
  /// @param draws places elsewhere
  public record Check(int patches, double fall, double elsewhere, int draws) {

    /// In a sentence.
    public String text() {
      return String.format(
          java.util.Locale.ROOT,
          "Checked here: blanking the %d patches that hold half of this map lowers the log"
              + " probability by %.2f; as many elsewhere in the same shape by %.2f (mean of %d"
              + " places).",
          patches,
          fall,
          elsewhere,
          draws);
    }
  }

  /// A feed-forward neuron.
  ///
  /// @param coefficient its activation at the row
  /// @param increase its log increase
  /// @param promotes words that its output vector raises
  /// @param suppresses words that its output vector lowers
  public record Neuron(
      int layer,
      int index,
      double coefficient,
      double increase,
      List<Word> promotes,
      List<Word> suppresses) {}

  /// One dimension of one head's value at one position.
  public record AttentionNeuron(
      int layer,
      int head,
      int dimension,
      int position,
      double coefficient,
      double increase,
      List<Word> promotes) {}

  /// How much an earlier part activates the explained neurons: inner-product share times increase,
  /// summed.
  ///
  /// @param part `embedding`, `attention` or `feedForward`
  /// @param layer layer of the part, -1 for the embedding
  /// @param neuron index of a single neuron, -1 for the whole layer
  /// @param score summed share
  public record QueryShare(
      String part, int layer, int neuron, double score, @Nullable List<Word> words) {}

  /// The words at the predicting row at one depth.
  ///
  /// @param layer 0 = embedding, l = output of layer l - 1
  /// @param targetProbability probability of the target by the own-norm logit lens
  /// @param words most probable words; score = probability
  public record LensRow(int layer, double targetProbability, List<Word> words) {}
}
