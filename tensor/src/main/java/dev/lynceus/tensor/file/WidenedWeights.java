package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The weights of a source with those of 16 bits as float32 numbers in memory of their own: each is
/// widened when it is first taken, exactly, and kept until [#close()]. It takes four bytes for each
/// such number, and spares widening it again for every product.
///
/// Instances can be used by several threads.
public final class WidenedWeights implements TensorSource, AutoCloseable {
  private final TensorSource source;
  private final Map<String, Tensor> wide = new HashMap<>();
  private boolean closed;

  /// Over a source that stays open as long as this.
  public WidenedWeights(TensorSource source) {
    this.source = source;
  }

  /// Bytes that all tensors of a source would take so.
  public static long bytes(TensorSource source) {
    return source.names().stream()
        .map(source::info)
        .filter(info -> info.dtype().isHalf())
        .mapToLong(info -> info.elements() * DType.FLOAT32.bytes())
        .sum();
  }

  @Override
  public Set<String> names() {
    return source.names();
  }

  /// As it is stored.
  @Override
  public TensorInfo info(String name) {
    return source.info(name);
  }

  /// {@inheritDoc}
  ///
  /// @throws LynceusException BAD_REQUEST after closing
  @Override
  public synchronized Tensor tensor(String name) {
    if (closed) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          description() + " was closed, its tensors are gone",
          "Keep the model open as long as tensors of it are used.");
    }
    if (!source.info(name).dtype().isHalf()) {
      return source.tensor(name);
    }
    return wide.computeIfAbsent(name, absent -> widened(source.tensor(name)));
  }

  private static Tensor widened(Tensor stored) {
    try (Scope scope = Scope.open()) {
      return stored.to(DType.FLOAT32).own();
    }
  }

  @Override
  public String description() {
    return source.description();
  }

  /// Frees the widened numbers, whoever else took them for their own. Closing twice does nothing.
  @Override
  public synchronized void close() {
    closed = true;
    for (Tensor tensor : wide.values()) {
      while (tensor.isOpen()) {
        tensor.close();
      }
    }
    wide.clear();
  }
}
