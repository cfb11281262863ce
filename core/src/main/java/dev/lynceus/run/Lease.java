package dev.lynceus.run;

/// Leave to use a model for some time: as long as one is out, a model that is being closed keeps
/// its weights. Every pass takes one for itself; who makes several calls that belong together takes
/// one around them with [LoadedModel#lease()].
///
/// May be given back by any thread; giving it back twice does nothing.
public final class Lease implements AutoCloseable {
  private final Leases leases;
  private final Thread holder;
  private boolean over;

  Lease(Leases leases, Thread holder) {
    this.leases = leases;
    this.holder = holder;
  }

  /// Gives it back.
  @Override
  public void close() {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
    }
    leases.giveBack(holder);
  }
}
