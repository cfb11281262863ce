package dev.lynceus.method.reader;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Unit;
import dev.lynceus.method.Words;
import dev.lynceus.run.Batch;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Passages;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The words that a model says were taken out of a text, and how probable a text is word by word.
public final class MaskedWords {
  /// Texts that are read side by side.
  private static final int SIDE_BY_SIDE = 16;

  /// The mark of a piece that goes on with the word before it.
  private static final String GOES_ON = "##";

  private MaskedWords() {}

  /// A word for a place.
  ///
  /// @param id its token
  /// @param text what a reader sees of it; `##ing` for a piece that goes on with the word before it
  public record Word(int id, String text, double probability) {}

  /// A place that a word was taken out of.
  ///
  /// @param position of the mask
  /// @param words most probable first
  public record Place(int position, List<Word> words) {
    public Place {
      words = List.copyOf(words);
    }
  }

  /// A word of a text.
  ///
  /// @param position of its token
  /// @param logProbability of it where it alone is taken out, natural logarithm
  public record Said(int position, int id, String text, @Unit("nats") double logProbability) {}

  /// The words of all places.
  ///
  /// @param most how many of each
  /// @throws LynceusException BAD_REQUEST if nothing was taken out
  public static List<Place> of(LoadedModel model, Prompt prompt, int most) {
    int[] masks = prompt.tokens().positions(TokenMap.Role.MASK);
    if (masks.length == 0 || most < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          masks.length == 0
              ? "no word was taken out of the text"
              : "%d words for each place".formatted(most),
          masks.length == 0
              ? "Write %s in the place of a word."
                  .formatted(model.tokenizer().specialToken("mask_token").orElse("[MASK]"))
              : "Ask for one or more.");
    }
    Capture capture = Capture.of(Capture.request(Point.LOGITS).at(Positions.of(masks)));
    List<Place> places = new ArrayList<>();
    try (Scope scope = Scope.open();
        Run run = model.run(prompt, capture)) {
      Tensor logits = run.get(Point.LOGITS, 0).select(0, 0).to(DType.FLOAT64);
      Tensor probabilities = Torch.softmax(logits, 1);
      for (int i = 0; i < masks.length; i++) {
        places.add(new Place(masks[i], words(model, probabilities.select(0, i), most)));
      }
    }
    return places;
  }

  private static List<Word> words(LoadedModel model, Tensor probabilities, int most) {
    int count = (int) Math.min(most, probabilities.size(0));
    Tensor.TopK top = probabilities.topk(count);
    int[] ids = top.indices().toInts();
    double[] values = top.values().toDoubles();
    return IntStream.range(0, count)
        .mapToObj(i -> new Word(ids[i], text(model, ids[i]), values[i]))
        .toList();
  }

  private static String text(LoadedModel model, int id) {
    String text = new Words(model.tokenizer()).text(id);
    if (text.isBlank()) {
      return text;
    }
    // What goes on with the word before it would look like a word of its own.
    boolean goesOn =
        model.tokenizer().hasPiece(id) && model.tokenizer().piece(id).startsWith(GOES_ON);
    return (goesOn ? GOES_ON : "") + text.strip();
  }

  /// How probable each word of a text is where it alone is taken out: the pseudo log likelihood of
  /// the text is their sum (Salazar and others, arXiv 1910.14659).
  public static List<Said> likelihood(LoadedModel model, Prompt prompt) {
    Passages passages = model.passages();
    int[] words = prompt.tokens().positions(TokenMap.Role.QUESTION);
    List<Said> said = new ArrayList<>();
    for (int from = 0; from < words.length; from += SIDE_BY_SIDE) {
      int[] some = Arrays.copyOfRange(words, from, Math.min(words.length, from + SIDE_BY_SIDE));
      List<Prompt> without =
          IntStream.of(some).mapToObj(position -> passages.without(prompt, position)).toList();
      Batch batch = Batch.of(without, Batch.Padding.RIGHT, 0);
      try (Scope scope = Scope.open();
          Run run = model.run(batch, Capture.NONE, List.of())) {
        Tensor logs = Torch.logSoftmax(run.logits().to(DType.FLOAT64), 1);
        for (int row = 0; row < some.length; row++) {
          int id = prompt.ids()[some[row]];
          double log = logs.select(0, row).select(0, id).item();
          said.add(new Said(some[row], id, text(model, id), log));
        }
      }
    }
    return said;
  }
}
