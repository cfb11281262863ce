package dev.lynceus.lab.measure;

import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import java.util.List;

/// What was found out about how a model answers questions for colours. Heads are numbered layer by
/// layer: head `h` of layer `l` is number `l * heads + h`.
///
/// @param model the tuned model, which sees
/// @param base its text-only base
/// @param seed of the scenes
/// @param scenes that were looked at: two to four things of different colours
/// @param right scenes that both models answered right in every form: what (a) and (c) are measured
///   on
/// @param layers of the decoder
/// @param heads of a layer
/// @param vocabulary rows of the unembedding: what a rank is out of
/// @param visual mean log increase of each head, the tuned model asked about pictures
/// @param textual the same, asked about the texts that state the same facts
/// @param baseline the same texts, asked of the base
/// @param agreements of those three, pairwise
/// @param attention where the best heads look when the question changes
/// @param values words in what the best heads move
/// @param patches words in visual tokens, depth by depth
/// @param kinds heads of other kinds of questions, held against those of colours
/// @param inverted how visual tokens read through the unembedding, depth by depth
/// @param control how tokens of texts read there, depth by depth
/// @param ablations answers with heads silenced
/// @param erasures answers with patches taken away
/// @param borrowed whose colour is named where a thing is not there, on scenes of two seeds
/// @param examples maps to look at, two to a scene
public record FindingsReport(
    String model,
    String base,
    long seed,
    int scenes,
    int right,
    int layers,
    int heads,
    int vocabulary,
    double[] visual,
    double[] textual,
    double[] baseline,
    List<Agreement> agreements,
    List<Shift> attention,
    List<ValueWords> values,
    List<PatchWords> patches,
    List<KindHeads> kinds,
    List<Inverted> inverted,
    List<TextWords> control,
    List<Ablation> ablations,
    List<Erasure> erasures,
    List<Borrowed> borrowed,
    List<Example> examples) {

  /// Attention of the best heads on what belongs to a thing.
  ///
  /// @param form `picture` or `text`
  /// @param asked summed attention on the thing's patches, or its sentence, when it is asked about;
  ///   mean over the best heads
  /// @param other the same places when another thing of the same scene is asked about
  public record Shift(String form, Estimate asked, Estimate other) {}

  /// Mean reciprocal ranks of words in what the best heads move from a position.
  ///
  /// @param form `picture` or `text`
  /// @param vector `value output` or `layer input`
  /// @param colour of the right colour, at the positions with the largest increases
  /// @param colourElsewhere of the right colour, at random positions
  /// @param noun of the asked thing's word, at the best positions
  /// @param nounElsewhere at random positions
  public record ValueWords(
      String form,
      String vector,
      Estimate colour,
      Estimate colourElsewhere,
      Estimate noun,
      Estimate nounElsewhere) {}

  /// Words read from visual tokens at one depth.
  ///
  /// @param depth -1 for the visual tokens against the input embeddings, 0 for the input of the
  ///   first layer through the unembedding, l for the output of layer l - 1
  /// @param colour mean reciprocal rank of the thing's colour at its own patches
  /// @param otherColour of a colour that the picture does not have, at the same patches
  /// @param background of the thing's colour at patches of the background
  /// @param noun of the thing's word at its own patches
  /// @param otherNoun of a word for a thing that is not there, at the same patches
  /// @param nounBackground of the thing's word at patches of the background
  /// @param medianColour median rank of the colour at own patches, 1 is the best
  /// @param medianNoun median rank of the word at own patches
  public record PatchWords(
      int depth,
      Estimate colour,
      Estimate otherColour,
      Estimate background,
      Estimate noun,
      Estimate otherNoun,
      Estimate nounBackground,
      double medianColour,
      double medianNoun) {}

  /// Heads of another kind of question about pictures, beside those of colours.
  ///
  /// @param kind of question
  /// @param of questions
  /// @param shared how many of its ten best heads are among the ten best for colours
  /// @param sharedFive the same of the five best
  /// @param spearman rank correlation of all heads
  /// @param within mean of `shared` for random pairings inside layers
  public record KindHeads(
      String kind,
      int of,
      Estimate shared,
      Estimate sharedFive,
      Estimate spearman,
      double within) {}

  /// Where the right colour stands among the ten colours at a thing's own patches, read through the
  /// unembedding.
  ///
  /// @param depth as for [PatchWords]
  /// @param first share of patches where it is the highest of the ten; a tenth by chance
  /// @param last share of patches where it is the lowest
  public record Inverted(int depth, Share first, Share last) {}

  /// Tokens of a text read in the same way: the control that says what a word looks like where
  /// there is one.
  ///
  /// @param depth as for [PatchWords]
  /// @param own mean reciprocal rank of the colour's word at the colour's own token
  /// @param noun of the thing's word at the thing's own token
  /// @param colour of the thing's colour at the thing's token, which comes before it
  public record TextWords(int depth, Estimate own, Estimate noun, Estimate colour) {}

  /// Answers with heads silenced, on scenes that the heads were not chosen on.
  ///
  /// @param task `tuned, pictures`, `tuned, texts` or `base, texts`
  /// @param chosen which heads: `none`, the best by log increase for `pictures`, `texts` or `base`,
  ///   those with the most `attention` on the picture or the largest `output`, or `random` ones of
  ///   the whole model or of the `same layers` as the best for pictures
  /// @param how `zero`, `mean` (what the head writes in the mean over other scenes) or `last row`
  ///   (zero at the row that predicts the colour alone)
  /// @param count how many
  /// @param right colours answered right; random choices taken together
  public record Ablation(String task, String chosen, String how, int count, Share right) {}

  /// Answers with patches replaced by the mean visual token.
  ///
  /// @param patches `none`, `asked object`, `other object`, `background` or `all`
  public record Erasure(String patches, Share right) {}

  /// Which patches raised the right colour through the best heads.
  ///
  /// @param scene its number
  /// @param answer the colour that is right, and was said
  /// @param rows of patches
  /// @param columns of patches
  /// @param map log increase of each patch, row by row
  public record Example(
      long scene, String question, String answer, int rows, int columns, double[] map) {}

  public FindingsReport {
    agreements = List.copyOf(agreements);
    attention = List.copyOf(attention);
    values = List.copyOf(values);
    patches = List.copyOf(patches);
    kinds = List.copyOf(kinds);
    inverted = List.copyOf(inverted);
    control = List.copyOf(control);
    ablations = List.copyOf(ablations);
    erasures = List.copyOf(erasures);
    borrowed = List.copyOf(borrowed);
    examples = List.copyOf(examples);
  }

  /// How a head is called, for example `2.5` for head 5 of layer 2.
  public String head(int number) {
    return number / heads + "." + number % heads;
  }
}
