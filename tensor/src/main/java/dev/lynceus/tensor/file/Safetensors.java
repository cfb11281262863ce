package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
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
/// **Lifetime.** Tensors and segments are views of the mapping and end with [#close()]: afterwards
/// the methods of this class, every tensor of the file, every view of such a tensor and every
/// segment refuse. An operation of another thread that has begun may finish.
///
/// **Changes.** The mapping is read-only: writing into a tensor of it in place ends the process, so
/// copy first. A file that others write to or shorten while it is mapped is noticed by
/// [#requireUnchanged()], which is also asked whenever a tensor is taken; reading a page that a
/// shortened file no longer has ends the process. Lynceus replaces files by renaming, which is
/// safe; [WeightStorage#PRIVATE] makes every change harmless.
///
/// Instances can be used by several threads.
public final class Safetensors implements TensorSource, AutoCloseable {

  private final Path path;
  private final SafetensorsHeader header;
  private final Mapping mapping;
  private final FileState state;
  private final WeightStorage storage;

  /// Copies of tensors that lie on addresses their type cannot be read from; made when first asked.
  private final Map<String, MemorySegment> aligned = new ConcurrentHashMap<>();

  private Safetensors(
      SafetensorsHeader header, Mapping mapping, FileState state, WeightStorage storage) {
    this.path = state.path();
    this.header = header;
    this.mapping = mapping;
    this.state = state;
    this.storage = storage;
  }

  /// Opens and checks a file, mapped. All of the header is checked here, so that later calls cannot
  /// meet a tensor outside the file.
  ///
  /// @throws LynceusException MODEL_NOT_FOUND where there is no such file; BAD_CHECKPOINT where the
  ///   file cannot be read or breaks the format, with the file, the tensor and the fault
  public static Safetensors open(Path path) {
    return open(path, WeightStorage.MAPPED);
  }

  /// Opens and checks a file.
  ///
  /// @throws LynceusException as [#open(Path)], and NOT_WRITABLE where a private copy cannot be
  ///   made
  public static Safetensors open(Path path, WeightStorage storage) {
    try (FileChannel source = InputFile.WEIGHTS.open(path)) {
      FileState state = FileState.of(path);
      return switch (storage) {
        case MAPPED -> read(source, state, storage);
        case PRIVATE -> {
          try (FileChannel copy = PrivateCopy.of(source, state)) {
            yield read(copy, state, storage);
          }
        }
      };
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          path + " cannot be read: " + e.getMessage(),
          "Check that the file can be read by you and that the disk is well.",
          e);
    }
  }

  private static Safetensors read(FileChannel channel, FileState state, WeightStorage storage)
      throws IOException {
    SafetensorsHeader header = SafetensorsHeader.read(state.path(), channel);
    Mapping mapping = Mapping.of(state.path(), channel);
    long end =
        header.tensors().values().stream()
            .mapToLong(info -> info.offset() + info.bytes())
            .max()
            .orElse(0);
    if (mapping.bytes().byteSize() < end) {
      mapping.close();
      throw new IOException("the file became shorter while it was opened");
    }
    return new Safetensors(header, mapping, state, storage);
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
  /// @throws LynceusException BAD_CHECKPOINT where the file has no such tensor or changed;
  ///   BAD_REQUEST after closing
  public MemorySegment segment(String name) {
    TensorInfo info = info(name);
    mapping.requireOpen();
    requireUnchanged();
    if (info.bytes() == 0 || info.offset() % info.dtype().bytes() == 0) {
      return mapping.bytes().asSlice(info.offset(), info.bytes());
    }
    return aligned.computeIfAbsent(name, absent -> alignedCopy(info));
  }

  /// A tensor as a view of the mapping. See the class for how long it may be used.
  ///
  /// @throws LynceusException as [#segment]
  @Override
  public Tensor tensor(String name) {
    TensorInfo info = info(name);
    return Tensor.lent(segment(name), mapping, info.dtype(), info.shape());
  }

  /// Passes where the file is what it was when it was opened, as far as its length and the time of
  /// the last write tell; or has been deleted or replaced by a rename, which does not reach the
  /// mapping. Takes some microseconds.
  ///
  /// @throws LynceusException BAD_CHECKPOINT where the file changed
  public void requireUnchanged() {
    switch (storage) {
      case MAPPED -> state.requireUnchanged();
      case PRIVATE -> {
        // Nobody else can reach the copy.
      }
    }
  }

  /// The length of the header's JSON in bytes.
  int headerLength() {
    return header.length();
  }

  /// All of the file, header included.
  MemorySegment contents() {
    return mapping.bytes();
  }

  /// What the file system said about the file when it was opened.
  FileState state() {
    return state;
  }

  @Override
  public String description() {
    return path.toString();
  }

  /// Ends the use of the file. Tensors of it refuse afterwards. Closing twice does nothing.
  @Override
  public void close() {
    mapping.close();
  }

  private MemorySegment alignedCopy(TensorInfo info) {
    return mapping.copy(info.offset(), info.bytes(), Math.max(Long.BYTES, info.dtype().bytes()));
  }
}
