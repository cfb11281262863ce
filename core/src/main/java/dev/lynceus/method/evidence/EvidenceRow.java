package dev.lynceus.method.evidence;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One answer of a data set, judged: all that a table of many answers tells of it.
///
/// @param row number of its line in the data set, from 1
/// @param id that the data set gives it; empty for none
/// @param image as the data set names it; several with commas
/// @param question as asked
/// @param answer that was judged; empty where there was none
/// @param given whether it was given, not the model's own
/// @param verdict the one that matters most, see [Evidence.Headline]; `error` where nothing could
///   be judged
/// @param verdicts all that words and premises got, what matters more first
/// @param headline in a few sentences, without how often such words are right, which the batch
///   tells once; of an error what was wrong
/// @param outside whether the question lies outside of what the model was made for, so that error
///   rates are not about it
/// @param words of the answer
/// @param map of the word that the headline is about; null for none
/// @param status exit status of the error; 0 where the row was judged
public record EvidenceRow(
    int row,
    String id,
    String image,
    String question,
    String answer,
    boolean given,
    String verdict,
    List<String> verdicts,
    String headline,
    boolean outside,
    List<Item> words,
    @Nullable Shown map,
    int status) {
  /// The verdict of a row that could not be judged.
  public static final String ERROR = "error";

  /// A word, as [Evidence.Word] has it.
  ///
  /// @param probability with the picture, 0 to 1
  /// @param blind without it
  /// @param effect difference of their logarithms, nats
  /// @param imageShare part of the image in all that speaks for the word, 0 to 1
  /// @param reliability calibrated probability that it is right, 0 to 1; null where none is known
  /// @param because what the verdict rests on, in words
  public record Item(
      String text,
      String verdict,
      boolean decisive,
      double probability,
      double blind,
      double effect,
      double imageShare,
      @Nullable Double reliability,
      String because) {}

  /// The map of a word on one view of a picture.
  ///
  /// @param view number of the view
  /// @param values one for each patch, row by row
  public record Shown(String word, int view, int rows, int columns, List<Double> values) {
    public Shown {
      values = List.copyOf(values);
    }
  }

  public EvidenceRow {
    verdicts = List.copyOf(verdicts);
    words = List.copyOf(words);
  }

  /// A judged answer.
  public static EvidenceRow of(int row, String id, String image, Evidence found) {
    List<Item> items = new ArrayList<>();
    for (Evidence.Word word : found.words()) {
      items.add(
          new Item(
              word.text(),
              word.verdict(),
              word.decisive(),
              Math.exp(word.logProbability()),
              Math.exp(word.blind()),
              word.effect(),
              word.imageShare(),
              word.reliability(),
              word.because()));
    }
    return new EvidenceRow(
        row,
        id,
        image,
        found.question(),
        found.answer(),
        found.given(),
        found.headline().verdict(),
        found.verdicts().stream().map(Verdict::label).toList(),
        found.headline().finding(),
        !found.outside().isEmpty(),
        items,
        shown(found),
        0);
  }

  /// A row that could not be judged.
  ///
  /// @param status exit status of the error
  public static EvidenceRow failed(
      int row, String id, String image, String question, String message, int status) {
    return new EvidenceRow(
        row,
        id,
        image,
        question,
        "",
        false,
        ERROR,
        List.of(ERROR),
        message,
        false,
        List.of(),
        null,
        status);
  }

  private static @Nullable Shown shown(Evidence found) {
    for (int index : found.headline().words()) {
      Evidence.Word word = found.words().get(index);
      Evidence.Looked looked = word.looked();
      if (looked != null) {
        Evidence.View view = found.views().get(looked.view());
        List<Double> values = new ArrayList<>();
        for (double value : looked.maps().get(looked.view())) {
          values.add(value);
        }
        return new Shown(word.text(), looked.view(), view.rows(), view.columns(), values);
      }
    }
    return null;
  }
}
