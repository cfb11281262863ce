package dev.lynceus.tensor;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.LongArrayRef;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// An n-dimensional array in native memory, with the operations that the models need, named as
/// PyTorch names them. Operations return new tensors (or views, where PyTorch returns views); those
/// that end in an underscore change the tensor. See [Scope] for how long a tensor lives.
///
/// A tensor that was freed, or whose memory its [Lender] took back, answers every call with a clear
/// exception, never with a crash.
public final class Tensor implements AutoCloseable {
  static {
    Native.prepare();
  }

  private final org.bytedeco.pytorch.Tensor handle;

  /// Whose memory this is, if it is lent; kept reachable for as long as this tensor.
  private final @Nullable Lender lender;

  private long @Nullable [] shape;

  Tensor(org.bytedeco.pytorch.Tensor handle) {
    this(handle, null);
  }

  private Tensor(org.bytedeco.pytorch.Tensor handle, @Nullable Lender lender) {
    this.handle = handle;
    this.lender = lender;
  }

  // ---- making -----------------------------------------------------------------------------------

  /// A float32 tensor with a copy of the values, row-major.
  public static Tensor of(float[] values, long... shape) {
    Tensor tensor = Torch.empty(DType.FLOAT32, checkCount(values.length, shape));
    if (values.length > 0) {
      new FloatPointer(tensor.handle.data_ptr()).put(values, 0, values.length);
    }
    return tensor;
  }

  /// A float64 tensor with a copy of the values, row-major.
  public static Tensor of(double[] values, long... shape) {
    Tensor tensor = Torch.empty(DType.FLOAT64, checkCount(values.length, shape));
    if (values.length > 0) {
      new DoublePointer(tensor.handle.data_ptr()).put(values, 0, values.length);
    }
    return tensor;
  }

  /// An int64 tensor with a copy of the values, row-major.
  public static Tensor of(long[] values, long... shape) {
    Tensor tensor = Torch.empty(DType.INT64, checkCount(values.length, shape));
    if (values.length > 0) {
      new LongPointer(tensor.handle.data_ptr()).put(values, 0, values.length);
    }
    return tensor;
  }

  /// An int64 vector of token ids or positions.
  public static Tensor indices(int... values) {
    return of(Arrays.stream(values).asLongStream().toArray(), values.length);
  }

