package dev.lynceus.lab.experiment;

import org.jspecify.annotations.Nullable;

/// A number about a part of a model, of a prompt, or of an example as a whole: a row of the table
/// `units`.
///
/// @param example its name in the data set
/// @param seed of what was left to chance
/// @param step which token of the answer, from 0; null where it is about none
/// @param unit what the number is about: `example`, `choice`, `word`, `layer`, `head`, `map` …
/// @param name which of these, where numbers do not tell: a choice, a word, a method
/// @param layer of a layer, head or neuron
/// @param head of a head
/// @param neuron of a neuron
/// @param position in the prompt
/// @param zone of the prompt
/// @param metric what was measured
/// @param value the number; null where it is not defined
/// @param stderr one standard error of the number, where it is an estimate
public record UnitRow(
    String example,
    long seed,
    @Nullable Integer step,
    String unit,
    @Nullable String name,
    @Nullable Integer layer,
    @Nullable Integer head,
    @Nullable Integer neuron,
    @Nullable Integer position,
    @Nullable String zone,
    String metric,
    @Nullable Double value,
    @Nullable Double stderr) {

  /// The unit of numbers about an example as a whole; these are what runs are compared by.
  public static final String EXAMPLE = "example";

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  /// About a head.
  public static UnitRow head(At at, int step, int layer, int head, String metric, double value) {
    return new UnitRow(
        at.example(),
        at.seed(),
        step,
        "head",
        null,
        layer,
        head,
        null,
        null,
        null,
        metric,
        finite(value),
        null);
  }

  /// About an example as a whole.
  public static UnitRow of(At at, String metric, double value) {
    return named(at, EXAMPLE, null, metric, value);
  }

  /// About something with a name.
  public static UnitRow named(
      At at, String unit, @Nullable String name, String metric, double value) {
    return new UnitRow(
        at.example(),
        at.seed(),
        null,
        unit,
        name,
        null,
        null,
        null,
        null,
        null,
        metric,
        finite(value),
        null);
  }

  /// Which example, drawn with which seed.
  public record At(String example, long seed) {}
}
