package dev.lynceus.lab.train;

/// What the weights of an X-Former follow from.
///
/// @param seed of weights and of the order of scenes; the towers are made once, from seed 1
/// @param scenes how many scenes are made for the training
/// @param effort factor on the steps of each stage
public record XFormerPlan(
    XFormerShape shape, XFormerVariant variant, long seed, int scenes, double effort) {
  /// Seed of what is made once.
  static final long ONCE = 1;

  /// Steps of a stage.
  public long steps(XFormerStage stage) {
    return Math.max(1, Math.round(stage.steps() * effort));
  }

  /// The same as far as a stage depends on it.
  XFormerPlan of(XFormerStage stage) {
    return stage.varies()
        ? this
        : new XFormerPlan(shape, XFormerVariant.FULL, ONCE, scenes, effort);
  }

  /// Name of the files of a stage, for example `align-no-pixels-2`.
  public String label(XFormerStage stage) {
    return stage.varies()
        ? "%s-%s-%d".formatted(stage.label(), variant.label(), seed)
        : stage.label();
  }
}
