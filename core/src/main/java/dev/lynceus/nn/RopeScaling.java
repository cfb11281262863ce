package dev.lynceus.nn;

import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;

/// How the frequencies of the rotary encoding are stretched for sequences longer than a model was
/// trained on. The kinds and their formulas are those that Hugging Face configs name (`rope_type`).
public sealed interface RopeScaling {

  /// The numbers that a table is made from.
  ///
  /// @param inverse inverse frequencies, `[headWidth / 2]`
  /// @param attentionFactor factor on cosines and sines
  /// @param axes for each frequency which coordinate of a position it is multiplied with, where
  ///   positions have several; empty where they have one
  record Frequencies(float[] inverse, double attentionFactor, int[] axes) {

    /// Frequencies for positions of one coordinate.
    public Frequencies(float[] inverse, double attentionFactor) {
      this(inverse, attentionFactor, new int[0]);
    }
  }

  /// Frequencies for a head width and a length of the sequence so far.
  Frequencies frequencies(int headWidth, int longest);

  /// No scaling: `theta^(-2i/d)`.
  record Default(double theta) implements RopeScaling {
    @Override
    public Frequencies frequencies(int headWidth, int longest) {
      return new Frequencies(floats(plain(theta, headWidth)), 1);
    }
  }

  /// Positions of several coordinates, such as time, row and column of a patch (M-RoPE, arXiv
  /// 2409.12191): each frequency turns by one of them. A position whose coordinates are all the
  /// same is turned as it would be by one.
  ///
  /// @param frequency how the frequencies are stretched
  /// @param axes for each frequency its coordinate
  record Axes(RopeScaling frequency, int[] axes) implements RopeScaling {

    /// The first section of the frequencies belongs to the first coordinate, the next to the
    /// second, and so on, from the first again after the third (Qwen2-VL).
    public static Axes inBlocks(RopeScaling frequency, int[] sections) {
      int[] axes = new int[Arrays.stream(sections).sum()];
      int start = 0;
      for (int s = 0; s < sections.length; s++) {
        Arrays.fill(axes, start, start + sections[s], s % COORDINATES);
        start += sections[s];
      }
      return new Axes(frequency, axes);
    }

    /// Every third frequency belongs to the second coordinate, and the one after it to the third,
    /// as long as their sections last; all others belong to the first (Qwen3-VL).
    public static Axes interleaved(RopeScaling frequency, int[] sections, int frequencies) {
      int[] axes = new int[frequencies];
      for (int axis = 1; axis < COORDINATES; axis++) {
        for (int i = axis;
            i < Math.min(COORDINATES * sections[axis], frequencies);
            i += COORDINATES) {
          axes[i] = axis;
        }
      }
      return new Axes(frequency, axes);
    }

    private static final int COORDINATES = 3;

    @Override
    public Frequencies frequencies(int headWidth, int longest) {
      Frequencies plain = frequency.frequencies(headWidth, longest);
      return new Frequencies(plain.inverse(), plain.attentionFactor(), axes);
    }
  }

  /// All frequencies divided by a factor.
  record Linear(double theta, double factor) implements RopeScaling {
    @Override
    public Frequencies frequencies(int headWidth, int longest) {
      return new Frequencies(
          floats(Arrays.stream(plain(theta, headWidth)).map(f -> f / factor).toArray()), 1);
    }
  }

  /// The base grows with the length once it passes the trained one (NTK-aware).
  ///
  /// The length is that of the sequence so far; in a batch, that of the longest row. While an
  /// answer is generated past the trained length, every new token is turned with the frequencies of
  /// its own moment and the keys in the cache stay as they were turned, as in the reference
  /// library. So beyond that length a generated token sees other angles than in one pass over
  /// prompt and answer, which turns all with the last frequencies; a replay of a generation is such
  /// a pass. The reference library also remembers the longest sequence that a loaded model ever
  /// saw; here every run starts anew, so that equal runs are equal.
  record Dynamic(double theta, double factor, int trained) implements RopeScaling {
    @Override
    public Frequencies frequencies(int headWidth, int longest) {
      double length = Math.max(longest, trained);
      double stretch = factor * length / trained - (factor - 1);
      double base = theta * Math.pow(stretch, headWidth / (headWidth - 2.0));
      return new Frequencies(floats(plain(base, headWidth)), 1);
    }
  }

