package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Where the command line begins.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    // UTF-8 whatever the locale says: results hold words of every language.
    Console console =
        new Console(
            System.in,
            stream(FileDescriptor.out),
            stream(FileDescriptor.err),
            Console.People.ofProcess(System.getenv()),
            List.of(arguments),
            new Console.Cleanup());
    Runtime.getRuntime().addShutdownHook(new Thread(console.cleanup()::run));
    System.exit(run(console));
  }

  /// Runs a command line as [#main] does, without ending the process.
  ///
  /// @return the exit status
  public static int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
    return run(new Console(in, out, err, Console.People.NONE, arguments, new Console.Cleanup()));
  }

  static int run(Console console) {
    int status = status(console);
    console.err().flush();
    if (console.out().checkError() && status == 0) {
      Failures.say(
          console.err(),
          "the result could not be written to stdout completely",
          "Is the disk full?");
      return ErrorCode.NOT_WRITABLE.exitStatus();
    }
    return status;
  }

  private static int status(Console console) {
    try {
      return LynceusCommand.asked(console).execute(console.arguments().toArray(String[]::new));
    } catch (Throwable failure) {
      // Errors such as OutOfMemoryError pass picocli by.
      return Failures.report(
          failure, console.arguments().contains(Failures.STACKTRACE), console.err());
    }
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor)), true, StandardCharsets.UTF_8);
  }
}
