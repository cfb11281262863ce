package dev.lynceus.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Catches a setting that does not arrive in the C library.
class NativeMemoryTest {
  private static final long BLOCK = 8L << 20;

  /// Blocks that are held at once: more than the process may have kept to serve them from.
  private static final int MANY = 64;

  @Test
  void largeBlocksAreMappedAndGivenBack() throws Throwable {
    Optional<MemorySegment> mallinfo = Linker.nativeLinker().defaultLookup().find("mallinfo2");
    assumeThat(mallinfo).describedAs("the C library is glibc 2.33 or later").isPresent();
    MethodHandle info =
        Linker.nativeLinker()
            .downcallHandle(
                mallinfo.orElseThrow(),
                FunctionDescriptor.of(
                    MemoryLayout.structLayout(
                        MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG)
                            .withName("numbers"))));
    // A freed block of 16 MiB has glibc keep blocks of that size from then on.
    try (Scope scope = Scope.open()) {
      Torch.zeros(DType.UINT8, 2 * BLOCK);
    }
    assertThat(mappedBy(info, 2)).isZero();

    NativeMemory.returnEarly();

    assertThat(mappedBy(info, MANY)).isGreaterThan(MANY / 2 * BLOCK);
  }

  /// Bytes that tensors of one block each have mapped; they are given back.
  private static long mappedBy(MethodHandle info, int blocks) throws Throwable {
    long before = mapped(info);
    long held;
    try (Scope scope = Scope.open()) {
      for (int i = 0; i < blocks; i++) {
        Torch.empty(DType.UINT8, BLOCK);
      }
      held = mapped(info) - before;
    }
    assertThat(mapped(info)).isLessThanOrEqualTo(before + BLOCK);
    return held;
  }

  private static long mapped(MethodHandle info) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment numbers = (MemorySegment) info.invokeExact((SegmentAllocator) arena);
      return numbers.getAtIndex(ValueLayout.JAVA_LONG, 4);
    }
  }
}
