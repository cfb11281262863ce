package dev.lynceus.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What a command talks to: results go to `out`, everything else to `err`.
///
/// @param in where questions of a conversation come from
/// @param out results
/// @param err progress, notes and errors
/// @param people which of the three a person sits at
/// @param arguments the command line
/// @param cleanup what must be undone if the process is stopped
/// @param notes what was said about the models that were loaded, once each, in order
/// @param session what results say about themselves
record Console(
    InputStream in,
    PrintStream out,
    PrintStream err,
    People people,
    List<String> arguments,
    Cleanup cleanup,
    Set<String> notes,
    Session session) {

  /// A console to which nothing was said yet.
  Console(
      InputStream in,
      PrintStream out,
      PrintStream err,
      People people,
      List<String> arguments,
      Cleanup cleanup) {
    this(in, out, err, people, arguments, cleanup, new LinkedHashSet<>(), new Session());
  }

  /// Whatever is printed passes [Visible].
  Console {
    out = Visible.stream(out);
    err = Visible.stream(err);
  }

  /// Writes a sequence that rewrites a line on the terminal to `err`.
  void control(String sequence) {
    Visible.stream(err).control(sequence);
  }

  /// `out` as it is, for help that Lynceus itself has coloured.
  PrintStream plainOut() {
    return Visible.stream(out).target();
  }

  /// Which streams are terminals.
  ///
  /// @param types whether questions are typed in
  /// @param watches whether progress is watched
  /// @param likesColour whether help may be coloured
  record People(boolean types, boolean watches, boolean likesColour) {

    /// Nobody: all streams are files or pipes.
    static final People NONE = new People(false, false, false);

    /// As the operating system and the variables of the environment tell; of these, `NO_COLOR` and
    /// `CLICOLOR_FORCE` are common to many programs.
    static People ofProcess(Map<String, String> environment) {
      boolean dumb = environment.getOrDefault("TERM", "").equals("dumb");
      boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty();
      boolean forced = !environment.getOrDefault("CLICOLOR_FORCE", "").isEmpty();
      return new People(
          isTerminal(0), isTerminal(2) && !dumb, forced || isTerminal(1) && !dumb && !plain);
    }

    /// Linux tells it for each stream; elsewhere Java tells it for all together.
    private static boolean isTerminal(int descriptor) {
      Path link = Path.of("/proc/self/fd/" + descriptor);
      if (Files.isSymbolicLink(link)) {
        try {
          String target = Files.readSymbolicLink(link).toString();
          return target.startsWith("/dev/pts/")
              || target.startsWith("/dev/tty")
              || target.equals("/dev/console");
        } catch (IOException e) {
          return false;
        }
      }
      java.io.Console console = System.console();
      return console != null && console.isTerminal();
    }
  }

  /// Things to undo when the process is stopped from outside.
  static final class Cleanup {
    private final List<Runnable> actions = new ArrayList<>();

    /// Adds an action; run the returned one when it is no longer needed.
    synchronized Runnable add(Runnable action) {
      actions.add(action);
      return () -> remove(action);
    }

    private synchronized void remove(Runnable action) {
      actions.remove(action);
    }

    /// Runs all actions.
    synchronized void run() {
      actions.forEach(Runnable::run);
      actions.clear();
    }
  }

  /// The command line as a shell would read it, with the launcher as it was called.
  String commandLine() {
    return launcher() + " " + words();
  }

  /// The same whoever called it: results name commands by this.
  String plainCommandLine() {
    return "lynceus " + words();
  }

  private String words() {
    return arguments.stream().map(Console::quoted).collect(Collectors.joining(" "));
  }

  /// How the launcher was called, for example `./lynceus`, so that a line that is shown runs where
  /// it is pasted.
  static String launcher() {
    String called = System.getProperty("lynceus.called", "");
    return called.isEmpty() ? "lynceus" : quoted(called);
  }

  /// A word as a shell takes it.
  static String quoted(String word) {
    return word.matches("[\\p{L}\\p{N}_@%+=:,./-]+")
        ? word
        : "'" + word.replace("'", "'\\''") + "'";
  }
}
