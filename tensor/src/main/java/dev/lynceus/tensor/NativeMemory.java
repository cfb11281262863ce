package dev.lynceus.tensor;

import com.sun.management.OperatingSystemMXBean;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.bytedeco.javacpp.Pointer;

/// How the C library keeps the memory that tensors have freed.
public final class NativeMemory {

  /// Numbers of the settings in glibc's `malloc.h`.
  private static final int TRIM_THRESHOLD = -1;

  private static final int MMAP_THRESHOLD = -3;

  private NativeMemory() {}

  /// Has blocks of 4 MiB and more given back to the system as soon as they are freed, for the rest
  /// of the process. Left alone, glibc raises that limit to 32 MiB by and by, and keeps smaller
  /// blocks between those in use: beside the weights of a model of 7 billion parameters that was
  /// more than the working memory itself. A block then costs fresh pages each time, which large
  /// models do not notice and small ones would.
  ///
  /// Does nothing where the user set `MALLOC_MMAP_THRESHOLD_`, and where the C library has no such
  /// setting.
  public static void returnEarly() {
    if (System.getenv("MALLOC_MMAP_THRESHOLD_") == null) {
      set(MMAP_THRESHOLD, 4 << 20);
      set(TRIM_THRESHOLD, 16 << 20);
    }
  }

  /// Bytes that programs can still take without the system having to swap, as Linux estimates them;
  /// elsewhere those that nothing uses.
  public static long available() {
    Optional<String> line =
        Kernel.lines("meminfo").stream().filter(one -> one.startsWith("MemAvailable:")).findFirst();
    if (line.isPresent()) {
      return Long.parseLong(line.get().replaceAll("\\D", "")) << 10;
    }
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getFreeMemorySize()
        : 0;
  }

  /// Native objects that are held now, by all threads: tensors above all. What is left of it after
  /// work whose results were closed was leaked.
  public static long held() {
    return Pointer.totalCount();
  }

  private static void set(int parameter, int value) {
    Optional<MemorySegment> function = Linker.nativeLinker().defaultLookup().find("mallopt");
    if (function.isEmpty()) {
      return;
    }
    MethodHandle mallopt =
        Linker.nativeLinker()
            .downcallHandle(
                function.get(),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      int ignored = (int) mallopt.invokeExact(parameter, value);
    } catch (Throwable failure) {
      System.getLogger(NativeMemory.class.getName())
          .log(System.Logger.Level.DEBUG, "mallopt refused", failure);
    }
  }
}
