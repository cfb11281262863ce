package dev.lynceus.nn;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.List;

/// Rotary position encoding in the half-split layout of Hugging Face checkpoints: the first half of
/// a head's coordinates is paired with the second half.
public final class Rope {
  private final RopeScaling scaling;
  private final int rotated;

  /// @param rotated coordinates of a head that are rotated
  public Rope(RopeScaling scaling, int rotated) {
    this.scaling = scaling;
    this.rotated = rotated;
  }

  /// Cosines and sines, each `[batch, pos, rotated]`.
  public record Table(Tensor cos, Tensor sin) {

    /// The table of the positions from one on.
    public Table from(long first) {
      long count = cos.size(1) - first;
      return first == 0
          ? this
          : new Table(cos.narrow(1, first, count), sin.narrow(1, first, count));
    }

    /// The table that rotates back. Gradients of rotated vectors become those of the vectors by it.
    public Table back() {
      return new Table(cos, sin.neg());
    }
  }

  /// The table for some positions.
  ///
  /// @param positions int64 `[batch, pos]`; `[coordinates, batch, pos]` where they have several
  /// @param longest one more than the largest position of the whole sequence so far; some scalings
  ///   depend on it
  public Table table(Tensor positions, int longest, DType dtype) {
    RopeScaling.Frequencies frequencies = scaling.frequencies(rotated, longest);
    Tensor inverse = Tensor.of(frequencies.inverse(), frequencies.inverse().length);
    Tensor numbers = positions.to(DType.FLOAT32);
    Tensor own =
        numbers.shape().length == 2
            ? numbers.unsqueeze(-1)
            : numbers.indexSelect(0, Tensor.indices(frequencies.axes())).permute(1, 2, 0);
    Tensor half = own.mul(inverse);
    Tensor angles = Torch.cat(List.of(half, half), -1);
    return new Table(
        Torch.cos(angles).mul(frequencies.attentionFactor()).to(dtype),
        Torch.sin(angles).mul(frequencies.attentionFactor()).to(dtype));
  }

  /// Rotates queries or keys: all coordinates of a head, or as many of the first as the table has.
  ///
  /// @param x `[batch, pos, heads, headWidth]`
  public static Tensor rotate(Tensor x, Table table) {
    if (table.cos().dtype() != x.dtype()) {
      // A table of more digits: turned in them, and rounded once.
      return rotate(x.to(table.cos().dtype()), table).to(x.dtype());
    }
    long rotated = table.cos().size(-1);
    if (rotated < x.size(-1)) {
      try (Scope scope = Scope.open()) {
        Tensor turned = rotate(x.narrow(3, 0, rotated), table);
        return scope.keep(
            Torch.cat(List.of(turned, x.narrow(3, rotated, x.size(-1) - rotated)), 3));
      }
    }
    long half = rotated / 2;
    try (Scope scope = Scope.open()) {
      Tensor first = x.narrow(3, 0, half);
      Tensor second = x.narrow(3, half, half);
      Tensor turned = Torch.cat(List.of(second.neg(), first), 3);
      turned.mul_(table.sin().unsqueeze(2));
      return scope.keep(x.mul(table.cos().unsqueeze(2)).add_(turned));
    }
  }
}
