package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Stops work between two passes: while it lasts, every pass of its thread through a model, forward
/// or back, asks first whether it shall go on. So no method can forget to ask, and what is
/// cancelled ends within a pass.
///
/// ```java
/// Explanation explanation = Cancellation.asked(progress::cancelled, () -> explainer.explain(prompt));
/// ```
public final class Cancellation {
  private static final ScopedValue<BooleanSupplier> ASKED = ScopedValue.newInstance();

  private Cancellation() {}

  /// Does work whose passes ask whether to go on. Who asked around it is asked no more.
  ///
  /// @param cancelled whether the work shall stop
  /// @throws LynceusException CANCELLED
  public static <T> T asked(BooleanSupplier cancelled, Supplier<T> work) {
    return ScopedValue.where(ASKED, cancelled).call(work::get);
  }

  /// Asks. Passes call it when they begin, and so may long work between passes.
  ///
  /// @throws LynceusException CANCELLED
  public static void check() {
    if (ASKED.isBound() && ASKED.get().getAsBoolean()) {
      throw new LynceusException(
          ErrorCode.CANCELLED, "stopped between two passes", "Run it again to begin anew.");
    }
  }
}