  /// A boolean tensor with a copy of the values, row-major.
  public static Tensor of(boolean[] values, long... shape) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    Tensor tensor = Torch.empty(DType.BOOL, checkCount(values.length, shape));
    if (bytes.length > 0) {
      new BytePointer(tensor.handle.data_ptr()).put(bytes, 0, bytes.length);
    }
    return tensor;
  }

  /// A tensor over foreign memory, without a copy. The segment is kept reachable for the life of
  /// this tensor; once its arena is closed, the tensor and every view of it refuse. Whoever closes
  /// it while an operation of another thread runs ends the process: [#lent] has lenders that wait.
  ///
  /// @throws LynceusException if the memory is not exactly as long as dtype and shape say
  public static Tensor wrap(MemorySegment memory, DType dtype, long... shape) {
    Lender arena =
        () -> {
          if (!memory.scope().isAlive()) {
            throw new LynceusException(
                ErrorCode.BAD_REQUEST,
                "a tensor was used after the memory that it lies in was given back",
                "Keep the arena open as long as tensors of it are used.");
          }
        };
    return lent(memory, arena, dtype, shape);
  }

  /// A tensor over memory that somebody lends, without a copy. The lender is kept reachable for the
  /// life of this tensor and of its views, and asked before each use of them.
  ///
  /// @throws LynceusException if the memory is not exactly as long as dtype and shape say
  public static Tensor lent(MemorySegment memory, Lender lender, DType dtype, long... shape) {
    long bytes = dtype.bytes() * Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (memory.byteSize() != bytes) {
      throw new LynceusException(
          ErrorCode.INTERNAL,
          "%d bytes of memory for a %s tensor %s of %d bytes"
              .formatted(memory.byteSize(), dtype, Arrays.toString(shape), bytes),
          "Please report this.");
    }
    if (bytes == 0) {
      return Torch.empty(dtype, shape);
    }
    try (TensorOptions options = new TensorOptions(dtype.scalarType())) {
      return new Tensor(torch.from_blob(new Address(memory.address()), shape, options), lender);
    }
  }

  // ---- looking ----------------------------------------------------------------------------------

  /// Sizes of all dimensions, a copy.
  public long[] shape() {
    long[] sizes = shape;
    if (sizes == null) {
      LongArrayRef ref = live().sizes();
      sizes = new long[(int) ref.size()];
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = ref.get(i);
      }
      shape = sizes;
    }
    return sizes.clone();
  }

  /// Size of one dimension; negative dimensions count from the last.
  public long size(int dimension) {
    long[] sizes = shape == null ? shape() : shape;
    return sizes[dimension < 0 ? sizes.length + dimension : dimension];
  }

  /// Number of dimensions.
  public int dim() {
    return shape().length;
  }

  /// Number of elements.
  public long numel() {
    return live().numel();
  }

  /// Element type.
  public DType dtype() {
    return DType.of(live().scalar_type().intern());
  }

  /// Bytes of all elements.
  public long bytes() {
    return numel() * dtype().bytes();
  }

  /// Where the elements are.
  public Device device() {
    return Device.of(live().device());
  }

  /// Whether elements lie row-major without gaps.
  public boolean isContiguous() {
    return live().is_contiguous();
  }

  // ---- reading out ------------------------------------------------------------------------------

  /// All elements, row-major, as float.
  public float[] toFloats() {
    try (Scope scope = Scope.open()) {
      float[] out = new float[Math.toIntExact(numel())];
      if (out.length > 0) {
        new FloatPointer(plain(DType.FLOAT32).data_ptr()).get(out);
      }
      return out;
    }
  }

  /// All elements, row-major, as double.
  public double[] toDoubles() {
    try (Scope scope = Scope.open()) {
      double[] out = new double[Math.toIntExact(numel())];
      if (out.length > 0) {
        new DoublePointer(plain(DType.FLOAT64).data_ptr()).get(out);
      }
      return out;
    }
  }

  /// All elements, row-major, as long.
  public long[] toLongs() {
    try (Scope scope = Scope.open()) {
      long[] out = new long[Math.toIntExact(numel())];
      if (out.length > 0) {
        new LongPointer(plain(DType.INT64).data_ptr()).get(out);
      }
      return out;
    }
  }

  /// All elements, row-major, as int.
  public int[] toInts() {
    try (Scope scope = Scope.open()) {
      int[] out = new int[Math.toIntExact(numel())];
      if (out.length > 0) {
        new IntPointer(plain(DType.INT32).data_ptr()).get(out);
      }
      return out;
    }
  }

  /// The only element.
  public double item() {
    return live().item_double();
  }

  private org.bytedeco.pytorch.Tensor plain(DType dtype) {
    return live().detach().cpu().to(dtype.scalarType()).contiguous();
  }

  // ---- shape ------------------------------------------------------------------------------------

  public Tensor reshape(long... sizes) {
    return new Tensor(live().reshape(sizes), lender);
  }

  public Tensor transpose(int first, int second) {
    return new Tensor(live().transpose(first, second), lender);
  }

  public Tensor permute(long... dimensions) {
    return new Tensor(live().permute(dimensions), lender);
  }

  /// Transpose of a matrix.
  public Tensor t() {
    return new Tensor(live().t(), lender);
  }

  public Tensor unsqueeze(int dimension) {
    return new Tensor(live().unsqueeze(dimension), lender);
  }

  public Tensor squeeze(int dimension) {
    return new Tensor(live().squeeze(dimension), lender);
  }

  public Tensor expand(long... sizes) {
    return new Tensor(live().expand(sizes), lender);
  }

  public Tensor flatten(int first, int last) {
    return new Tensor(live().flatten(first, last), lender);
  }

  /// A view of `length` entries of a dimension from `start`.
  public Tensor narrow(int dimension, long start, long length) {
    return new Tensor(live().narrow(dimension, start, length), lender);
  }

  /// A view of one entry of a dimension, which disappears.
  public Tensor select(int dimension, long index) {
    return new Tensor(live().select(dimension, index), lender);
  }

  /// The entries of a dimension that an int64 vector names, copied.
  public Tensor indexSelect(int dimension, Tensor index) {
    return new Tensor(live().index_select(dimension, index.live()));
  }

  public Tensor gather(int dimension, Tensor index) {
    return new Tensor(live().gather(dimension, index.live()));
  }

  public Tensor repeatInterleave(long times, int dimension) {
    return new Tensor(
        live()
            .repeat_interleave(
                times,
                new org.bytedeco.pytorch.LongOptional(dimension),
                new org.bytedeco.pytorch.LongOptional()));
  }

  public Tensor contiguous() {
    return new Tensor(live().contiguous(), lender);
  }

  /// A copy with memory of its own.
  public Tensor copy() {
    return new Tensor(live().clone());
  }

  // ---- arithmetic -------------------------------------------------------------------------------

  public Tensor add(Tensor other) {
    return new Tensor(live().add(other.live()));
  }

  public Tensor add(double value) {
    return new Tensor(live().add(new Scalar(value)));
  }

  public Tensor sub(Tensor other) {
    return new Tensor(live().sub(other.live()));
  }

  public Tensor mul(Tensor other) {
    return new Tensor(live().mul(other.live()));
  }

  public Tensor mul(double value) {
    return new Tensor(live().mul(new Scalar(value)));
  }

  public Tensor div(Tensor other) {
    return new Tensor(live().div(other.live()));
  }

  public Tensor div(double value) {
    return new Tensor(live().div(new Scalar(value)));
  }

  public Tensor neg() {
    return new Tensor(live().neg());
  }

  public Tensor abs() {
    return new Tensor(live().abs());
  }

  public Tensor square() {
    return new Tensor(live().square());
  }

  public Tensor sqrt() {
    return new Tensor(live().sqrt());
  }

  public Tensor rsqrt() {
    return new Tensor(live().rsqrt());
  }

  public Tensor reciprocal() {
    return new Tensor(live().reciprocal());
  }

  public Tensor exp() {
    return new Tensor(live().exp());
  }

  public Tensor log() {
    return new Tensor(live().log());
  }

  public Tensor matmul(Tensor other) {
    return new Tensor(torch.matmul(live(), other.live()));
  }

  public Tensor clampMax(double maximum) {
    return new Tensor(live().clamp_max(new Scalar(maximum)));
  }

  /// Values below `minimum` become it.
  public Tensor clampMin(double minimum) {
    return new Tensor(live().clamp_min(new Scalar(minimum)));
  }

  // ---- reductions -------------------------------------------------------------------------------

  public Tensor sum() {
    return new Tensor(live().sum());
  }

  public Tensor sum(int dimension) {
    return new Tensor(live().sum(new long[] {dimension}, false, new ScalarTypeOptional()));
  }

  public Tensor mean() {
    return new Tensor(live().mean());
  }

  public Tensor mean(int dimension) {
    return new Tensor(live().mean(new long[] {dimension}, false, new ScalarTypeOptional()));
  }

  /// Mean over a dimension that stays with size 1.
  public Tensor meanKeep(int dimension) {
    return new Tensor(live().mean(new long[] {dimension}, true, new ScalarTypeOptional()));
  }

  /// Largest element of each row of a dimension.
  public Tensor amax(int dimension) {
    return new Tensor(live().amax(new long[] {dimension}, false));
  }

  /// Largest element.
  public Tensor max() {
    return new Tensor(live().max());
  }

  public Tensor argmax(int dimension) {
    return new Tensor(live().argmax(new org.bytedeco.pytorch.LongOptional(dimension), false));
  }

  public Tensor cumsum(int dimension) {
    return new Tensor(live().cumsum(dimension));
  }

  /// The `k` largest entries of the last dimension, largest first.
  public TopK topk(long k) {
    T_TensorTensor_T pair = torch.topk(live(), k, -1, true, true);
    return new TopK(new Tensor(pair.get0()), new Tensor(pair.get1()));
  }

  /// Values and their int64 indices.
  public record TopK(Tensor values, Tensor indices) {}

  // ---- comparison -------------------------------------------------------------------------------

  public Tensor eq(double value) {
    return new Tensor(live().eq(new Scalar(value)));
  }

  public Tensor gt(double value) {
    return new Tensor(live().gt(new Scalar(value)));
  }

  public Tensor isFinite() {
    return new Tensor(torch.isfinite(live()));
  }

  public Tensor maskedFill(Tensor mask, double value) {
    return new Tensor(live().masked_fill(mask.live(), new Scalar(value)));
  }

  // ---- in place ---------------------------------------------------------------------------------

  /// Overwrites the elements with those of another tensor, converting the type.
  public Tensor copy_(Tensor source) {
    live().copy_(source.live());
    return this;
  }

  /// Adds another tensor to the elements.
  public Tensor add_(Tensor other) {
    live().add_(other.live());
    return this;
  }

  /// Logistic function in place.
  public Tensor sigmoid_() {
    live().sigmoid_();
    return this;
  }

  /// Multiplies the elements.
  public Tensor mul_(Tensor other) {
    live().mul_(other.live());
    return this;
  }

  /// Multiplies the elements by a number.
  public Tensor mul_(double value) {
    live().mul_(new Scalar(value));
    return this;
  }

  /// Adds a multiple of another tensor to the elements.
  public Tensor add_(Tensor other, double factor) {
    live().add_(other.live(), new Scalar(factor));
    return this;
  }

  /// Adds `factor * a * b` to the elements.
  public Tensor addcmul_(Tensor a, Tensor b, double factor) {
    live().addcmul_(a.live(), b.live(), new Scalar(factor));
    return this;
  }

  /// Adds `factor * a / b` to the elements.
  public Tensor addcdiv_(Tensor a, Tensor b, double factor) {
    live().addcdiv_(a.live(), b.live(), new Scalar(factor));
    return this;
  }

  /// Overwrites every element.
  public Tensor fill_(double value) {
    live().fill_(new Scalar(value));
    return this;
  }

  /// Overwrites the entries of a dimension that an int64 vector names.
  public Tensor indexCopy_(int dimension, Tensor index, Tensor source) {
    live().index_copy_(dimension, index.live(), source.live());
    return this;
  }

  // ---- type and place ---------------------------------------------------------------------------

  /// This tensor in another element type; itself if it has that type already.
  public Tensor to(DType dtype) {
    return dtype() == dtype ? this : new Tensor(live().to(dtype.scalarType()));
  }

  /// This tensor on another device; itself if it is there already.
  public Tensor to(Device device) {
    return device().equals(device)
        ? this
        : new Tensor(live().to(device.handle(), live().scalar_type()));
  }

  // ---- gradients --------------------------------------------------------------------------------

  /// Asks for gradients with respect to this leaf tensor; operations on it are recorded from now
  /// on.
  public Tensor requiresGrad() {
    live().set_requires_grad(true);
    return this;
  }

  /// Whether operations on this tensor are recorded for gradients.
  public boolean recordsGradient() {
    return live().requires_grad();
  }

  /// Back-propagates from this single number.
  public void backward() {
    Threads.oneEach(() -> {
      live().backward();
      return this;
    });
  }

  /// The gradient that [#backward()] left on this leaf.
  public Tensor grad() {
    // A handle of its own: the binding returns a reference into the leaf, which dies with it.
    return new Tensor(live().grad().detach());
  }

  /// Lets [#backward()] add this leaf's gradient to a buffer of its shape instead of making one.
  public Tensor gradInto(Tensor buffer) {
    live().mutable_grad().put(buffer.live());
    return this;
  }

  /// The same values, cut from the recorded graph.
  public Tensor detach() {
    return new Tensor(live().detach(), lender);
  }

  // ---- life -------------------------------------------------------------------------------------

  /// Frees a tensor that no scope owns. Views and tensors in a scope need no closing.
  @Override
  public void close() {
    handle.close();
  }

  /// Takes this tensor out of every scope: it lives until [#close()].
  public Tensor own() {
    handle.retainReference();
    return this;
  }

  /// Whether the native memory is still there.
  public boolean isOpen() {
    if (handle.isNull()) {
      return false;
    }
    try {
      live();
      return true;
    } catch (LynceusException takenBack) {
      return false;
    }
  }

  org.bytedeco.pytorch.Tensor handle() {
    return handle;
  }

  org.bytedeco.pytorch.Tensor live() {
    if (handle.isNull()) {
      throw new LynceusException(
          ErrorCode.INTERNAL,
          "a tensor %s was used after it was freed"
              .formatted(shape == null ? "" : Arrays.toString(shape)),
          "Keep the run open while its results are read, or copy them out.");
    }
    if (lender != null) {
      lender.requireOpen();
    }
    return handle;
  }

  @Override
  public String toString() {
    // Never fails: it stands in messages about tensors that are gone.
    return isOpen()
        ? DType.of(handle.scalar_type().intern()) + Arrays.toString(shape == null ? shape() : shape)
        : "freed tensor";
  }

  private static long[] checkCount(int count, long[] shape) {
    if (Arrays.stream(shape).reduce(1, Math::multiplyExact) != count) {
      throw new LynceusException(
          ErrorCode.INTERNAL,
          count + " values do not fill shape " + Arrays.toString(shape),
          "Please report this.");
    }
    return shape;
  }

  /// A bare native address.
  private static final class Address extends Pointer {
    Address(long address) {
      super((Pointer) null);
      this.address = address;
    }
  }
}
