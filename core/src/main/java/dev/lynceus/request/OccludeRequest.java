package dev.lynceus.request;

import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Occlusion;
import java.util.List;

/// Occlusion: hides parts of the picture in turn.
///
/// @param measure what is measured of every run
/// @param space what is replaced
/// @param fill with what
/// @param parts what is hidden in turn
public record OccludeRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "word") Measure measure,
    @Setting(otherwise = "embedding") Occlusion.Space space,
    @Setting(otherwise = "mean") Occlusion.Fill fill,
    @Setting(otherwise = "squares") Parts parts)
    implements Change<CausalMap> {

  /// What is hidden in turn.
  public sealed interface Parts {}

  /// Squares of patches.
  ///
  /// @param side of a square in patches
  public record Squares(@Setting(otherwise = "1", least = 1, most = 10_000) int side)
      implements Parts {}

  /// What is white in pictures, with rings of patches around it, and all but it.
  ///
  /// @param pictures white where something shall be hidden
  /// @param of which picture of the question they are masks of, from 0
  public record Masks(
      List<PictureRef> pictures,
      @Setting(otherwise = "2", least = 0, most = 10_000) int rings,
      @Setting(otherwise = "0", least = 0, most = 10_000) int of)
      implements Parts {}

  /// Pieces of about one colour (SLIC).
  ///
  /// @param count about how many
  public record Superpixels(@Setting(least = 1, most = 1_000_000) int count) implements Parts {}
}
