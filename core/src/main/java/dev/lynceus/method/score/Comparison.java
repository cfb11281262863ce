package dev.lynceus.method.score;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.lynceus.method.Degenerate;
import dev.lynceus.method.Finding;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.map.PatchMethod;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
/// @param advice which map to trust, and how sure that is; empty where no adviser is known for the
///   model, or not all of its methods were compared
@JsonPropertyOrder("conclusion")
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
    double[][] overlap,
    Optional<Advice> advice)
    implements Finding {

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
      Optional<Pointing> truth) {

    /// Whether it is a baseline, which knows nothing of the model. Part of the JSON, made anew when
    /// it is read.
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public boolean baseline() {
      return PatchMethod.isBaseline(method);
    }
  }

  public Comparison {
    methods = List.copyOf(methods);
  }

  /// Insertion less deletion: large for a map whose best patches are enough for the word, and
  /// without whose best patches it is not said; NaN where the curves were not asked for.
  static double worth(Judged judged) {
    return judged
        .curves()
        .map(curves -> curves.insertionArea() - curves.deletionArea())
        .orElse(Double.NaN);
  }

  /// Whether a method is a baseline, which knows nothing of the model.
  public static boolean baseline(Judged judged) {
    return judged.baseline();
  }

  /// The same with the best methods first: by insertion less deletion, where there are no curves by
  /// how far the others agree.
  public Comparison ranked() {
    int[] order =
        IntStream.range(0, methods.size())
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -rank(i)))
            .mapToInt(Integer::intValue)
            .toArray();
    return new Comparison(
        model,
        question,
        answer,
        word,
        id,
        probability,
        view,
        rows,
        columns,
        IntStream.of(order).mapToObj(methods::get).toList(),
        top,
        permuted(agreement, order),
        permuted(overlap, order),
        advice);
  }

  /// The same with advice.
  public Comparison advised(Optional<Advice> given) {
    return new Comparison(
        model,
        question,
        answer,
        word,
        id,
        probability,
        view,
        rows,
        columns,
        methods,
        top,
        agreement,
        overlap,
        given);
  }

  private double rank(int method) {
    double worth = worth(methods.get(method));
    return Double.isNaN(worth)
        ? Arrays.stream(agreement[method]).filter(Double::isFinite).average().orElse(-1)
        : worth;
  }

  static double[][] permuted(double[][] square, int[] order) {
    return Arrays.stream(order)
        .mapToObj(r -> Arrays.stream(order).mapToDouble(c -> square[r][c]).toArray())
        .toArray(double[][]::new);
  }

  /// Which method explains the word best by what the model does without its patches, which are no
  /// better than a baseline, and which point elsewhere. Part of the JSON, made anew when it is
  /// read.
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public String conclusion() {
    List<Integer> known =
        IntStream.range(0, methods.size())
            .filter(i -> !baseline(methods.get(i)) && !Double.isNaN(worth(methods.get(i))))
            .boxed()
            .toList();
    if (known.isEmpty()) {
      return "Deletion and insertion were not measured, so none of these methods is told to be better.";
    }
    int best =
        known.stream().max(Comparator.comparingDouble(i -> worth(methods.get(i)))).orElseThrow();
    String said = best(best);
    double chance =
        methods.stream()
            .filter(Comparison::baseline)
            .mapToDouble(Comparison::worth)
            .filter(Double::isFinite)
            .max()
            .orElse(Double.NaN);
    List<String> poor =
        known.stream()
            .filter(i -> worth(methods.get(i)) <= chance)
            .map(i -> methods.get(i).method())
            .toList();
    if (!poor.isEmpty()) {
      said += " No better than a baseline: " + String.join(", ", poor) + ".";
    }
    List<String> elsewhere =
        known.stream()
            .filter(i -> i != best && overlap[i][best] == 0)
            .map(i -> methods.get(i).method())
            .toList();
    if (!elsewhere.isEmpty()) {
      said +=
          " Pointing elsewhere, with none of its %d strongest patches: %s."
              .formatted(top, String.join(", ", elsewhere));
    }
    return said;
  }

  /// Why a method is called the best: a curve on which another does as well, a baseline too, is no
  /// reason.
  private String best(int best) {
    String name = methods.get(best).method();
    double back = methods.get(best).curves().orElseThrow().insertionArea();
    double gone = methods.get(best).curves().orElseThrow().deletionArea();
    boolean soonestBack = others(best).allMatch(other -> other.insertionArea() < back - TIE);
    boolean soonestGone = others(best).allMatch(other -> other.deletionArea() > gone + TIE);
    String said = "%s explains \u201c%s\u201d best: the word is ".formatted(name, word);
    String insertion = "insertion " + Spoken.number(back);
    String deletion = "deletion " + Spoken.number(gone);
    if (soonestBack && soonestGone) {
      return said
          + "gone soonest without its first patches and back soonest with them (%s, %s)."
              .formatted(insertion, deletion);
    }
    if (soonestGone) {
      return said
          + "gone soonest without its first patches (%s); insertion does not part it from the others (%s)."
              .formatted(deletion, insertion);
    }
    if (soonestBack) {
      return said
          + "back soonest with its first patches (%s); deletion does not part it from the others (%s)."
              .formatted(insertion, deletion);
    }
    return "Neither deletion nor insertion parts the best of these methods: %s is first by both together (%s, %s)."
        .formatted(name, insertion, deletion);
  }

  /// Areas that tables show as the same number.
  private static final double TIE = 5e-4;

  private Stream<Curves> others(int best) {
    return IntStream.range(0, methods.size())
        .filter(i -> i != best)
        .mapToObj(methods::get)
        .flatMap(other -> other.curves().stream());
  }

  /// What a reader should know before believing it: maps that tell nothing; see [Degenerate].
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public List<String> notes() {
    return methods.stream()
        .flatMap(judged -> Degenerate.map("the map " + judged.method(), judged.map()).stream())
        .toList();
  }
}
