package dev.lynceus.lab.experiment;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.ImageSource;
import dev.lynceus.lab.data.Item;
import dev.lynceus.run.Lease;
import dev.lynceus.run.LedgerKey;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.TextLedger;
import dev.lynceus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/// Runs experiments. What is done survives the end of the process: the same experiment goes on
/// where it was stopped, and one that is done is not run again.
public final class Experimenter {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long TELL_NANOS = 2_000_000_000L;

  private final RunStore store;
  private final String version;
  private final Progress progress;

  /// @param version of Lynceus, for the record
  /// @param progress told of every example, asked after each whether to go on
  public Experimenter(RunStore store, String version, Progress progress) {
    this.store = store;
    this.version = version;
    this.progress = progress;
  }

  /// Runs an experiment, or the rest of it.
  ///
  /// @return what the catalogue knows of the run now: done, or stopped where `progress` asked for
  ///   that
  /// @throws LynceusException NOT_WRITABLE; BAD_REQUEST where a picture of a row that is done has
  ///   changed, or another process works on the run
  public RunInfo run(LoadedModel model, Experiment experiment) {
    LedgerKey key = experiment.key(model);
    String id = experiment.id(key);
    try {
      Files.createDirectories(store.folder(id));
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          "cannot make the folder of the run: " + e.getMessage(),
          "Keep runs elsewhere with --store.",
          e);
    }
    Optional<RunInfo> known = store.get(id);
    RunInfo info = known.orElseGet(() -> begun(id, model, experiment));
    if (known.isPresent()) {
      info =
          info.labelled(
              experiment.name().isEmpty() ? info.name() : experiment.name(),
              experiment.tags().isEmpty() ? info.tags() : experiment.tags(),
              info.note());
    }
    try (Lease lease = model.lease();
        TextLedger ledger = TextLedger.open(store.ledger(id), key)) {
      return go(model, experiment, info, ledger);
    }
  }

  private RunInfo go(LoadedModel model, Experiment experiment, RunInfo begun, TextLedger ledger) {
    long start = System.nanoTime();
    long told = start;
    int total = experiment.total();
    RunInfo.Tally tally = RunInfo.Tally.NONE;
    for (int row = 0; row < total; row++) {
      Optional<Outcome> kept = outcome(ledger, row);
      if (kept.isPresent()) {
        requireSamePictures(experiment, row, kept.get());
        tally = tally.with(kept.get().example());
      }
    }
    store.put(at(begun, RunInfo.State.RUNNING, tally, start));
    for (int row = 0; row < total; row++) {
      if (ledger.has(row)) {
        continue;
      }
      if (progress.cancelled()) {
        return end(begun, RunInfo.State.STOPPED, tally, start, ledger, total);
      }
      progress.at(experiment.procedure().name(), tally.done(), total);
      Outcome outcome;
      try {
        outcome = apply(model, experiment, row);
      } catch (LynceusException e) {
        end(begun, RunInfo.State.STOPPED, tally, start, ledger, total);
        throw e;
      }
      ledger.done(row, JSON.writeValueAsString(outcome));
      tally = tally.with(outcome.example());
      if (System.nanoTime() - told > TELL_NANOS) {
        told = System.nanoTime();
        store.put(at(begun, RunInfo.State.RUNNING, tally, start));
      }
    }
    progress.at(experiment.procedure().name(), tally.done(), total);
    return end(begun, RunInfo.State.DONE, tally, start, ledger, total);
  }

  private static RunInfo at(RunInfo info, RunInfo.State state, RunInfo.Tally tally, long start) {
    String ended = state == RunInfo.State.RUNNING ? "" : now();
    return info.at(state, ended, tally, info.seconds() + (System.nanoTime() - start) / 1e9);
  }

  private RunInfo end(
      RunInfo info,
      RunInfo.State state,
      RunInfo.Tally tally,
      long start,
      TextLedger ledger,
      int total) {
    RunInfo ended = at(info, state, tally, start);
    Iterable<Outcome> all =
        () ->
            IntStream.range(0, total)
                .mapToObj(row -> outcome(ledger, row))
                .flatMap(Optional::stream)
                .iterator();
    Tables.write(info.id(), store.folder(info.id()), all);
    store.put(ended);
    return ended;
  }

  private static Optional<Outcome> outcome(TextLedger ledger, int row) {
    return ledger.result(row).map(text -> JSON.readValue(text, Outcome.class));
  }

  /// The example of a row and its seed: one pass over the data after the other.
  private static Item item(Experiment experiment, int row) {
    List<Item> items = experiment.data().items();
    return items.get(row % items.size());
  }

  private static long seed(Experiment experiment, int row) {
    return experiment.seeds().get(row / experiment.data().items().size());
  }

  private static Outcome apply(LoadedModel model, Experiment experiment, int row) {
    long seed = seed(experiment, row);
    return switch (item(experiment, row)) {
      case Item.Bad bad ->
          new Outcome(
              ExampleRow.failed(bad.origin(), seed, String.valueOf(bad.fault().getMessage())),
              List.of(),
              List.of(),
              List.of());
      case Item.Good good -> {
        try {
          yield experiment.procedure().step().apply(model, good.example(), seed);
        } catch (LynceusException e) {
          if (ends(e)) {
            throw e;
          }
          yield new Outcome(
              ExampleRow.failed(good.example(), seed, String.valueOf(e.getMessage())),
              List.of(),
              List.of(),
              List.of());
        }
      }
    };
  }

  /// Whether what went wrong concerns the whole run, not this example alone.
  private static boolean ends(LynceusException e) {
    return switch (e.code()) {
      case CANCELLED, OUT_OF_MEMORY, NOT_WRITABLE, UNSUPPORTED_MODEL -> true;
      default -> false;
    };
  }

  private static void requireSamePictures(Experiment experiment, int row, Outcome kept) {
    if (!(item(experiment, row) instanceof Item.Good good)
        || kept.example().imagesSha256().isEmpty()) {
      return;
    }
    Example example = good.example();
    List<String> now =
        example.images().stream().map(ImageSource::read).map(ExampleRow::digest).toList();
    if (!now.equals(kept.example().imagesSha256())) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a picture of %s has changed since the run was begun".formatted(example.origin()),
          "Put the picture back, or delete the run with lynceus lab delete and begin anew.");
    }
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private RunInfo begun(String id, LoadedModel model, Experiment experiment) {
    return new RunInfo(
        id,
        experiment.name(),
        version,
        model.name(),
        model.checkpoint().config().path("model_type").asString(""),
        model.checkpoint().version(),
        model.checkpoint().contentDigest(),
        model.computeType().toString(),
        model.device().toString(),
        Torch.threads(),
        experiment.seeds(),
        experiment.data().name(),
        experiment.data().format(),
        experiment.data().digest(),
        experiment.selection(),
        experiment.procedure().name(),
        experiment.procedure().version(),
        experiment.procedure().settings(),
        experiment.command(),
        now(),
        "",
        RunInfo.State.RUNNING,
        experiment.total(),
        0,
        0,
        0,
        0,
        0,
        List.copyOf(experiment.tags()),
        "");
  }
}
