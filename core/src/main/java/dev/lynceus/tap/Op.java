package dev.lynceus.tap;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;

/// What an intervention does to the region of an activation that it names.
public sealed interface Op {

  /// Replaces the region.
  record Set(Values values) implements Op {}

  /// Adds to the region.
  ///
  /// @param factor what the values are multiplied with first
  record Add(Values values, double factor) implements Op {}

  /// Multiplies the region.
  record Scale(double factor) implements Op {}

  /// Replaces the region by zeros.
  record Zero() implements Op {}

  /// Replaces every position of the region by the mean over some positions of the same activation.
  record Mean(Positions over) implements Op {}

  /// Adds Gaussian noise. The noise of a vector depends on the seed, the point, the layer, the head
  /// and the position alone, not on what else is changed or in the batch; every row of a batch gets
  /// the same.
  ///
  /// @param deviation standard deviation
  record Noise(long seed, double deviation) implements Op {
    public Noise {
      if (!(deviation >= 0) || Double.isInfinite(deviation)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST, "noise of deviation " + deviation, "Use 0 or more.");
      }
    }
  }

  /// Replaces the region by the same region of another run.
  record Patch(Values values) implements Op {}

  /// Forbids the region's rows to attend to some positions; only at `attn.hook_attn_scores`.
  record Mask(Positions sources) implements Op {}

  /// Takes away what the region's rows pay to some positions, and gives it to nobody: what is left
  /// of a row sums to less than one; only at a pattern.
  record Cut(Positions sources) implements Op {}

  /// Spreads what each of the region's rows pays to some positions evenly over those of them that
  /// it pays anything; only at a pattern. Each row sums to what it summed to.
  record Spread(Positions sources) implements Op {}

  /// Gives a share of what each row pays to some sinks to patches that are no sinks, in proportion
  /// to what it pays them already (Kang and others, arXiv 2503.03321); only at `attn.hook_pattern`.
  /// With the sum `S` over all sinks, a patch `j` gets `A_j + share * S * A_j / (sum over the
  /// patches that are no sinks)`, a sink keeps `(1 - share) A`, and each row sums to what it summed
  /// to. A row of a head whose patches that are no sinks have less than `least` of the attention to
  /// all patches stays as it is.
  ///
  /// @param sinks positions that draw attention without need for it, text or patches; may be none
  /// @param patches visual tokens, sinks among them
  /// @param share in [0, 1]
  /// @param least in [0, 1]
  record Redistribute(Positions sinks, Positions patches, double share, double least)
      implements Op {
    public Redistribute {
      if (!(share >= 0 && share <= 1) || !(least >= 0 && least <= 1)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "a share of " + share + " in rows of at least " + least + " cannot be redistributed",
            "Use two numbers from 0 to 1.");
      }
    }
  }

  /// Removes a direction: `h - strength (h·d / d·d) d`.
  ///
  /// @param when whether only vectors that point along the direction are changed
  record Project(Values direction, double strength, When when) implements Op {}

  /// Which vectors a projection changes.
  enum When {
    ALWAYS,
    POSITIVE
  }

  /// The name in JSON.
  default String word() {
    return switch (this) {
      case Set set -> "set";
      case Add add -> "add";
      case Scale scale -> "scale";
      case Zero zero -> "zero";
      case Mean mean -> "mean";
      case Noise noise -> "noise";
      case Patch patch -> "patch";
      case Mask mask -> "mask";
      case Cut cut -> "cut";
      case Spread spread -> "spread";
      case Redistribute redistribute -> "redistribute";
      case Project project -> "project";
    };
  }
}