  /// YaRN (arXiv 2309.00071): low frequencies are interpolated, high ones kept, with a ramp
  /// between.
  ///
  /// @param attentionFactor factor on cosines and sines; NaN = from the formula
  /// @param mscale numerator term of the formula, 0 = not given
  /// @param mscaleAllDim denominator term of the formula, 0 = not given
  record Yarn(
      double theta,
      double factor,
      int original,
      double betaFast,
      double betaSlow,
      double attentionFactor,
      double mscale,
      double mscaleAllDim,
      boolean truncate)
      implements RopeScaling {
    @Override
    public Frequencies frequencies(int headWidth, int longest) {
      double low = correction(betaFast, headWidth);
      double high = correction(betaSlow, headWidth);
      if (truncate) {
        low = Math.floor(low);
        high = Math.ceil(high);
      }
      low = Math.max(low, 0);
      high = Math.min(high, headWidth - 1);
      if (low == high) {
        high += 0.001;
      }
      float[] powers = powers(theta, headWidth);
      float[] inverse = new float[powers.length];
      // float32 throughout, in the order of the reference library.
      for (int i = 0; i < inverse.length; i++) {
        float kept = 1 - Math.clamp((i - (float) low) / (float) (high - low), 0f, 1f);
        inverse[i] = 1 / ((float) factor * powers[i]) * (1 - kept) + 1 / powers[i] * kept;
      }
      return new Frequencies(inverse, attention());
    }

    private double correction(double rotations, int headWidth) {
      return headWidth * Math.log(original / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private double attention() {
      if (!Double.isNaN(attentionFactor)) {
        return attentionFactor;
      }
      if (mscale != 0 && mscaleAllDim != 0) {
        return magnitude(factor, mscale) / magnitude(factor, mscaleAllDim);
      }
      return magnitude(factor, 1);
    }

    private static double magnitude(double scale, double m) {
      return scale <= 1 ? 1 : 0.1 * m * Math.log(scale) + 1;
    }
  }

  /// LongRoPE (arXiv 2402.13753): one factor per frequency, another list beyond the original
  /// length.
  ///
  /// @param attentionFactor factor on cosines and sines; NaN = from the formula
  record LongRope(
      double theta,
      double factor,
      int original,
      double[] shortFactors,
      double[] longFactors,
      double attentionFactor)
      implements RopeScaling {
    @Override
    public Frequencies frequencies(int headWidth, int longest) {
      double[] factors = longest > original ? longFactors : shortFactors;
      float[] inverse = powers(theta, headWidth);
      for (int i = 0; i < inverse.length; i++) {
        inverse[i] = 1 / ((float) factors[i] * inverse[i]);
      }
      double attention =
          !Double.isNaN(attentionFactor)
              ? attentionFactor
              : factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
      return new Frequencies(inverse, attention);
    }
  }

  /// Llama 3.1: long waves divided by the factor, short ones kept, a smooth passage between.
  record Llama3(double theta, double factor, double lowFactor, double highFactor, int original)
      implements RopeScaling {
    @Override
    public Frequencies frequencies(int headWidth, int longest) {
      double[] inverse = plain(theta, headWidth);
      for (int i = 0; i < inverse.length; i++) {
        double wavelength = 2 * Math.PI / inverse[i];
        if (wavelength > original / lowFactor) {
          inverse[i] /= factor;
        } else if (wavelength >= original / highFactor) {
          double smooth = (original / wavelength - lowFactor) / (highFactor - lowFactor);
          inverse[i] = (1 - smooth) * inverse[i] / factor + smooth * inverse[i];
        }
      }
      return new Frequencies(floats(inverse), 1);
    }
  }

  /// `theta^(-2i/d)` for `i < d/2`, in float32.
  private static double[] plain(double theta, int headWidth) {
    float[] powers = powers(theta, headWidth);
    double[] inverse = new double[powers.length];
    for (int i = 0; i < inverse.length; i++) {
      inverse[i] = 1 / powers[i];
    }
    return inverse;
  }

  /// `theta^(2i/d)` for `i < d/2`, in float32 by the tensor library: positions multiply these
  /// numbers, so a last-bit difference would grow with the length of the sequence.
  private static float[] powers(double theta, int headWidth) {
    float[] exponents = new float[headWidth / 2];
    for (int i = 0; i < exponents.length; i++) {
      exponents[i] = 2f * i / headWidth;
    }
    try (Scope scope = Scope.open()) {
      return Torch.pow(theta, Tensor.of(exponents, exponents.length)).toFloats();
    }
  }

  private static float[] floats(double[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }
}
