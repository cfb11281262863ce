package dev.lynceus.method.evidence;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an answer rests on, word by word.
///
/// @param model the model
/// @param revision of its checkpoint
/// @param question what was asked
/// @param answer whose words are judged
/// @param given whether the answer was given, not the model's own
/// @param reading how words are read out of the picture
/// @param thresholds what the verdicts were made with; null where none are known
/// @param views the pictures, or tiles of them, that maps are drawn on
/// @param asked things that the question speaks of
/// @param premises attributes that the question takes for granted
/// @param words of the answer
/// @param whose where a word rests on the picture although what is asked for is not there: what it
///   rests on; null where there is no such word
/// @param removed the answer without a word; null where none was taken away
public record Evidence(
    String model,
    String revision,
    String question,
    String answer,
    boolean given,
    String reading,
    @Nullable Thresholds thresholds,
    List<View> views,
    List<Asked> asked,
    List<Premise> premises,
    List<Word> words,
    @Nullable Whose whose,
    @Nullable Removed removed) {

  public Evidence {
    views = List.copyOf(views);
    asked = List.copyOf(asked);
    premises = List.copyOf(premises);
    words = List.copyOf(words);
  }

  /// A picture, or a tile of it.
  public record View(String label, int rows, int columns) {}

  /// How probable a word is read out of the picture's own tokens.
  ///
  /// @param value the largest probability, 0 to 1
  /// @param depth where: 0 = input of the first layer, l = output of layer l - 1
  /// @param where label of the visual token
  /// @param maps for each view the largest over the layers of each patch, row by row
  public record Held(double value, int depth, String where, List<double[]> maps) {
    public Held {
      maps = List.copyOf(maps);
    }
  }

  /// A thing that the question speaks of.
  ///
  /// @param presence log odds of yes against no where the model is asked whether it is there
  /// @param verdict image, unsupported, or uncalibrated
  public record Asked(String text, Held held, double presence, String verdict) {}

  /// An attribute that the question takes for granted.
  ///
  /// @param thing what shall have it
  /// @param attribute for example `purple`
  /// @param named whether the answer names the thing, not the question
  /// @param asked what the model is asked instead
  /// @param said what it says in the attribute's place
  /// @param odds log probability of the attribute less that of the best other word there, nats; for
  ///   a question that yes or no answers, of yes against no
  /// @param effect what the picture raises the log probability of the attribute by there, nats
  /// @param verdict image, contradicted, unsupported, or uncalibrated
  public record Premise(
      String thing,
      String attribute,
      boolean named,
      String asked,
      String said,
      double odds,
      double effect,
      String verdict) {}

  /// A word of the answer. Numbers of a word of several tokens are sums over them.
  ///
  /// @param position of its first token
  /// @param logProbability after what stands before it, nats
  /// @param blind the same where no position may look at the picture
  /// @param effect what the picture raises the log probability by, nats
  /// @param shares what the zones of the prompt bring to it
  /// @param imageShare part of the image in all that speaks for the word
  /// @param held null for words that name no thing
  /// @param probe reading of the state that predicts it; null without a probe
  /// @param reliability calibrated probability that the word is right; null where none is known,
  ///   and for words from the text, which it is not about
  /// @param verdict image, text, contradicted, unsupported, or uncalibrated
  public record Word(
      String text,
      int position,
      double logProbability,
      double blind,
      double effect,
      Shares shares,
      double imageShare,
      @Nullable Held held,
      @Nullable Double probe,
      @Nullable Double reliability,
      String verdict) {}

  /// What became of the answer when a word was taken out of the picture's tokens.
  ///
  /// @param word the word
  /// @param textLayer depth that its direction was read at
  /// @param imageLayer layer whose input was changed
  /// @param strength of the change
  /// @param before what the model answers
  /// @param after what it answers then
  /// @param held confidence of the word before
  /// @param heldAfter confidence after
  /// @param words log probability of the judged answer's words then, nats, in their order
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Removed(
      String word,
      int textLayer,
      int imageLayer,
      double strength,
      String before,
      String after,
      double held,
      double heldAfter,
      double[] words) {}
}
