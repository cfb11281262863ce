package dev.lynceus.cli;

import dev.lynceus.run.LoadedMae;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.util.Locale;
import java.util.function.LongSupplier;

/// Shows how far a job is, in one calm line on stderr: rewritten in place where a person watches,
/// else a new line at most every ten seconds, so that a short job says nothing at all.
final class ProgressLine implements Progress, AutoCloseable {
  private static final long SECOND = 1_000_000_000L;
  private static final long REWRITE_EVERY = SECOND / 10;
  private static final long LINE_EVERY = 10 * SECOND;

  /// Younger stages give no useful estimate.
  private static final long ESTIMATE_AFTER = 2 * SECOND;

  private static final String CLEAR = "\r\u001b[K";

  private final Console console;
  private final Style style;
  private final LongSupplier clock;
  private final Runnable noLongerShown;
  private String stage = "";
  private long stageStart;
  private long lastShown;
  private boolean shown;

  private enum Style {
    SILENT,
    REWRITTEN,
    LINES
  }

  ProgressLine(Console console, boolean quiet) {
    this(console, quiet, System::nanoTime);
  }

  /// @param clock nanoseconds since some moment
  ProgressLine(Console console, boolean quiet, LongSupplier clock) {
    this.console = console;
    this.clock = clock;
    if (quiet) {
      style = Style.SILENT;
    } else {
      style = console.people().watches() ? Style.REWRITTEN : Style.LINES;
    }
    lastShown = clock.getAsLong();
    stageStart = lastShown;
    noLongerShown = console.cleanup().add(this::clear);
  }

  @Override
  public synchronized void at(String newStage, long done, long total) {
    long now = clock.getAsLong();
    if (!newStage.equals(stage)) {
      stage = newStage;
      stageStart = now;
    }
    switch (style) {
      case SILENT -> {}
      case REWRITTEN -> {
        if (!shown || now - lastShown >= REWRITE_EVERY) {
          console.control(CLEAR);
          console.err().print(text(done, total, now).replace('\n', ' '));
          console.err().flush();
          shown = true;
          lastShown = now;
        }
      }
      case LINES -> {
        if (now - lastShown >= LINE_EVERY) {
          console.err().println("lynceus: " + text(done, total, now));
          lastShown = now;
        }
      }
    }
  }

  private String text(long done, long total, long now) {
    StringBuilder text = new StringBuilder(stage);
    if (total > 0) {
      text.append(' ').append(done).append('/').append(total);
    } else if (done > 0) {
      text.append(' ').append(done);
    }
    long elapsed = now - stageStart;
    if (total > done && done > 0 && elapsed > ESTIMATE_AFTER) {
      long left = Math.round((double) elapsed / done * (total - done) / SECOND);
      text.append(", ").append(rate((double) done * SECOND / elapsed));
      text.append(", ").append(left).append(" s left");
    }
    return text.toString();
  }

  /// How fast it goes: so many a second, or so long each.
  private static String rate(double perSecond) {
    return perSecond >= 1
        ? String.format(Locale.ROOT, "%.1f a second", perSecond)
        : String.format(Locale.ROOT, "%.1f s each", 1 / perSecond);
  }

  /// Takes the line away, so that something else may be written.
  synchronized void clear() {
    if (shown) {
      console.control(CLEAR);
      console.err().flush();
      shown = false;
    }
  }

  /// A model was loaded: results name it.
  void loaded(LoadedModel model) {
    console.session().loaded(model.name(), model.checkpoint(), model.computeType());
  }

  /// A model for matching was loaded: results name it.
  void loaded(LoadedMatcher model) {
    console.session().loaded(model.name(), model.checkpoint(), model.computeType());
  }

  /// A masked autoencoder was loaded: results name it.
  void loaded(LoadedMae model) {
    console.session().loaded(model.name(), model.checkpoint(), model.computeType());
  }

  /// Says something that holds for all that follows: on stderr, and in results that are JSON.
  synchronized void note(String text) {
    clear();
    if (console.notes().add(text)) {
      console.err().println("note: " + text);
      console.err().flush();
    }
  }

  @Override
  public void close() {
    clear();
    noLongerShown.run();
  }
}
