package dev.lynceus.bench.fuzz;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A worker process as its parent sees it: gets numbers of cases, and is ended when one of them
/// takes too long, too much memory, or the process with it.
final class WatchedWorker implements AutoCloseable {
  private static final Pattern TRACE =
      Pattern.compile(
          "(?m)^\\s+at [\\w.$/]+\\(|^Exception in thread|panicked at|A fatal error has");
  private static final String GONE = "fuzz-gone";
  private static final int CLOCK_FACTOR = 6;

  /// A case that gets less than this part of a processor is blocked.
  private static final int STILL = 50;

  private static final int GLANCE_MILLIS = 100;

  private final FuzzKind kind;
  private final Process process;
  private final PrintStream commands;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Path errors;
  private long errorsRead;

  /// For how many glances in a row no thread could have gone on.
  private int still;

  private WatchedWorker(FuzzKind kind, Process process, Path errors) {
    this.kind = kind;
    this.process = process;
    this.errors = errors;
    this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "fuzz worker's output");
    reader.setDaemon(true);
    reader.start();
  }

  /// Starts a worker.
  ///
  /// @param work folder for the files of cases and for what the worker prints
  static WatchedWorker start(FuzzKind kind, long seed, Path work) throws IOException {
    Files.createDirectories(work);
    Path errors = Files.createTempFile(work, "worker", ".err");
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-Xms64m",
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:ErrorFile=" + work.resolve("hs_err_%p.log"),
                    "-XX:-CreateCoredumpOnCrash",
                    "-Djava.awt.headless=true",
                    "-Dorg.bytedeco.javacpp.maxBytes=0",
                    "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                    "-cp",
                    classes,
                    FuzzWorker.class.getName(),
                    kind.name(),
                    String.valueOf(seed),
                    work.resolve("case").toString()))
            .redirectError(ProcessBuilder.Redirect.to(new File(errors.toString())))
            .start();
    return new WatchedWorker(kind, process, errors);
  }

  private void read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (IOException ended) {
      // The process is gone; the mark below says so.
    }
    lines.add(GONE);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// Runs one case and watches it.
  Outcome run(int index) throws IOException, InterruptedException {
    long start = System.nanoTime();
    long cpu = cpu().toMillis();
    long memory = Residence.ofKib(process.pid());
    long grown = 0;
    String description = "";
    commands.println(index);
    while (true) {
      String line = lines.poll(GLANCE_MILLIS, TimeUnit.MILLISECONDS);
      long millis = (System.nanoTime() - start) / 1_000_000;
      if (line == null) {
        grown = Math.max(grown, Residence.ofKib(process.pid()) - memory);
        String over = over(millis, cpu().toMillis() - cpu);
        if (!over.isEmpty()) {
          Outcome hang = new Outcome(index, Verdict.HANG, "", over, description, millis, grown);
          return hang.with(Verdict.HANG, over + stacks());
        }
        if (grown > 1024L * kind.megabytes()) {
          process.destroyForcibly().waitFor();
          return new Outcome(
              index,
              Verdict.MEMORY,
              "",
              "grew by " + (grown >> 10) + " MiB",
              description,
              millis,
              grown);
        }
      } else if (line.equals(GONE)) {
        String said = "exit status " + process.waitFor() + ": " + printed();
        return new Outcome(index, Verdict.ABORT, "", said, description, millis, grown);
      } else if (line.startsWith(FuzzWorker.BEGIN)) {
        description = line.substring(FuzzWorker.BEGIN.length());
      } else if (line.startsWith(FuzzWorker.END)) {
        return judged(Outcome.parse(line.substring(FuzzWorker.END.length())));
      }
    }
  }

  private Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private String over(long millis, long cpuMillis) {
    if (cpuMillis > 1000L * kind.seconds()) {
      return "more than " + kind.seconds() + " s of processor time";
    }
    // On a machine with other work a case may wait long for its turn; what stands still is blocked.
    long clock = 1000L * kind.seconds() * CLOCK_FACTOR;
    still = Residence.waitsForItsTurn(process.pid()) ? 0 : still + 1;
    return millis > clock && cpuMillis * STILL < millis && still > STILL
        ? "stands still after " + clock / 1000 + " s by the clock"
        : "";
  }

  /// Where the threads of the worker are, then its end.
  private String stacks() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-QUIT", String.valueOf(process.pid())).start().waitFor();
    process.waitFor(1, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    StringBuilder frames = new StringBuilder();
    // The dump of threads goes to the output of the virtual machine, which is that of the protocol.
    for (Optional<String> line = next(); line.isPresent(); line = next()) {
      String text = line.get().strip();
      if (text.startsWith("at dev.lynceus") || text.startsWith("at ai.djl")) {
        frames.append(' ').append(text);
      }
    }
    return frames.toString();
  }

  private Optional<String> next() throws InterruptedException {
    @Nullable String line = lines.poll(200, TimeUnit.MILLISECONDS);
    return line == null || line.equals(GONE) ? Optional.empty() : Optional.of(line);
  }

  private Outcome judged(Outcome outcome) throws IOException {
    String printed = printed();
    if (!outcome.verdict().isFault() && TRACE.matcher(printed).find()) {
      return outcome.with(Verdict.STACK_TRACE, printed);
    }
    if (!outcome.verdict().isFault() && outcome.grownKib() > 1024L * kind.megabytes()) {
      return outcome.with(Verdict.MEMORY, "grew by " + (outcome.grownKib() >> 10) + " MiB");
    }
    return outcome;
  }

  /// What the worker has written to its standard error since the last time.
  private String printed() throws IOException {
    byte[] all = Files.readAllBytes(errors);
    int from = (int) Math.min(errorsRead, all.length);
    errorsRead = all.length;
    return new String(all, from, all.length - from, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    commands.close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      Files.deleteIfExists(errors);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException left) {
      // A file in a folder of temporary files may stay.
    }
  }
}
