package dev.lynceus.tensor;

import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch;

/// The threads of the two pools that libtorch computes with: its own, and the one of the library of
/// products, which does not ask libtorch how many threads it may use.
///
/// Where an operation shares its work among libtorch's threads and each of them multiplies, all
/// enter the other pool at once: they wait for each other in turn, and for threads that wait for
/// them. Such operations are to run inside [#oneEach(Supplier)].
final class Threads {
  private static int threads;
  private static int inside;

  private Threads() {}

  /// Sets both pools.
  static synchronized void set(int count) {
    torch.set_num_threads(count);
    threads = count;
    products(inside == 0 ? count : 1);
  }

  /// Multiplications of a product up to which OpenBLAS uses one thread by itself: its least size
  /// for several threads times its factor for matrix products, 65536 and 4.
  private static final long SMALL = 1L << 18;

  /// Whether OpenBLAS does a product on one thread by itself.
  ///
  /// @param multiplications of the product
  static boolean small(long multiplications) {
    return multiplications <= SMALL;
  }

  /// Runs an operation as [#oneEach(Supplier)] does, unless none of its products is large enough
  /// for several threads.
  ///
  /// @param multiplications of its largest product
  static <T> T oneEach(long multiplications, Supplier<T> operation) {
    return small(multiplications) ? operation.get() : oneEach(operation);
  }

  /// Runs an operation whose threads multiply on their own: one thread for each product. The number
  /// is one for the whole process, so products that other Java threads begin meanwhile run on one
  /// thread, too; they become no less exact.
  static <T> T oneEach(Supplier<T> operation) {
    enter();
    try {
      return operation.get();
    } finally {
      leave();
    }
  }

  private static synchronized void enter() {
    if (threads == 0) {
      set(torch.get_num_threads());
    }
    if (inside++ == 0 && threads > 1) {
      products(1);
    }
  }

  private static synchronized void leave() {
    if (--inside == 0 && threads > 1) {
      products(threads);
    }
  }

  private static void products(int count) {
    ProductLibrary.loaded().setThreads(count);
  }

  /// Threads of the pool for products.
  static int products() {
    return ProductLibrary.loaded().threads();
  }
}
