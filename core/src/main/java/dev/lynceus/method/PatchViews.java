package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tap.TokenMap;
import java.util.List;

/// The views of a prompt whose patches are positions of its sequence, for methods that need such.
public final class PatchViews {
  private PatchViews() {}

  /// The views, at least one.
  ///
  /// @param purpose what they are for, for example `to map`
  /// @throws LynceusException BAD_REQUEST without a picture, or where visual tokens are queries
  ///   that stand for no patch
  public static List<TokenMap.View> of(TokenMap tokens, String purpose) {
    List<TokenMap.View> views = tokens.views();
    if (!views.isEmpty()) {
      return views;
    }
    if (tokens.grids().isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "there is no picture " + purpose, "Give a picture.");
    }
    throw new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        "there are no patches %s: the visual tokens of this model are queries, each of which reads the whole picture"
            .formatted(purpose),
        "`lynceus queries` shows what each query looks at, and what a word loses without it.");
  }
}
