package dev.lynceus.studio;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.request.ModelSpec;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.Device;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.WeightStorage;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Models that are loaded, within a budget: the one that was not asked for longest goes first, and
/// none goes while it is asked.
final class ModelPool implements AutoCloseable {
  private final ModelNames names;
  private final long budget;
  private final Map<ModelSpec, Entry> entries = new LinkedHashMap<>();
  private long clock;

  /// @param budget most bytes of weights
  ModelPool(ModelNames names, long budget) {
    this.names = names;
    this.budget = budget;
  }

  private static final class Entry {
    final long bytes;
    @Nullable LoadedModel model;
    int users;
    long used;

    Entry(long bytes) {
      this.bytes = bytes;
    }
  }

  /// A model of the pool.
  ///
  /// @param state `loading`, `idle` or `busy`
  record Held(String name, String state, long bytes) {}

  /// A model that stays loaded until this is closed.
  final class Loan implements AutoCloseable {
    private final Entry entry;
    private final LoadedModel model;

    private Loan(Entry entry, LoadedModel model) {
      this.entry = entry;
      this.model = model;
    }

    LoadedModel model() {
      return model;
    }

    @Override
    public void close() {
      synchronized (ModelPool.this) {
        entry.users--;
        ModelPool.this.notifyAll();
      }
    }
  }

  long budget() {
    return budget;
  }

  synchronized List<Held> held() {
    return entries.entrySet().stream()
        .map(one ->
            new Held(
                one.getKey().name(),
                one.getValue().model == null
                    ? "loading"
                    : one.getValue().users > 0 ? "busy" : "idle",
                one.getValue().bytes))
        .toList();
  }

  /// Whether a model is there at once.
  synchronized boolean isLoaded(ModelSpec spec) {
    Entry entry = entries.get(spec);
    return entry != null && entry.model != null;
  }

  /// Lends a model; loads it where it is not there.
  ///
  /// @throws LynceusException OUT_OF_MEMORY where it does not fit; as [LoadedModel#load]
  Loan lend(ModelSpec spec) {
    Path folder = names.folder(spec.name());
    Entry entry;
    synchronized (this) {
      Optional<Loan> there = there(spec);
      if (there.isPresent()) {
        return there.get();
      }
      long bytes = bytes(folder);
      makeRoom(spec.name(), bytes);
      entry = new Entry(bytes);
      entry.users = 1;
      entry.used = ++clock;
      entries.put(spec, entry);
    }
    try {
      LoadedModel model =
          names.load(
              spec.name(),
              spec.options(Device.CPU, WeightStorage.fromEnvironment(System.getenv())));
      synchronized (this) {
        entry.model = model;
        notifyAll();
        return new Loan(entry, model);
      }
    } catch (RuntimeException | Error failure) {
      synchronized (this) {
        entries.remove(spec);
        notifyAll();
      }
      throw failure;
    }
  }

  /// One that is loaded, waited for where somebody loads it.
  private Optional<Loan> there(ModelSpec spec) {
    while (true) {
      Entry entry = entries.get(spec);
      if (entry == null) {
        return Optional.empty();
      }
      if (entry.model != null) {
        entry.users++;
        entry.used = ++clock;
        return Optional.of(new Loan(entry, entry.model));
      }
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LynceusException(
            ErrorCode.CANCELLED, "stopped while a model was loaded", "Ask again.", e);
      }
    }
  }

  private static long bytes(Path folder) {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return checkpoint.bytes();
    }
  }

  private void makeRoom(String name, long bytes) {
    while (taken() + bytes > budget) {
      Map.Entry<ModelSpec, Entry> oldest =
          entries.entrySet().stream()
              .filter(one -> one.getValue().users == 0 && one.getValue().model != null)
              .min(Comparator.comparingLong(one -> one.getValue().used))
              .orElseThrow(() ->
                  new LynceusException(
                      ErrorCode.OUT_OF_MEMORY,
                      "%s has %s of weights, and of %s for models %s are in use"
                          .formatted(name, mib(bytes), mib(budget), mib(taken())),
                      "Wait until other models are idle, or start the studio with a larger --memory."));
      entries.remove(oldest.getKey());
      LoadedModel model = oldest.getValue().model;
      if (model != null) {
        model.close();
      }
    }
  }

  private long taken() {
    return entries.values().stream().mapToLong(entry -> entry.bytes).sum();
  }

  private static String mib(long bytes) {
    return (bytes + (1 << 20) - 1) / (1 << 20) + " MiB";
  }

  @Override
  public synchronized void close() {
    entries
        .values()
        .forEach(entry -> {
          if (entry.model != null) {
            entry.model.close();
          }
        });
    entries.clear();
  }
}
