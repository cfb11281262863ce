package dev.lynceus.method.evidence;

import dev.lynceus.method.Finding;
import dev.lynceus.method.Shown;
import dev.lynceus.method.Unit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What an answer rests on, word by word.
///
/// @param model the model
/// @param revision of its checkpoint
/// @param question what was asked
/// @param answer whose words are judged
/// @param given whether the answer was given, not the model's own
/// @param reading how words are read out of the picture
/// @param thresholds what the verdicts were made with; null where none are known. How often such
///   verdicts were wrong is null there for questions outside of what the model was made for
/// @param views the pictures, or tiles of them, that maps are drawn on
/// @param asked things that the question speaks of
/// @param premises attributes that the question takes for granted
/// @param words of the answer
/// @param whose where a word rests on the picture although what is asked for is not there: what it
///   rests on; null where there is no such word
/// @param removed the answer without a word; null where none was taken away
/// @param others the same words about other pictures; empty where none was named
/// @param outside what of the question lies outside of what the model was made for; verdicts and
///   error rates are not about such questions
/// @param headline what the whole comes to
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
    @Nullable Removed removed,
    List<Other> others,
    List<String> outside,
    Headline headline)
    implements Finding {

  public Evidence {
    views = List.copyOf(views);
    asked = List.copyOf(asked);
    premises = List.copyOf(premises);
    words = List.copyOf(words);
    others = List.copyOf(others);
    outside = List.copyOf(outside);
  }

  /// The judged answer about another picture, for control: a word that is as probable there does
  /// not come from this one.
  ///
  /// @param picture its name
  /// @param words log probability of each judged word there, nats, in their order
  public record Other(String picture, List<Double> words) {
    public Other {
      words = List.copyOf(words);
    }
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

  /// The whole answer in a few sentences, which every face shows.
  ///
  /// @param verdict the one that matters most: contradicted before unsupported before image, and
  ///   text where the picture decides no word; uncalibrated without thresholds
  /// @param words numbers of the words that have it, from 0, those that the picture moves most
  ///   first
  /// @param sentences in their order
  /// @param belief how often such words are right, as far as it was measured; empty where the
  ///   headline is about no word
  /// @param test a command that tests it; empty for none
  public record Headline(
      String verdict, List<Integer> words, List<String> sentences, String belief, String test) {
    public Headline {
      words = List.copyOf(words);
      sentences = List.copyOf(sentences);
    }

    /// The same about what is shown, where that is not one picture.
    Headline about(Shown shown) {
      return new Headline(
          verdict, words, sentences.stream().map(shown::told).toList(), shown.told(belief), test);
    }

    /// All sentences.
    public String text() {
      return belief.isEmpty() ? finding() : finding() + " " + belief;
    }

    /// The sentences without how far to believe them, for lists that say it once.
    public String finding() {
      return String.join(" ", sentences);
    }
  }

  /// The verdicts about this answer, what matters more first: those of its decisive words and of
  /// what the question takes for granted; text where there is none of them, and uncalibrated
  /// without thresholds.
  public List<Verdict> verdicts() {
    List<Verdict> found =
        Stream.concat(
                words.stream().filter(Word::decisive).map(Word::verdict),
                premises.stream().map(Premise::verdict))
            .map(Verdict::labelled)
            .distinct()
            .sorted(Comparator.comparingInt(EvidenceHeadline.ORDER::indexOf))
            .toList();
    return found.isEmpty() ? List.of(Verdict.labelled(headline.verdict())) : found;
  }

  /// Whether logits of the model have shares; otherwise what is made of them is not told, and no
  /// thresholds are measured (BLIP).
  public boolean hasShares() {
    return words.stream().allMatch(word -> Double.isFinite(word.shares().image()));
  }

  /// This with the command that tests it.
  public Evidence testedBy(String command) {
    return new Evidence(
        model,
        revision,
        question,
        answer,
        given,
        reading,
        thresholds,
        views,
        asked,
        premises,
        words,
        whose,
        removed,
        others,
        outside,
        new Headline(
            headline.verdict(),
            headline.words(),
            headline.sentences(),
            headline.belief(),
            command));
  }

  /// A thing that the question speaks of.
  ///
  /// @param held null where no words are read out of the picture (BLIP)
  /// @param presence log odds of yes against no where the model is asked whether it is there
  /// @param granted whether it is taken for granted: not where the question asks whether it is
  ///   there, nor where the answer says that it is not
  /// @param known whether the model was taught the word; what it says of others tells nothing
  /// @param verdict image, unsupported, or uncalibrated, as where it is not known; open where it is
  ///   not granted
  public record Asked(
      String text,
      @Nullable Held held,
      double presence,
      boolean granted,
      boolean known,
      String verdict) {}

  /// What a word of the answer claims beyond the question, asked back of the model.
  ///
  /// @param thing that shall be there, or have the attribute
  /// @param attribute that it shall have; empty where the word names the thing
  /// @param asked what the model was asked; of two questions the one that speaks against the word
  ///   more
  /// @param said what it says
  /// @param odds log odds of yes against no, or of the attribute against the best other word; at
  ///   most 50 either way
  public record Claim(String thing, String attribute, String asked, String said, double odds) {}

  /// A score that speaks against a word.
  ///
  /// @param score name of a [Score]
  /// @param value what it is
  /// @param least what it should reach
  /// @param text the same in words
  public record Doubt(String score, double value, double least, String text) {}

  /// Where the model looked on the way to a word, by the first map of `explain`.
  ///
  /// @param method of the map
  /// @param maps for each view one value for each patch, row by row
  /// @param view number of the view that holds the strongest patch
  /// @param patches of it that hang together around the strongest and have at least half its value,
  ///   the strongest first
  /// @param place in words, for example `middle right`
  public record Looked(
      String method, List<double[]> maps, int view, List<Integer> patches, String place) {
    public Looked {
      maps = List.copyOf(maps);
      patches = List.copyOf(patches);
    }
  }

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
  /// @param shares what the zones of the prompt bring to it; not numbers where a logit has no
  ///   shares
  /// @param imageShare part of the image in all that speaks for the word; not a number there
  /// @param held null for words that name no thing
  /// @param claim what it claims, asked back; null where it claims nothing or that was not asked
  /// @param probe reading of the state that predicts it; null without a probe
  /// @param reliability calibrated probability that the word is right; null where none is known,
  ///   and for words from the text and questions outside of what the model was made for, which it
  ///   is not about
  /// @param decisive whether the picture decides it or speaks against it; without thresholds
  ///   whether it at least doubles or halves its probability
  /// @param looked where the model looked; null for words that are not decisive
  /// @param doubts scores that speak against it
  /// @param because what the verdict rests on, in words
  /// @param verdict image, text, contradicted, unsupported, or uncalibrated
  public record Word(
      String text,
      int position,
      @Unit("nats") double logProbability,
      @Unit("nats") double blind,
      @Unit("nats") double effect,
      Shares shares,
      double imageShare,
      @Nullable Held held,
      @Nullable Claim claim,
      @Nullable Double probe,
      @Nullable Double reliability,
      boolean decisive,
      @Nullable Looked looked,
      List<Doubt> doubts,
      String because,
      String verdict) {
    public Word {
      doubts = List.copyOf(doubts);
    }

    /// A word that was measured and not judged.
    static Word measured(
        String text,
        int position,
        double logProbability,
        double blind,
        Shares shares,
        @Nullable Held held,
        @Nullable Claim claim,
        @Nullable Double probe) {
      return new Word(
          text,
          position,
          logProbability,
          blind,
          logProbability - blind,
          shares,
          shares.imageShare(),
          held,
          claim,
          probe,
          null,
          false,
          null,
          List.of(),
          "",
          Verdict.UNCALIBRATED.label());
    }

    /// The same with a verdict.
    Word judged(
        Verdict as, @Nullable Double right, boolean decided, List<Doubt> against, String why) {
      return new Word(
          text,
          position,
          logProbability,
          blind,
          effect,
          shares,
          imageShare,
          held,
          claim,
          probe,
          right,
          decided,
          looked,
          against,
          why,
          as.label());
    }

    /// The same with its map.
    Word lookedAt(Looked map) {
      return new Word(
          text,
          position,
          logProbability,
          blind,
          effect,
          shares,
          imageShare,
          held,
          claim,
          probe,
          reliability,
          decisive,
          map,
          doubts,
          because,
          verdict);
    }
  }

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
