package dev.lynceus.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// Functions that make tensors or take several of them, named as PyTorch names them, and the
/// settings of the library.
public final class Torch {
  static {
    Native.prepare();
  }

  private Torch() {}

  // ---- making -----------------------------------------------------------------------------------

  public static Tensor empty(DType dtype, long... shape) {
    return new Tensor(torch.empty(shape, options(dtype), new MemoryFormatOptional()));
  }

  public static Tensor zeros(DType dtype, long... shape) {
    return new Tensor(torch.zeros(shape, options(dtype)));
  }

  public static Tensor full(DType dtype, double value, long... shape) {
    return new Tensor(torch.full(shape, new Scalar(value), options(dtype)));
  }

  /// float32 numbers from `start` (inclusive) to `end` (exclusive), as the library rounds them.
  public static Tensor arange(double start, double end, double step) {
    return new Tensor(
        torch.arange(new Scalar(start), new Scalar(end), new Scalar(step), options(DType.FLOAT32)));
  }

  /// The number of bounds at or below each value: int64, of the shape of `values`.
  ///
  /// @param bounds ascending
  public static Tensor bucketize(Tensor values, Tensor bounds) {
    return new Tensor(torch.bucketize(values.live(), bounds.live(), false, true));
  }

  /// int64 numbers from `start` (inclusive) to `end` (exclusive).
  public static Tensor arange(long start, long end) {
    return new Tensor(torch.arange(new Scalar(start), new Scalar(end), options(DType.INT64)));
  }

