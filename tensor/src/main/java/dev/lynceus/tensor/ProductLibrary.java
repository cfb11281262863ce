package dev.lynceus.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/// The library that libtorch takes its products of matrices from, asked as libtorch reaches it.
///
/// The binding has functions for the number of threads, too. They look for the library anew each
/// time, which takes a millisecond or two; here its functions are found once.
final class ProductLibrary {

  /// Which library it is.
  enum Kind {
    OPENBLAS("OpenBLAS", "openblas_set_num_threads", "openblas_get_num_threads"),
    MKL("Intel MKL", "MKL_Set_Num_Threads", "MKL_Get_Max_Threads"),
    /// One whose functions are not found by these names, or on a platform that does not look for
    /// them where libtorch does.
    OTHER("another library", "", "");

    private final String label;
    private final String setter;
    private final String getter;

    Kind(String label, String setter, String getter) {
      this.label = label;
      this.setter = setter;
      this.getter = getter;
    }

    /// What people call it.
    String label() {
      return label;
    }
  }

  private static final ProductLibrary LOADED = load();

  private final Kind kind;
  private final Optional<MethodHandle> setter;
  private final Optional<MethodHandle> getter;

  private ProductLibrary(Kind kind, SymbolLookup symbols) {
    this.kind = kind;
    this.setter = function(symbols, kind.setter, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
    this.getter = function(symbols, kind.getter, FunctionDescriptor.of(ValueLayout.JAVA_INT));
  }

  /// The one that libtorch was loaded with; loads it.
  static ProductLibrary loaded() {
    return LOADED;
  }

  /// Which library it is.
  Kind kind() {
    return kind;
  }

  /// Sets the threads of its pool, for the whole process.
  void setThreads(int count) {
    if (setter.isEmpty()) {
      openblas_nolapack.blas_set_num_threads(count);
      return;
    }
    try {
      setter.get().invokeExact(count);
    } catch (Throwable failure) {
      throw new IllegalStateException(kind.setter, failure);
    }
  }

  /// The threads of its pool.
  int threads() {
    if (getter.isEmpty()) {
      return openblas_nolapack.blas_get_num_threads();
    }
    try {
      return (int) getter.get().invokeExact();
    } catch (Throwable failure) {
      throw new IllegalStateException(kind.getter, failure);
    }
  }

  /// A library is opened once more by its file, which gives the one that is there; its names are
  /// then looked up in it and in all that it needs, in the order in which libtorch's own calls are.
  private static ProductLibrary load() {
    Native.prepare();
    SymbolLookup symbols = symbols(Loader.load(torch.class));
    for (Kind kind : Kind.values()) {
      if (!kind.setter.isEmpty() && symbols.find(kind.setter).isPresent()) {
        return new ProductLibrary(kind, symbols);
      }
    }
    return new ProductLibrary(Kind.OTHER, symbols);
  }

  private static SymbolLookup symbols(String library) {
    try {
      return SymbolLookup.libraryLookup(Path.of(library), Arena.global());
    } catch (IllegalArgumentException absent) {
      return name -> Optional.empty();
    }
  }

  private static Optional<MethodHandle> function(
      SymbolLookup symbols, String name, FunctionDescriptor shape) {
    return name.isEmpty()
        ? Optional.empty()
        : symbols.find(name).map(address -> Linker.nativeLinker().downcallHandle(address, shape));
  }
}
