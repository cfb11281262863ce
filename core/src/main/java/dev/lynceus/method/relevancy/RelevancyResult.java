package dev.lynceus.method.relevancy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lynceus.method.Degenerate;
import dev.lynceus.method.Finding;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What `lynceus relevancy` tells.
///
/// @param mode which map
/// @param compatible whether as LVLM-Interpret computes it
/// @param command the command line that makes this result again
/// @param tokens the sequence that [Word#positions()] are of
/// @param beside the words that an encoder read, which [Word#question()] is of; empty for most
///   models
public record RelevancyResult(
    String model,
    String revision,
    String question,
    String answer,
    String mode,
    boolean compatible,
    String command,
    List<String> tokens,
    List<String> beside,
    List<Word> words)
    implements Finding {

  /// Which map is told.
  public enum Mode {
    DECODER,
    TOWER,
    COMPOSED,
    ALL;

    /// The maps that are told, in order.
    public List<Mode> told() {
      return this == ALL ? List.of(DECODER, TOWER, COMPOSED) : List.of(this);
    }

    /// What commands call it.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// A word of the answer.
  ///
  /// @param imageShare relevancy of the picture, divided by that of picture and question; null
  ///   where it is not known
  /// @param positions relevancy of each position of the sequence; null where it is not known
  /// @param question relevancy of each word that an encoder read; null where none did
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Word(
      String text,
      @Nullable Double imageShare,
      double @Nullable [] positions,
      double @Nullable [] question,
      List<Map> maps) {}

  /// A map of one view of the picture, one number for each patch, row by row.
  ///
  /// @param map `decoder`, `tower` or `composed`
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Map(String map, String view, int rows, int columns, double[] values) {}

  /// What a reader should know before believing it.
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public List<String> notes() {
    return words.stream()
        .flatMap(word ->
            word.maps().stream()
                .flatMap(map ->
                    Degenerate.map(
                        "the map of \u201c" + word.text().strip() + "\u201d", map.values())
                        .stream()))
        .toList();
  }
}
