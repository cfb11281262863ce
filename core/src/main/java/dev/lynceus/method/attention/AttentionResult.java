package dev.lynceus.method.attention;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lynceus.method.Degenerate;
import dev.lynceus.method.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// The attention behind an answer, as plain values.
///
/// @param answer what the model answered
/// @param words of it, in order
/// @param read what the grids and the maps are of: a word of the answer, or all of it
/// @param rows the rows that predict it
/// @param grids attention to the zones of the prompt: the image, the question (of a raw prompt its
///   text), the first position
/// @param views what maps are drawn on
/// @param heads the heads that are told with their maps, best first
/// @param sinks what draws attention without bringing much
/// @param patches who reads the patches that were asked about
/// @param redistribution what became of the answer when sinks gave attention away
/// @param why a score taken apart
public record AttentionResult(
    String answer,
    List<Word> words,
    String read,
    int[] rows,
    List<HeadGrid> grids,
    List<View> views,
    List<HeadMap> heads,
    SinkMarks sinks,
    Optional<PatchReaders> patches,
    Optional<VisualRedistribution.Effect> redistribution,
    Optional<WhyThere> why)
    implements Finding {

  /// A word of the answer.
  ///
  /// @param rows the rows that predict its tokens
  /// @param image mean share of attention that the image gets, over its rows, all layers and heads
  /// @param question the same of the question; of a raw prompt, of its text
  /// @param sinks the same of the positions that are sinks, in each layer of that layer's
  public record Word(String text, int[] rows, double image, double question, double sinks) {}

  /// A picture, or a tile of one.
  public record View(String label, int rows, int columns) {}

  /// A head with its map.
  ///
  /// @param rank among all heads of the model, 1 = the likeliest to point at what is spoken of
  /// @param localises whether it pays the image enough to be ranked by its shape
  /// @param mass share of its attention that the image gets
  /// @param spread mean of its map divided by the largest value
  /// @param entropy spatial entropy in nats; empty where no patch has more than twice the mean
  /// @param regions connected regions of patches with more than twice the mean
  /// @param maps for each view attention to each patch, row by row
  /// @param words for each word of the answer the share of attention that the image gets
  public record HeadMap(
      HeadRef head,
      int rank,
      boolean localises,
      double mass,
      double spread,
      OptionalDouble entropy,
      int regions,
      List<double[]> maps,
      double[] words) {}

  /// Sinks of the run.
  ///
  /// @param dimensions of the residual stream that mark them
  /// @param threshold from which on `phi` makes a sink
  /// @param positions that are sinks in at least half of the layers
  /// @param labels of these positions
  /// @param largest largest `phi` of these positions over the layers
  /// @param layers number of sinks of each layer
  /// @param imageShare share of the attention to the image that goes to patches that are sinks,
  ///   mean over rows, layers and heads
  public record SinkMarks(
      int[] dimensions,
      double threshold,
      int[] positions,
      List<String> labels,
      double[] largest,
      int[] layers,
      double imageShare) {}

  /// Which words read some patches.
  ///
  /// @param patches as they were asked for
  /// @param positions how many they are
  /// @param all for each word its mean attention to one of them, over all layers and heads
  /// @param heads the same of single heads, in the order of [AttentionResult#heads()]
  public record PatchReaders(String patches, int positions, double[] all, List<double[]> heads) {}

  /// Why a head looked at a position.
  ///
  /// @param word that the row predicts
  /// @param label of the position
  public record WhyThere(String word, String label, QueryKeyAttribution.Result parts) {}

  /// What a reader should know before believing it: maps and shares that tell nothing; see
  /// [Degenerate].
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (HeadMap head : heads) {
      for (double[] map : head.maps()) {
        Degenerate.map("the map of head " + head.head().text(), map).ifPresent(notes::add);
      }
    }
    if (sinks.imageShare() > .9) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%.0f %% of the attention to the image goes to sinks",
              100 * sinks.imageShare()));
    }
    return List.copyOf(notes);
  }
}