  /// Standard normal float32 numbers. The same seed gives the same numbers on every machine and for
  /// every number of threads, because they come from the Java library's generator.
  public static Tensor randn(long seed, long... shape) {
    SplittableRandom random = new SplittableRandom(seed);
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, shape);
  }

  private static TensorOptions options(DType dtype) {
    return new TensorOptions(dtype.scalarType());
  }

  // ---- joining ----------------------------------------------------------------------------------

  public static Tensor cat(List<Tensor> tensors, int dimension) {
    return new Tensor(torch.cat(vector(tensors), dimension));
  }

  public static Tensor stack(List<Tensor> tensors, int dimension) {
    return new Tensor(torch.stack(vector(tensors), dimension));
  }

  private static TensorVector vector(List<Tensor> tensors) {
    return new TensorVector(
        tensors.stream().map(Tensor::live).toArray(org.bytedeco.pytorch.Tensor[]::new));
  }

  // ---- layers -----------------------------------------------------------------------------------

  /// `x W^T + b`; `x` `[..., in]`, `weight` `[out, in]`, `bias` `[out]` or null.
  public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
    return new Tensor(
        bias == null
            ? torch.linear(x.live(), weight.live())
            : torch.linear(x.live(), weight.live(), optional(bias)));
  }

  /// Matrix product written into `out`.
  public static void mmOut(Tensor out, Tensor a, Tensor b) {
    torch.mm_out(out.live(), a.live(), b.live());
  }

  /// Matrix times vector, written into `out`.
  public static void mvOut(Tensor out, Tensor matrix, Tensor vector) {
    torch.mv_out(out.live(), matrix.live(), vector.live());
  }

  /// Rows of a table, `[..., width]`, for int64 `ids` `[...]`.
  public static Tensor embedding(Tensor table, Tensor ids) {
    return new Tensor(torch.embedding(table.live(), ids.live()));
  }

  /// Convolution without padding; `x` `[n, in, h, w]`, `weight` `[out, in, k, k]`.
  public static Tensor conv2d(Tensor x, Tensor weight, @Nullable Tensor bias, long stride) {
    return new Tensor(
        torch.conv2d(
            x.live(),
            weight.live(),
            optional(bias),
            new long[] {stride, stride},
            new long[] {0, 0},
            new long[] {1, 1},
            1));
  }

  /// Layer normalisation over the last dimension.
  public static Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, double eps) {
    return new Tensor(
        torch.layer_norm(
            x.live(), new long[] {x.size(-1)}, optional(weight), optional(bias), eps, false));
  }

  /// Root-mean-square normalisation over the last dimension, times `weight`.
  public static Tensor rmsNorm(Tensor x, Tensor weight, double eps) {
    return new Tensor(
        torch.rms_norm(
            x.live(), new long[] {x.size(-1)}, optional(weight), new DoubleOptional(eps)));
  }

  public static Tensor silu(Tensor x) {
    return new Tensor(torch.silu(x.live()));
  }

  public static Tensor relu(Tensor x) {
    return new Tensor(torch.relu(x.live()));
  }

  public static Tensor sigmoid(Tensor x) {
    return new Tensor(torch.sigmoid(x.live()));
  }

  public static Tensor tanh(Tensor x) {
    return new Tensor(torch.tanh(x.live()));
  }

  /// A number to the power of each element.
  public static Tensor pow(double base, Tensor exponents) {
    return new Tensor(torch.pow(new Scalar(base), exponents.live()));
  }

  public static Tensor cos(Tensor x) {
    return new Tensor(torch.cos(x.live()));
  }

  public static Tensor sin(Tensor x) {
    return new Tensor(torch.sin(x.live()));
  }

  /// Gaussian error linear unit, exact.
  public static Tensor gelu(Tensor x) {
    return new Tensor(torch.gelu(x.live()));
  }

  /// Gaussian error linear unit, tanh approximation.
  public static Tensor geluTanh(Tensor x) {
    return new Tensor(torch.gelu(x.live(), "tanh"));
  }

  public static Tensor softmax(Tensor x, int dimension) {
    return new Tensor(torch.softmax(x.live(), dimension));
  }

  /// Softmax computed and returned in another element type.
  public static Tensor softmax(Tensor x, int dimension, DType dtype) {
    return new Tensor(
        torch.softmax(x.live(), dimension, new ScalarTypeOptional(dtype.scalarType())));
  }

  public static Tensor logSoftmax(Tensor x, int dimension) {
    return new Tensor(torch.log_softmax(x.live(), dimension));
  }

  public static Tensor logsumexp(Tensor x, int dimension) {
    return new Tensor(torch.logsumexp(x.live(), new long[] {dimension}, false));
  }

  public static Tensor where(Tensor condition, Tensor yes, Tensor no) {
    return new Tensor(torch.where(condition.live(), yes.live(), no.live()));
  }

  /// Attention; fused, unless large products would be recorded: going back through the fused
  /// operation, its threads would multiply one beside the other, and all products of the way back
  /// would have to do with one thread. `q` `[b, h, t, d]`, `k` and `v` `[b, g, s, d]` with `h` a
  /// multiple of `g`.
  ///
  /// @param mask additive `[b or 1, 1, t, s]`, or null
  /// @param causal whether each row sees only the columns up to its own index; only without a mask
  /// @param scale factor on the scores
  public static Tensor scaledDotProductAttention(
      Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal, double scale) {
    boolean recorded = q.recordsGradient() || k.recordsGradient() || v.recordsGradient();
    return recorded && !Threads.small(q.size(2) * k.size(2) * q.size(3))
        ? attention(q, k, v, mask, causal, scale)
        : fusedAttention(q, k, v, mask, causal, scale);
  }

  /// The fused operation, recorded or not; see [FusedAttention].
  static Tensor fusedAttention(
      Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal, double scale) {
    return Threads.oneEach(
        q.size(2) * k.size(2) * q.size(3),
        () ->
            new Tensor(
                torch.scaled_dot_product_attention(
                    q.live(),
                    k.live(),
                    v.live(),
                    optional(mask),
                    0.0,
                    causal,
                    new DoubleOptional(scale),
                    q.size(1) != k.size(1))));
  }

  /// Attention step by step, each product on all threads.
  private static Tensor attention(
      Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal, double scale) {
    try (Scope scope = Scope.open()) {
      long groups = q.size(1) / k.size(1);
      Tensor keys = groups == 1 ? k : k.repeatInterleave(groups, 1);
      Tensor values = groups == 1 ? v : v.repeatInterleave(groups, 1);
      Tensor scores = q.mul(scale).matmul(keys.transpose(2, 3));
      if (mask != null) {
        scores.add_(mask);
      } else if (causal) {
        Tensor later = full(q.dtype(), Double.NEGATIVE_INFINITY, q.size(2), k.size(2));
        scores.add_(new Tensor(torch.triu(later.live(), 1)));
      }
      return scope.keep(softmax(scores, -1).matmul(values));
    }
  }

  // ---- gradients --------------------------------------------------------------------------------

  /// Gradients of `sum(output * direction)` with respect to tensors that record what is done with
  /// them. Nothing is added to the leaves themselves, and the recorded graph stays, so that another
  /// direction can follow.
  ///
  /// @param direction of the shape of `output`
  /// @param leaves asked for gradients before `output` was computed from them
  /// @return one for each leaf; empty where `output` does not depend on it
  public static List<Optional<Tensor>> gradients(
      Tensor output, Tensor direction, List<Tensor> leaves) {
    if (!output.recordsGradient()) {
      return leaves.stream().map(leaf -> Optional.<Tensor>empty()).toList();
    }
    TensorVector found =
        torch.grad(
            vector(List.of(output)),
            vector(leaves),
            vector(List.of(direction)),
            new BoolOptional(true),
            false,
            true);
    List<Optional<Tensor>> gradients = new ArrayList<>();
    for (long i = 0; i < found.size(); i++) {
      org.bytedeco.pytorch.Tensor one = found.get(i);
      // A handle of its own: the binding returns a reference into the vector.
      gradients.add(one.defined() ? Optional.of(new Tensor(one.detach())) : Optional.empty());
    }
    return gradients;
  }

  private static TensorOptional optional(@Nullable Tensor tensor) {
    return tensor == null ? new TensorOptional() : new TensorOptional(tensor.live());
  }

  // ---- settings ---------------------------------------------------------------------------------

  /// The version of libtorch, for example `2.10.0`, as its binding tells; loads nothing.
  public static String version() {
    String binding = torch.class.getPackage().getImplementationVersion();
    return binding == null ? "of unknown version" : binding.replaceFirst("-.*", "");
  }

  /// The library that products of matrices come from, for example `OpenBLAS`; loads it.
  public static String products() {
    return ProductLibrary.loaded().kind().label();
  }

  /// Sets the threads that one operation may use, in both of the pools that libtorch computes with:
  /// its own and that of the library of products. The first is a setting of the calling thread,
  /// which threads that compute for the first time later take over; the second is one for the
  /// process. So several Java threads that compute at the same time, each on one thread of the
  /// machine, need no more than `setThreads(1)` before they start.
  public static void setThreads(int threads) {
    Threads.set(threads);
  }

  /// Threads that one operation may use.
  public static int threads() {
    return torch.get_num_threads();
  }
}
