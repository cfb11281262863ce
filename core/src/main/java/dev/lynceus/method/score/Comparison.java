package dev.lynceus.method.score;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lynceus.method.Degenerate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Several methods on one word of one answer, side by side.
///
/// @param model its name
/// @param question that was asked
/// @param answer what the model answered
/// @param word that is explained, its first token at least
/// @param id that token
/// @param probability of the token
/// @param view which picture, or which tile of it, the maps are of
/// @param rows of patches
/// @param columns of patches
/// @param methods one for each method
/// @param top number of patches that `overlap` compares
/// @param agreement rank correlation (Spearman) of each pair of maps, `[methods][methods]`
/// @param overlap part of the `top` patches of one map that are among those of the other
public record Comparison(
    String model,
    String question,
    String answer,
    String word,
    int id,
    double probability,
    String view,
    int rows,
    int columns,
    List<Judged> methods,
    int top,
    double[][] agreement,
    double[][] overlap) {

  /// One method.
  ///
  /// @param what a value of the map is
  /// @param source who described it
  /// @param map one number for each patch, row by row
  /// @param seconds of a clean run and the map
  /// @param forward passes beside the clean run
  /// @param backward passes
  /// @param curves what happens to the word when patches go in the order of the map; empty where
  ///   that was not asked for
  /// @param steady rank correlation with the map of the same picture with tiny noise in its pixels,
  ///   mean over the noises; NaN where that was not asked for
  /// @param repeated rank correlation with the map of another random seed: 1 for methods without
  ///   chance; NaN where that was not asked for
  /// @param gap of methods that promise a sum: how far they are from it, relative to it
  /// @param truth against the box that was given
  public record Judged(
      String method,
      String what,
      String source,
      double[] map,
      double seconds,
      int forward,
      int backward,
      Optional<Curves> curves,
      double steady,
      double repeated,
      OptionalDouble gap,
      Optional<Pointing> truth) {}

  public Comparison {
    methods = List.copyOf(methods);
  }

  /// What a reader should know before believing it: maps that tell nothing; see [Degenerate].
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public List<String> notes() {
    return methods.stream()
        .flatMap(judged -> Degenerate.map("the map " + judged.method(), judged.map()).stream())
        .toList();
  }
}
