package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Lender;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// A file mapped into memory, which can be closed at any moment without harm.
///
/// An operation of native code that reads an unmapped page ends the process, and between the moment
/// at which a thread asked whether it may read and the end of its operation another thread may
/// close. So closing takes back the permission, and the pages: every tensor and segment refuses
/// from then on, and the memory is the system's again. The range of addresses goes later, when
/// nothing in the program can reach it any more.
final class Mapping implements Lender {

  /// What is open, so that nothing is unmapped which somebody forgot to close: the collector does
  /// not see that native code still reads.
  private static final Set<Mapping> OPEN = ConcurrentHashMap.newKeySet();

  /// How long a closed mapping is kept for operations that had begun.
  private static final long AFTERMATH_SECONDS = 120;

  private final Path path;

  /// Unmapped by the collector.
  private final MemorySegment pages;

  /// Ends with [#close]: what is handed out refuses afterwards.
  private final Arena arena = Arena.ofShared();

  private final MemorySegment window;
  private final Queue<MemorySegment> copies = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  private Mapping(Path path, MemorySegment pages) {
    this.path = path;
    this.pages = pages;
    this.window = seen(pages);
    OPEN.add(this);
  }

  /// Maps a whole file for reading.
  ///
  /// @param path what messages call it
  static Mapping of(Path path, FileChannel channel) throws IOException {
    return new Mapping(path, channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
  }

  /// All bytes, read-only; refuses to be read after closing.
  MemorySegment bytes() {
    requireOpen();
    return window;
  }

  /// A copy of some bytes at an address that is a multiple of `alignment`, kept as long as the
  /// mapping; refuses to be read after closing.
  MemorySegment copy(long offset, long bytes, long alignment) {
    requireOpen();
    MemorySegment copy = Arena.ofAuto().allocate(bytes, alignment);
    copy.copyFrom(pages.asSlice(offset, bytes));
    copies.add(copy);
    return seen(copy.asReadOnly());
  }

  /// The same memory with the life of the arena. The memory stays reachable from its segment also
  /// when the arena is closed.
  @SuppressWarnings("restricted")
  private MemorySegment seen(MemorySegment memory) {
    return memory.reinterpret(arena, seen -> Reference.reachabilityFence(memory));
  }

  @Override
  public void requireOpen() {
    if (closed) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          path + " was closed, its tensors are gone",
          "Keep the model, the checkpoint or the file open as long as tensors of it are used.");
    }
  }

  /// Takes the memory back. Closing twice does nothing.
  synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      arena.close();
    } catch (IllegalStateException inUse) {
      // Another thread writes a segment to a file just now; it may finish, the pages are still
      // there.
    }
    if (pages.isMapped() && pages.byteSize() > 0) {
      pages.unload();
    }
    CompletableFuture.delayedExecutor(AFTERMATH_SECONDS, TimeUnit.SECONDS)
        .execute(() -> OPEN.remove(this));
  }
}
