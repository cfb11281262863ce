package dev.lynceus.method.dependence;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lynceus.method.Degenerate;
import dev.lynceus.method.Finding;
import dev.lynceus.method.Provenance;
import dev.lynceus.method.Unit;
import dev.lynceus.method.WordChoice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one answer depends on, as plain values: the result of `explain` for models whose logits
/// have no shares (BLIP, BERT and their kin). Log probabilities are natural logarithms; all that a
/// word loses is told in nats, positive where its probability falls.
///
/// @param question what was asked; of a text with words taken out the text
/// @param passage that was read beside the question; empty without one
/// @param answer what the model answers
/// @param word what is explained of it
/// @param wholes what the word loses without a whole part of what was given
/// @param views the pictures; none for a text
/// @param texts what was read in words
/// @param maps a number for every patch and word, by several methods
/// @param tests of each map: what it points at taken away, beside as much elsewhere
/// @param heads estimates of what the word loses without each head
/// @param tried heads that were silenced, the strongest estimates first, then random ones
/// @param conclusion in a few sentences
/// @param choice all words of the answer, and why this one; null for a model that reads
public record Dependence(
    Provenance provenance,
    String question,
    String passage,
    String answer,
    Word word,
    List<Whole> wholes,
    List<View> views,
    List<Text> texts,
    List<Values> maps,
    List<Test> tests,
    List<Heads> heads,
    List<Tried> tried,
    String conclusion,
    @Nullable WordChoice choice)
    implements Finding {
  public Dependence {
    wholes = List.copyOf(wholes);
    views = List.copyOf(views);
    texts = List.copyOf(texts);
    maps = List.copyOf(maps);
    tests = List.copyOf(tests);
    heads = List.copyOf(heads);
    tried = List.copyOf(tried);
  }

  /// What is explained.
  ///
  /// @param before what the answer says before it; may be empty
  public record Word(String text, String before, @Unit("nats") double logProbability) {}

  /// A whole part that was taken away.
  ///
  /// @param name for example `the picture`
  /// @param how it was taken away
  /// @param without log probability then
  /// @param loss of the word
  public record Whole(String name, String how, double without, double loss) {}

  /// A picture.
  ///
  /// @param square patches along each side of what is taken away at once
  public record View(String label, int rows, int columns, int square) {}

  /// What was read in words.
  ///
  /// @param name for example `question`
  /// @param words in order
  public record Text(String name, List<String> words) {
    public Text {
      words = List.copyOf(words);
    }
  }

  /// Numbers of one method.
  ///
  /// @param id for example `removal`
  /// @param caption what a number is, and what it is not
  /// @param unit `nats` or `share`
  /// @param patches for each view, row by row
  /// @param words for each text
  /// @param promised what all numbers, and `rest`, should add up to; null where nothing is promised
  /// @param rest of positions that are neither patch nor word; null where nothing is promised
  /// @param gap how far the sum is from it, nats; null where nothing is promised
  public record Values(
      String id,
      String title,
      String caption,
      String unit,
      List<double[]> patches,
      List<double[]> words,
      @Nullable Double promised,
      @Nullable Double rest,
      @Nullable Double gap) {
    public Values {
      patches = List.copyOf(patches);
      words = List.copyOf(words);
    }
  }

  /// A test of a map: the patches, or words, that hold half of it were taken away together, and so
  /// were as many others.
  ///
  /// @param map its id
  /// @param part for example `the picture` or `question`
  /// @param units how many were taken away
  /// @param of how many there are
  /// @param loss of the word
  /// @param elsewhere its mean loss without as many others: patches in the same shape, moved; words
  ///   drawn at random
  /// @param draws of others
  /// @param asMuch how many of them cost the word as much
  public record Test(
      String map,
      String part,
      int units,
      int of,
      double loss,
      double elsewhere,
      int draws,
      int asMuch) {}

  /// Estimates for the heads of a stack: gradient times what the head gives, first order.
  ///
  /// @param stack for example `decoder`
  /// @param kind `attention` or `cross-attention`
  /// @param title for readers
  /// @param values `[layers][heads]`, estimated loss without the head, nats
  public record Heads(String stack, String kind, String title, double[][] values) {}

  /// A head that was silenced: what it gives was zero at all positions.
  ///
  /// @param estimated loss by its estimate, nats
  /// @param loss of the word, nats
  /// @param random whether it was drawn, not chosen by its estimate
  public record Tried(
      String stack,
      String kind,
      int layer,
      int head,
      double estimated,
      double loss,
      boolean random) {}

  /// What a reader should know before believing it. Part of the JSON, made anew when it is read.
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (Values map : maps) {
      for (double[] patches : map.patches) {
        Degenerate.map(map.title, patches).ifPresent(notes::add);
      }
    }
    return notes;
  }
}
