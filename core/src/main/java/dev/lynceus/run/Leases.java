package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Who uses a model just now, and when its weights may go. After [#close] nobody new is let in, and
/// the weights are released once: at once where nobody is inside, else by whoever leaves last.
final class Leases {
  private final String name;
  private final Runnable release;

  /// How many leases each thread holds; one that is inside may go further in.
  private final Map<Thread, Integer> holders = new HashMap<>();

  private volatile boolean closed;

  /// Whether somebody has been chosen to release, and whether that is done.
  private boolean released;

  private boolean done;

  /// @param name what messages call the model
  /// @param release frees what the leases are about; called once
  Leases(String name, Runnable release) {
    this.name = name;
    this.release = release;
  }

  /// Lets the calling thread in.
  ///
  /// @throws LynceusException BAD_REQUEST where it is closed and the thread is not inside already
  synchronized Lease take() {
    Thread thread = Thread.currentThread();
    if (closed && !holders.containsKey(thread)) {
      throw gone();
    }
    holders.merge(thread, 1, Integer::sum);
    return new Lease(this, thread);
  }

  /// Passes where a thread may be let in.
  ///
  /// @throws LynceusException BAD_REQUEST
  void requireOpen() {
    if (closed && !isInside()) {
      throw gone();
    }
  }

  private synchronized boolean isInside() {
    return holders.containsKey(Thread.currentThread());
  }

  void giveBack(Thread holder) {
    boolean last;
    synchronized (this) {
      holders.computeIfPresent(holder, (thread, count) -> count == 1 ? null : count - 1);
      last = mayRelease();
    }
    if (last) {
      releaseNow();
    }
  }

  /// Closes. Returns when the weights are released; or earlier, where the patience ends, the thread
  /// is interrupted, or it holds a lease itself: then whoever leaves last releases them.
  void close(Duration patience) {
    boolean now;
    synchronized (this) {
      closed = true;
      now = mayRelease();
      if (!now) {
        await(patience);
      }
    }
    if (now) {
      releaseNow();
    }
  }

  /// Whether this caller is the one who releases.
  private boolean mayRelease() {
    if (closed && holders.isEmpty() && !released) {
      released = true;
      return true;
    }
    return false;
  }

  private void releaseNow() {
    try {
      release.run();
    } finally {
      synchronized (this) {
        done = true;
        notifyAll();
      }
    }
  }

  private synchronized void await(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    boolean interrupted = false;
    while (!done && !holders.containsKey(Thread.currentThread()) && !interrupted) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        break;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private LynceusException gone() {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        "the model " + name + " was closed",
        "Load it again, and keep it open as long as it is asked.");
  }
}
