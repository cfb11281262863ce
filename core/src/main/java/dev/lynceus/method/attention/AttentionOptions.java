package dev.lynceus.method.attention;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.List;
import java.util.Optional;

/// What of an answer's attention is told.
///
/// @param target the word of the answer whose rows are read; empty = the whole answer
/// @param heads how many heads are told with their maps, if none is named
/// @param named these heads instead
/// @param patches positions whose readers are told: labels, numbers or ranges; empty = none
/// @param sinks how sinks are found
/// @param redistribution whether attention is also taken from sinks
/// @param why a score that is taken apart
/// @param maxTokens most tokens of the answer
public record AttentionOptions(
    Optional<String> target,
    int heads,
    List<HeadRef> named,
    Optional<String> patches,
    Sinks.Settings sinks,
    Optional<VisualRedistribution> redistribution,
    Optional<Why> why,
    int maxTokens) {

  /// The whole answer, the six best heads.
  public static final AttentionOptions DEFAULT =
      new AttentionOptions(
          Optional.empty(),
          6,
          List.of(),
          Optional.empty(),
          Sinks.Settings.FOUND,
          Optional.empty(),
          Optional.empty(),
          32);

  public AttentionOptions {
    named = List.copyOf(named);
    if (heads < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, heads + " heads are asked for", "Ask for at least one head.");
    }
  }

  /// A head and where it looked.
  ///
  /// @param position a number, a label, or `most`: where it looked most, the first position left
  ///   out
  public record Why(HeadRef head, String position) {

    /// Reads `layer.head@position`.
    ///
    /// @throws LynceusException BAD_REQUEST if it is written otherwise
    public static Why parse(String text) {
      int at = text.indexOf('@');
      if (at < 1 || at == text.length() - 1) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "'" + text + "' does not name a head and a position",
            "Write layer.head@position, for example 2.1@image[0].row[3].col[4] or 2.1@most.");
      }
      return new Why(HeadRef.parse(text.substring(0, at)), text.substring(at + 1).strip());
    }
  }
}
