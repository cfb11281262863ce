package dev.lynceus.studio;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.request.PictureRef;
import dev.lynceus.request.Request;
import dev.lynceus.request.ResultJson;
import dev.lynceus.request.Running;
import dev.lynceus.request.Task;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.file.ContentDigest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs that wait and runs that are being done: one at a time for each model, each model in a
/// thread of its own. What was asked before with the same model gets the result that it got then.
final class Jobs implements AutoCloseable {
  private final Library library;
  private final PictureShelf shelf;
  private final ModelNames names;
  private final ModelPool pool;
  private final Commands commands;
  private final Trials trials;
  private final int most;
  private final Consumer<String> log;
  private final Map<String, Job> live = new LinkedHashMap<>();
  private final Map<String, ExecutorService> lanes = new LinkedHashMap<>();
  private volatile boolean closing;

  /// @param most runs that wait
  /// @param log told what a client is not told
  Jobs(
      Library library,
      PictureShelf shelf,
      ModelNames names,
      ModelPool pool,
      Commands commands,
      Trials trials,
      int most,
      Consumer<String> log) {
    this.library = library;
    this.shelf = shelf;
    this.names = names;
    this.pool = pool;
    this.commands = commands;
    this.trials = trials;
    this.most = most;
    this.log = log;
  }

  /// A run, and whether it was there.
  ///
  /// @param known whether its result was there, or it was on its way
  record Asked(RunInfo run, boolean known) {}

  /// Goes on with what had not ended when the studio ended.
  void resume() {
    for (Library.Kept kept : library.unended()) {
      try {
        start(new Job(kept.info().id(), Work.read(kept.request()), kept.contents()));
      } catch (RuntimeException wrong) {
        Optional<Problem> why = Optional.of(Problem.of(wrong).problem());
        library.change(kept.info().id(), run -> run.is(RunState.FAILED, why), null);
      }
    }
  }

  /// Takes a request.
  ///
  /// @param again whether it is done although its result is there
  /// @throws LynceusException for what is refused before it waits
  /// @throws Problem.Refusal 429 where too many wait
  Asked submit(Work work, boolean again) {
    requirePictures(work);
    String json = work.json();
    String contents = contents(work, json);
    synchronized (this) {
      if (!again) {
        Optional<RunInfo> same = same(contents);
        if (same.isPresent()) {
          return new Asked(same.get(), true);
        }
      }
      if (live.size() >= most) {
        throw new Problem.Refusal(
            429,
            "QUEUE_FULL",
            "%d runs wait already".formatted(live.size()),
            "Wait until one has ended, or cancel one.");
      }
      RunInfo info = info(work);
      library.add(new Library.Kept(info, json, contents));
      start(new Job(info.id(), work, contents));
      return new Asked(info, false);
    }
  }

  /// The run of a request whose result is there or on its way; nothing is done.
  Optional<RunInfo> known(Work work) {
    requirePictures(work);
    return same(contents(work, work.json()));
  }

  private void requirePictures(Work work) {
    if (work instanceof Work.Asked(Request<?> request)) {
      Trusted.pictures(request).forEach(ref -> shelf.info(ref.sha256()));
    }
  }

  /// What a result depends on.
  private String contents(Work work, String json) {
    return ContentDigest.of(
        Studio.version() + "\n" + names.contents(work.model().name()) + "\n" + json + rows(work));
  }

  private synchronized Optional<RunInfo> same(String contents) {
    return live.values().stream()
        .filter(job -> job.key().equals(contents) && !job.isCancelled())
        .findFirst()
        .flatMap(job -> library.run(job.id()))
        .or(() -> library.same(contents))
        .map(Library.Kept::info);
  }

  /// What the rows of a data set go by; nothing for a request.
  private String rows(Work work) {
    return switch (work) {
      case Work.Asked _ -> "";
      case Work.Tried(Trial trial) -> "\n" + trials.data().open(trial.data()).digest();
    };
  }

  private RunInfo info(Work work) {
    List<String> pictures = new ArrayList<>();
    String model = work.model().name();
    String text;
    String command;
    switch (work) {
      case Work.Asked(Request<?> request) -> {
        request
            .question()
            .pictures()
            .forEach(ref -> pictures.add(ref instanceof PictureRef.Stored(String sum) ? sum : ""));
        text = request.question().text();
        command = commands.of(request);
      }
      case Work.Tried(Trial trial) -> {
        text = trial.title();
        command = trial.command(trials.data().command(trial.data()), names.command(model));
      }
    }
    return new RunInfo(
        UUID.randomUUID().toString().replace("-", ""),
        work.kind(),
        RunState.QUEUED,
        model,
        text,
        pictures,
        ContentDigest.of(model + "\n" + pictures + "\n" + text).substring(0, 24),
        "",
        List.of(),
        "",
        Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(),
        Optional.empty(),
        0,
        command,
        Optional.empty());
  }

