package dev.lynceus.request;

import dev.lynceus.method.causal.Occlusion;
import dev.lynceus.method.causal.RegionEffect;
import java.util.List;

/// Necessity and sufficiency of a region of the picture, beside random regions that match it.
///
/// @param measure what is measured of every run
/// @param region what is hidden, and what is left when all else is
/// @param of which picture of the question it is a region of, from 0
/// @param space what is replaced
/// @param fills with what, each once
/// @param draws fillings of noise besides
/// @param controls random regions
/// @param seed of noise and random regions
public record RegionRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "word") Measure measure,
    Part region,
    @Setting(otherwise = "0", least = 0, most = 10_000) int of,
    @Setting(otherwise = "embedding") Occlusion.Space space,
    @Setting(otherwise = "mean") List<Occlusion.Fill> fills,
    @Setting(otherwise = "4", least = 0, most = 1000) int draws,
    @Setting(otherwise = "19", least = 0, most = 10_000) int controls,
    @Setting(otherwise = "0") long seed)
    implements Change<RegionEffect.Result> {
  public RegionRequest {
    fills = List.copyOf(fills);
    // What can be wrong with them is told before a model is loaded.
    RegionEffect unused = new RegionEffect(space, fills, draws, controls, seed);
  }

  /// A part of a picture: the patches that it touches.
  public sealed interface Part {}

  /// A rectangle in pixels of the picture as it is stored, upright; right and bottom are the first
  /// that it does not have.
  public record Rectangle(
      @Setting(least = 0, most = 1_000_000_000) int left,
      @Setting(least = 0, most = 1_000_000_000) int top,
      @Setting(least = 0, most = 1_000_000_000) int right,
      @Setting(least = 0, most = 1_000_000_000) int bottom)
      implements Part {}

  /// What is white in a picture, which is stretched over the other.
  public record Mask(PictureRef picture) implements Part {}
}
