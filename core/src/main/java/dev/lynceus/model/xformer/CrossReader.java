package dev.lynceus.model.xformer;

import dev.lynceus.model.encoder.BertNames;
import dev.lynceus.model.stack.FeedForward;
import dev.lynceus.model.stack.Projections;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.nn.Norm;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Weights;
import org.jspecify.annotations.Nullable;

/// Rows that read a memory of another width, and a network after it where there is one: `y = x + O
/// attention(norm(x), memory)`, then `y + network(norm(y))`. Norms come before, so that what is
/// written as zero leaves the rows as they are, to the last bit.
///
/// @param heads of the rows' own width
/// @param network null without
/// @param networkNorm null without a network
public record CrossReader(
    StackShape.Heads heads,
    Norm norm,
    Projections attention,
    @Nullable Norm networkNorm,
    @Nullable FeedForward network) {

  /// Sizes of a reader.
  ///
  /// @param width of its rows
  /// @param memory width of what it reads
  /// @param inner neurons of the network; 0 without one
  public record Sizes(int width, int heads, int memory, int inner) {

    /// How many numbers are learned.
    public long parameters() {
      long attention = 2L * width * (width + 1) + 2L * width * (memory + 1);
      long network = inner == 0 ? 0 : 2L * width * inner + inner + width + 2L * width;
      return attention + 2L * width + network;
    }
  }

  /// Takes its weights.
  ///
  /// @param w the view that holds `attention`
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  static CrossReader read(
      Sizes sizes, dev.lynceus.nn.Activation activation, double normEps, Weights w) {
    BertNames names = new BertNames(w, sizes.width, normEps);
    boolean network = sizes.inner > 0;
    return new CrossReader(
        StackShape.Heads.of(sizes.heads, sizes.heads, sizes.width / sizes.heads),
        names.norm("layernorm_before"),
        names.attention("attention", "attention", sizes.memory),
        network ? names.norm("layernorm_after") : null,
        network ? names.network("intermediate", "output", sizes.inner, activation) : null);
  }

  /// The rows with what they read.
  ///
  /// @param rows `[batch, rows, width]`
  /// @param memory `[batch, memory, its width]`
  /// @return `[batch, rows, width]`
  public Tensor apply(Tensor rows, Tensor memory) {
    Tensor z =
        Torch.scaledDotProductAttention(
                queries(rows),
                attention.keys(memory, heads).transpose(1, 2),
                attention.values(memory, heads).transpose(1, 2),
                null,
                false,
                heads.scale())
            .transpose(1, 2)
            .reshape(rows.size(0), rows.size(1), -1);
    Tensor read = rows.add(attention.output().apply(z));
    if (network == null || networkNorm == null) {
      return read;
    }
    Tensor inner = network.up().apply(networkNorm.apply(read));
    return read.add(network.down().apply(network.activation().apply(inner)));
  }

  /// Where the rows look, `[batch, heads, rows, memory]`; each row sums to one.
  public Tensor pattern(Tensor rows, Tensor memory) {
    Tensor keys = attention.keys(memory, heads).permute(0, 2, 3, 1);
    return Torch.softmax(queries(rows).matmul(keys).mul(heads.scale()), -1);
  }

  private Tensor queries(Tensor rows) {
    return attention.queries(norm.apply(rows), heads).transpose(1, 2);
  }
}
