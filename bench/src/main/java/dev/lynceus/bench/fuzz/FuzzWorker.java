package dev.lynceus.bench.fuzz;

import dev.lynceus.error.LynceusException;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// The child process: reads numbers of cases from its input, makes and runs each, and tells how it
/// ended. `begin DESCRIPTION` comes before a case runs, `end OUTCOME` after it.
public final class FuzzWorker {
  static final String BEGIN = "fuzz-begin ";
  static final String END = "fuzz-end ";
  private static final int LONGEST_MESSAGE = 4000;

  private final FuzzKind kind;
  private final long seed;
  private final Path folder;
  private final PrintStream parent;

  private FuzzWorker(FuzzKind kind, long seed, Path folder, PrintStream parent) {
    this.kind = kind;
    this.seed = seed;
    this.folder = folder;
    this.parent = parent;
  }

  /// @param arguments name of the kind, seed, folder for the files of cases
  public static void main(String[] arguments) throws IOException {
    PrintStream parent =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    // What a case prints may not be taken for a line of the protocol.
    System.setOut(System.err);
    FuzzWorker worker =
        new FuzzWorker(
            FuzzKinds.of(arguments[0]),
            Long.parseLong(arguments[1]),
            Path.of(arguments[2]),
            parent);
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      worker.one(Integer.parseInt(line));
    }
    // A case may have left a thread that would keep the process.
    Runtime.getRuntime().halt(0);
  }

  private void one(int index) throws IOException {
    clear(folder);
    Files.createDirectories(folder);
    FuzzCase made = kind.make(seed, index, folder);
    String description = Outcome.plain(made.description());
    parent.println(BEGIN + description);
    Residence.resetPeak();
    long before = Residence.nowKib();
    long start = System.nanoTime();
    Outcome outcome = run(index, made);
    long millis = (System.nanoTime() - start) / 1_000_000;
    long grown = Math.max(0, Residence.peakKib() - before);
    Outcome whole =
        new Outcome(
            index, outcome.verdict(), outcome.code(), outcome.detail(), description, millis, grown);
    parent.println(END + whole.line());
  }

  @SuppressWarnings("CatchingUnchecked")
  private Outcome run(int index, FuzzCase made) {
    try {
      made.body().run();
      return new Outcome(index, Verdict.TAKEN, "", "", "", 0, 0);
    } catch (LynceusException e) {
      String wrong = wrong(e);
      return wrong.isEmpty()
          ? new Outcome(
              index, Verdict.REFUSED, e.code().name(), String.valueOf(e.getMessage()), "", 0, 0)
          : internal(index, e, wrong);
    } catch (Throwable e) {
      return internal(index, e, "not an exception of the house");
    }
  }

  /// What is wrong with a refusal; empty where nothing is.
  private String wrong(LynceusException e) {
    String message = String.valueOf(e.getMessage());
    if (!kind.refusals().contains(e.code())) {
      return "the code does not fit";
    }
    if (message.isBlank() || message.equals("null") || message.endsWith(": null")) {
      return "the message says nothing";
    }
    if (message.length() > LONGEST_MESSAGE) {
      return "the message has " + message.length() + " characters";
    }
    return e.nextStep().isBlank() ? "there is no next step" : "";
  }

  private static Outcome internal(int index, Throwable e, String why) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    String code = e instanceof LynceusException known ? known.code().name() : "";
    // The trace has line breaks; Outcome makes them blanks.
    return new Outcome(index, Verdict.INTERNAL_ERROR, code, why + ": " + trace, "", 0, 0);
  }

  static void clear(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
