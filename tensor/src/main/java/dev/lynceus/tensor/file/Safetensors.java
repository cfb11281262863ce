package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// One safetensors file, mapped into memory: opening costs the header, reading costs the pages that
/// are touched, and no tensor is copied.
///
/// ```java
/// try (Safetensors file = Safetensors.open(path)) {
///   Tensor weight = file.tensor("lm_head.weight");
/// }
/// ```
///
/// **Lifetime.** Tensors and segments are views of the mapping. The mapping ends with [#close()]
/// and not before; every tensor of the file must be out of use by then, since native code that
/// reads an unmapped page ends the process. After closing, the methods of this class refuse, and a
/// segment refuses to be read.
///
/// **Limits.** The mapping is read-only: writing into a tensor of it in place ends the process, so
/// copy first. A file must not be shortened while it is mapped. Lynceus replaces files by renaming,
/// which is safe.
///
/// Instances can be used by several threads.
public final class Safetensors implements TensorSource, AutoCloseable {

  private final Path path;
  private final SafetensorsHeader header;
  private final Arena arena;
  private final MemorySegment mapping;

  /// Copies of tensors that lie on addresses their type cannot be read from; made when first asked.
  private final Map<String, MemorySegment> aligned = new ConcurrentHashMap<>();

  private Safetensors(Path path, SafetensorsHeader header, Arena arena, MemorySegment mapping) {
    this.path = path;
    this.header = header;
    this.arena = arena;
    this.mapping = mapping;
  }

  /// Opens and checks a file. All of the header is checked here, so that later calls cannot meet a
  /// tensor outside the file.
  ///
  /// @throws LynceusException MODEL_NOT_FOUND where there is no such file; BAD_CHECKPOINT where the
  ///   file cannot be read or breaks the format, with the file, the tensor and the fault
  // The arena is closed by close(), or below where opening fails.
  @SuppressWarnings("MustBeClosedChecker")
  public static Safetensors open(Path path) {
    if (Files.isDirectory(path)) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          path + " is a folder, not a safetensors file",
          "Give the file, or open the folder as a checkpoint.");
    }
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      SafetensorsHeader header = SafetensorsHeader.read(path, channel);
      MemorySegment mapping = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      long end =
          header.tensors().values().stream()
              .mapToLong(info -> info.offset() + info.bytes())
              .max()
              .orElse(0);
      if (mapping.byteSize() < end) {
        throw new IOException("the file became shorter while it was opened");
      }
      return new Safetensors(path, header, arena, mapping);
    } catch (NoSuchFileException e) {
      arena.close();
      throw new LynceusException(
          ErrorCode.MODEL_NOT_FOUND,
          "There is no file " + path,
          "Check the path, or fetch the model with `hf download org/name`.",
          e);
    } catch (IOException e) {
      arena.close();
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          path + " cannot be read: " + e.getMessage(),
          "Check that the file can be read by you and that the disk is well.",
          e);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /// The file.
  public Path path() {
    return path;
  }

  /// The names of the tensors, in the order of their data.
  @Override
  public Set<String> names() {
    return header.tensors().keySet();
  }

  /// The free text that the writer of the file added; often `format` = `pt`.
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /// Type, shape and place of a tensor.
  ///
  /// @throws LynceusException BAD_CHECKPOINT where the file has no such tensor
  @Override
  public TensorInfo info(String name) {
    TensorInfo info = header.tensors().get(name);
    if (info == null) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          path + " has no tensor " + Quoted.name(name),
          "Check the name; the file has " + names().size() + " tensors.");
    }
    return info;
  }

  /// The bytes of a tensor, little-endian and row-major, without a copy; read-only. Where the file
  /// places a tensor at an address that its type cannot be read from, an aligned copy is made once
  /// and kept until [#close()].
  ///
  /// @throws LynceusException BAD_CHECKPOINT where the file has no such tensor; BAD_REQUEST after
  ///   closing
  public MemorySegment segment(String name) {
    TensorInfo info = info(name);
    requireOpen();
    if (info.bytes() == 0 || info.offset() % info.dtype().bytes() == 0) {
      return mapping.asSlice(info.offset(), info.bytes());
    }
    return aligned.computeIfAbsent(name, absent -> alignedCopy(info));
  }

  /// A tensor as a view of the mapping. See the class for how long it may be used.
  ///
  /// @throws LynceusException as [#segment]
  @Override
  public Tensor tensor(String name) {
    TensorInfo info = info(name);
    return Tensor.wrap(segment(name), info.dtype(), info.shape());
  }

  /// The length of the header's JSON in bytes.
  int headerLength() {
    return header.length();
  }

  /// All of the file, header included.
  MemorySegment contents() {
    requireOpen();
    return mapping;
  }

  @Override
  public String description() {
    return path.toString();
  }

  /// Unmaps the file. Tensors of it may not be used afterwards. Closing twice does nothing.
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  private MemorySegment alignedCopy(TensorInfo info) {
    MemorySegment copy = arena.allocate(info.bytes(), Math.max(Long.BYTES, info.dtype().bytes()));
    copy.copyFrom(mapping.asSlice(info.offset(), info.bytes()));
    return copy.asReadOnly();
  }

  private void requireOpen() {
    if (!arena.scope().isAlive()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          path + " was closed, its tensors are gone",
          "Keep the file or the checkpoint open as long as tensors of it are used.");
    }
  }
}
