package dev.lynceus.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Optional;

/// Settings that must be made before the native libraries load.
final class Native {

  /// libtorch brings two pools of threads, one for products and one for everything else. Each lets
  /// its idle threads spin, so on a small machine they take the processor from each other; told to
  /// sleep, they do not.
  private static final Map<String, String> THREADS =
      Map.of("OMP_WAIT_POLICY", "PASSIVE", "GOMP_SPINCOUNT", "0", "OPENBLAS_THREAD_TIMEOUT", "4");

  /// What only the jar of Intel's own libraries of products has.
  private static final String MKL = "/org/bytedeco/mkl/linux-x86_64/libmkl_rt.so.2";

  private static final String CACHE = "org.bytedeco.javacpp.cachedir";

  static {
    // The binding derives limits on native memory from the size of the Java heap and counts mapped
    // weights, so it
    // would refuse a large checkpoint on a machine that has room for it; asking for the size also
    // costs time.
    for (String limit : new String[] {"maxBytes", "maxPhysicalBytes"}) {
      String property = "org.bytedeco.javacpp." + limit;
      if (System.getProperty(property) == null) {
        System.setProperty(property, "0");
      }
    }
    unpackInto();
    takeProductsFromMkl();
    THREADS.forEach((name, value) -> {
      if (System.getenv(name) == null) {
        setEnvironment(name, value);
      }
    });
  }

  private Native() {}

  /// Libraries are unpacked into the cache that the user names; else the binding has its own
  /// (`~/.javacpp/cache`, and where that cannot be written a folder for temporary files). A user
  /// without a home has `?` for one, which would become a folder of that name wherever the process
  /// happens to run.
  private static void unpackInto() {
    if (System.getProperty(CACHE) != null) {
      return;
    }
    NativeLibraries.unpackedInto(
            System.getenv(),
            System.getProperty("lynceus.cache", ""),
            System.getProperty("user.home", ""))
        .ifPresent(folder -> System.setProperty(CACHE, folder.toString()));
  }

  /// Where Intel's library lies on the class path, products come from it, unless the user says
  /// otherwise by the binding's own property. It is told to use the same pool of threads as
  /// libtorch: with two pools of that kind, each waits for processors that the other holds.
  private static void takeProductsFromMkl() {
    String property = "org.bytedeco.openblas.load";
    if (System.getProperty(property) == null && Native.class.getResource(MKL) != null) {
      System.setProperty(property, "mkl");
    }
    if ("mkl".equals(System.getProperty(property))
        && System.getenv("MKL_THREADING_LAYER") == null) {
      setEnvironment("MKL_THREADING_LAYER", "GNU");
    }
  }

  /// Runs the settings once; called by every class that touches native code first.
  static void prepare() {}

  /// Sets a variable that native libraries of this process will read. Where the platform has no
  /// `setenv` the libraries keep their defaults, which costs speed and nothing else.
  private static void setEnvironment(String name, String value) {
    Optional<MemorySegment> function = Linker.nativeLinker().defaultLookup().find("setenv");
    if (function.isEmpty()) {
      return;
    }
    MethodHandle setenv =
        Linker.nativeLinker()
            .downcallHandle(
                function.get(),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int ignored =
          (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
    } catch (Throwable failure) {
      System.getLogger(Native.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot set " + name, failure);
    }
  }
}
