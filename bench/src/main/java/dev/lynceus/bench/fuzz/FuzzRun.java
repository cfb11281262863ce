package dev.lynceus.bench.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Runs the cases of one kind, each in a worker process, and keeps what fails.
///
/// @param seed of the random choices
/// @param first number of the first case
/// @param count how many cases
/// @param kept where failing cases are written, one folder each
record FuzzRun(long seed, int first, int count, Path kept) {
  private static final int EVERY = 500;

  List<Outcome> run(FuzzKind kind) throws IOException, InterruptedException {
    Path work = Files.createTempDirectory("lynceus-fuzz-" + kind.name());
    List<Outcome> outcomes = new ArrayList<>();
    WatchedWorker worker = WatchedWorker.start(kind, seed, work);
    try {
      for (int index = first; index < first + count; index++) {
        if (!worker.isAlive()) {
          worker.close();
          worker = WatchedWorker.start(kind, seed, work);
        }
        Outcome outcome = worker.run(index);
        outcomes.add(outcome);
        if (outcomes.size() % EVERY == 0) {
          System.err.println("fuzz: " + kind.name() + " " + outcomes.size() + " of " + count);
        }
        if (outcome.verdict().isFault()) {
          keep(kind, outcome, work.resolve("case"));
        }
      }
    } finally {
      worker.close();
      FuzzWorker.clear(work);
    }
    return outcomes;
  }

  private void keep(FuzzKind kind, Outcome outcome, Path files) throws IOException {
    Path folder = kept.resolve(kind.name() + "-" + seed + "-" + outcome.index());
    FuzzWorker.clear(folder);
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("what.txt"),
        "%s%n%s: %s%nagain: %s%n"
            .formatted(
                outcome.description(),
                outcome.verdict().label(),
                outcome.detail(),
                again(kind.name(), seed, outcome.index())));
    if (!Files.isDirectory(files)) {
      return;
    }
    try (Stream<Path> all = Files.walk(files)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path target = folder.resolve("files").resolve(files.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  static String again(String kind, long seed, int index) {
    return "bench/run fuzz --kind " + kind + " --seed " + seed + " --first " + index + " --cases 1";
  }
}
