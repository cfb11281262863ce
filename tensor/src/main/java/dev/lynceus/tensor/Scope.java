package dev.lynceus.tensor;

import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/// How long native memory lives: every tensor made on this thread while a scope is open is freed
/// when the innermost open scope closes. Results are moved out with [#keep(Tensor)].
///
/// ```java
/// try (Scope scope = Scope.open()) {
///   Tensor hidden = Torch.linear(x, weight);
///   return scope.keep(hidden.relu());
/// }
/// ```
///
/// Scopes nest and belong to the thread that opened them; a tensor may be used by any thread.
/// Without an open scope a tensor belongs to its maker, who closes it. A phantom-reference cleaner
/// of the binding frees what was forgotten, as a safety net only: the garbage collector does not
/// see how large native memory is.
public final class Scope implements AutoCloseable {
  static {
    Native.prepare();
  }

  private static final ThreadLocal<@Nullable Scope> CURRENT = new ThreadLocal<>();

  private final PointerScope pointers;
  private final @Nullable Scope parent;
  private final Thread owner;
  private boolean closed;

  private Scope(@Nullable Scope parent) {
    this.parent = parent;
    this.pointers = new PointerScope();
    this.owner = Thread.currentThread();
  }

  /// Opens a scope on the calling thread, inside the one that is open there.
  public static Scope open() {
    Scope scope = new Scope(CURRENT.get());
    CURRENT.set(scope);
    return scope;
  }

  /// Moves a tensor into the enclosing scope; if there is none, the caller owns it and must close
  /// it.
  public Tensor keep(Tensor tensor) {
    if (parent == null) {
      return tensor.own();
    }
    parent.pointers.attach(tensor.handle());
    return tensor;
  }

  /// Frees everything that was made since this scope was opened and was not kept.
  ///
  /// @throws IllegalStateException if called on another thread, or before inner scopes are closed
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (Thread.currentThread() != owner || CURRENT.get() != this) {
      throw new IllegalStateException("a scope is closed on its own thread, inner ones first");
    }
    closed = true;
    if (parent == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(parent);
    }
    pointers.close();
  }
}
