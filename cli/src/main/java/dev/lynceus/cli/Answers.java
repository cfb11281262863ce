package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.request.Answered;
import dev.lynceus.request.Running;
import dev.lynceus.request.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Gives answers on stdout: as text while it comes, or as one line of JSON.
///
/// @param json whether answers are JSON
record Answers(Console console, ProgressLine progress, boolean json) {

  /// Answers on stdout.
  ///
  /// @return the text of the answer
  String give(Task<Answered> task) {
    task.prompt().outside().forEach(progress::note);
    progress.at("thinking", 0, 0);
    StreamedText stream = new StreamedText();
    List<String> notes = new ArrayList<>();
    Answered answered;
    try {
      Running running = Running.QUIET.watched(progress).notes(notes::add);
      answered = task.run(json ? running : running.words(stream::accept)).value();
    } catch (RuntimeException failure) {
      stream.end();
      throw failure;
    }
    progress.clear();
    if (json) {
      console.out().println(ResultOptions.line(console, answered));
    } else {
      console.out().println();
      weighed(answered).ifPresent(console.out()::print);
    }
    console.out().flush();
    notes.forEach(note -> console.err().println("note: " + note));
    Notes.unfinished(task.prompt(), answered.answer()).ifPresent(progress::note);
    return answered.answer();
  }

  /// What each token is with the pictures and without; empty where that was not asked for.
  private static Optional<String> weighed(Answered answered) {
    if (answered.tokens().stream().allMatch(token -> token.blind() == null)) {
      return Optional.empty();
    }
    TextTable table = new TextTable().row("token", "with the picture", "without", "difference");
    for (Answered.Token token : answered.tokens()) {
      double blind = Objects.requireNonNull(token.blind());
      table.row(
          Spoken.label(token.text()),
          Spoken.percent(Math.exp(token.logProbability())),
          Spoken.percent(Math.exp(blind)),
          Spoken.signed(token.logProbability() - blind) + " nats");
    }
    return Optional.of("\n" + table);
  }

  /// The text as it comes, without the space that tokenizers put before the first word.
  private final class StreamedText {
    private boolean begun;

    void accept(String piece) {
      String text = begun ? piece : piece.stripLeading();
      if (!text.isEmpty()) {
        progress.clear();
        begun = true;
        console.out().print(text);
        console.out().flush();
      }
    }

    /// Ends a line that was broken off.
    void end() {
      if (begun) {
        console.out().println();
        console.out().flush();
      }
    }
  }
}
