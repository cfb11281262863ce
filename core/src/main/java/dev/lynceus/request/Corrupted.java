package dev.lynceus.request;

import dev.lynceus.method.causal.CausalTracing.Direction;

/// How the input is corrupted, where a clean run is compared with a corrupted one.
///
/// @param by what corrupts it
/// @param where positions that are corrupted; those of the word, where one is replaced
/// @param direction what is carried where
/// @param seed of the first noise
public record Corrupted(
    @Setting(otherwise = "noise") By by,
    @Setting(otherwise = "image") String where,
    @Setting(otherwise = "denoising") Direction direction,
    @Setting(otherwise = "0") long seed) {

  /// What corrupts.
  public sealed interface By {}

  /// Gaussian noise.
  ///
  /// @param deviations its standard deviations, in those of the embeddings
  public record Noise(@Setting(otherwise = "3", least = 0, most = 1_000_000) double deviations)
      implements By {}

  /// Random factors.
  ///
  /// @param deviation of the factors around 1
  public record Multiply(@Setting(otherwise = "5", least = 0, most = 1_000_000) double deviation)
      implements By {}

  /// One factor.
  public record Shrink(
      @Setting(otherwise = "0.7691", least = -1_000_000, most = 1_000_000) double factor)
      implements By {}

  /// The mean of the positions.
  public record Mean() implements By {}

  /// Zero.
  public record Zero() implements By {}

  /// The pictures blurred, and encoded again.
  ///
  /// @param share reach of the blur, as a share of the picture's side
  public record Blur(@Setting(otherwise = "0.15", least = 0, most = 1_000_000) double share)
      implements By {}

  /// The visual tokens of another picture.
  public record Other(PictureRef picture) implements By {}

  /// Another word of as many tokens in the place of one of the question.
  ///
  /// @param word as the question has it
  /// @param with the other
  public record Replace(String word, String with) implements By {}
}
