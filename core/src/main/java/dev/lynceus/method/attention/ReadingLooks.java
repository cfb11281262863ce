package dev.lynceus.method.attention;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lynceus.method.Degenerate;
import dev.lynceus.method.Finding;
import java.util.ArrayList;
import java.util.List;

/// The attention behind an answer where stacks read each other by cross-attention (BLIP), or where
/// one stack reads all there is (BERT), as plain values: one look after the other, from the answer
/// down to what was given.
///
/// @param question what was asked; of a text with words taken out the text
/// @param answer what the model answered
/// @param read what the looks are of: a word of the answer, or all of it
/// @param views what maps are drawn on; none for a text
/// @param looks who looked at what
public record ReadingLooks(
    String question, String answer, String read, List<View> views, List<Look> looks)
    implements Finding {
  public ReadingLooks {
    views = List.copyOf(views);
    looks = List.copyOf(looks);
  }

  /// A picture.
  public record View(String label, int rows, int columns) {}

  /// Who looked at what.
  ///
  /// @param stack for example `decoder`
  /// @param kind `attention` or `cross-attention`
  /// @param from who looked, for example `answer`
  /// @param to at what, for example `question` or `picture`
  /// @param rows the words that looked
  /// @param columns the words that were looked at; empty for a picture
  /// @param mass `[layers][heads]`, share of attention that words of content, or patches, get; the
  ///   rest goes to what the tokenizer puts around words, or to the class token; mean over the rows
  /// @param mean for each view, or of words the only one: attention to each patch or word, mean
  ///   over layers, heads and rows
  /// @param heads some of them, best first
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Look(
      String stack,
      String kind,
      String from,
      String to,
      List<String> rows,
      List<String> columns,
      double[][] mass,
      List<double[]> mean,
      List<Head> heads) {
    public Look {
      rows = List.copyOf(rows);
      columns = List.copyOf(columns);
      mean = List.copyOf(mean);
      heads = List.copyOf(heads);
    }

    /// Whether it is at a picture.
    public boolean atPicture() {
      return columns.isEmpty();
    }
  }

  /// A head.
  ///
  /// @param mass share of its attention that words of content, or patches, get
  /// @param values for each view, or of words the only one
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Head(int layer, int head, double mass, List<double[]> values) {
    public Head {
      values = List.copyOf(values);
    }

    /// `layer.head`.
    public String text() {
      return layer + "." + head;
    }
  }

  /// What a reader should know before believing it. Part of the JSON, made anew when it is read.
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (Look look : looks) {
      if (look.atPicture()) {
        for (double[] map : look.mean) {
          Degenerate.map("the mean look of the " + look.from + " at the picture", map)
              .ifPresent(notes::add);
        }
      }
    }
    return notes;
  }
}