  private synchronized void start(Job job) {
    live.put(job.id(), job);
    lanes
        .computeIfAbsent(
            job.work().model().name(),
            name ->
                Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("lynceus-" + name).factory()))
        .execute(() -> run(job));
  }

  /// A run that has not ended.
  synchronized Optional<Job> live(String id) {
    return Optional.ofNullable(live.get(id));
  }

  /// How many have not ended.
  synchronized int waiting() {
    return live.size();
  }

  /// Stops a run: at once where it waits, within a pass where it is being done.
  void cancel(String id) {
    live(id)
        .filter(Job::cancel)
        .ifPresent(job -> {
          failed(
              job,
              new LynceusException(ErrorCode.CANCELLED, "stopped before it began", "Ask again."));
          forget(job);
        });
  }

  private void run(Job job) {
    if (closing || !job.begin()) {
      return;
    }
    RunInfo before = library.run(job.id()).map(Library.Kept::info).orElse(null);
    if (before == null) {
      forget(job); // deleted while it waited
      return;
    }
    try {
      result(job, before);
    } catch (Throwable failure) {
      if (!closing) {
        failed(job, failure);
      }
    } finally {
      forget(job);
    }
  }

  private synchronized void forget(Job job) {
    live.remove(job.id());
  }

  private void result(Job job, RunInfo before) throws IOException {
    requireWanted(job);
    Work work = job.work();
    if (!pool.isLoaded(work.model())) {
      job.at("loading " + work.model().name(), 0, 0);
      job.is(RunState.LOADING);
    }
    long start = System.nanoTime();
    try (ModelPool.Loan loan = pool.lend(work.model())) {
      requireWanted(job);
      job.is(RunState.RUNNING);
      library.change(job.id(), run -> run.is(RunState.RUNNING, Optional.empty()), null);
      loan.model().notes().forEach(job::note);
      Running running = job.running(library.ledger(job.id()), before.command());
      String json =
          switch (work) {
            case Work.Asked(Request<?> request) -> answered(job, request, loan.model(), running);
            case Work.Tried(Trial trial) ->
                trials.run(trial, loan.model(), running.progress(), before.command());
          };
      JsonNode value = JsonMapper.shared().readTree(json).path("value");
      String summary = work instanceof Work.Tried ? Trials.summary(value) : Summaries.of(value);
      byte[] written = gzip(json);
      double seconds = (System.nanoTime() - start) / 1e9;
      library.change(job.id(), run -> run.done(summary, seconds, written.length), written);
    }
    Files.deleteIfExists(library.ledger(job.id()));
    job.is(RunState.DONE);
  }

  private String answered(Job job, Request<?> request, LoadedModel model, Running running) {
    Running told =
        running.line((verb, word) ->
            commands
                .named(request.question())
                .line(verb, word, names.command(request.model().name())));
    Task<?> task = Task.of(model, request, shelf.of(Trusted.pictures(request)));
    task.prompt().outside().forEach(job::note);
    return ResultJson.write(task.run(told));
  }

  private static void requireWanted(Job job) {
    if (job.isCancelled()) {
      throw new LynceusException(ErrorCode.CANCELLED, "stopped before it began", "Ask again.");
    }
  }

  private void failed(Job job, Throwable failure) {
    Problem.Refusal told = Problem.of(failure);
    if (told.status() == 500) {
      log.accept("run " + job.id() + ": " + failure);
    }
    RunState how = job.isCancelled() ? RunState.CANCELLED : RunState.FAILED;
    try {
      library.change(job.id(), run -> run.is(how, Optional.of(told.problem())), null);
    } catch (LynceusException full) {
      log.accept("run " + job.id() + ": " + full.getMessage());
    }
    job.failed(how, told.problem());
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// Stops what runs; it goes on when the studio is started again.
  @Override
  public void close() {
    closing = true;
    List<ExecutorService> all;
    synchronized (this) {
      live.values().forEach(Job::cancel);
      all = new ArrayList<>(lanes.values());
    }
    all.forEach(ExecutorService::shutdown);
    for (ExecutorService lane : all) {
      try {
        lane.awaitTermination(30, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
