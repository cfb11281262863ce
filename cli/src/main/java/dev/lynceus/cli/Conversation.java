package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Picture;
import dev.lynceus.request.AskRequest;
import dev.lynceus.request.Question;
import dev.lynceus.request.Task;
import dev.lynceus.run.LoadedModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Questions and answers in turns. The pictures belong to the first question.
///
/// @param request the first question, which is empty if it is still to be read, and how all of them
///   are answered
/// @param pictures of the first question
record Conversation(
    Console console,
    Answers answers,
    LoadedModel model,
    AskRequest request,
    List<Picture> pictures) {

  /// Holds the conversation until the input ends.
  void hold() {
    List<Question.Turn> turns = new ArrayList<>(request.question().before());
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
    if (console.people().types()) {
      answers.progress().clear();
      console.err().println("Ask line by line; end with Ctrl-D.");
    }
    String next = request.question().text();
    String begin = request.question().start();
    while (next != null) {
      if (!next.isBlank()) {
        Question question =
            new Question(
                List.of(),
                List.of(),
                next.strip(),
                Question.Form.CHAT,
                begin,
                Optional.empty(),
                turns);
        String answer =
            answers.give(Task.turn(model, request, pictures, question.prompt(model, pictures)));
        turns.add(new Question.Turn(question.text(), (begin + " " + answer).strip()));
        begin = "";
      }
      next = read(lines);
    }
  }

  @org.jspecify.annotations.Nullable
  private String read(BufferedReader lines) {
    if (console.people().types()) {
      console.err().print("> ");
      console.err().flush();
    }
    try {
      String line = lines.readLine();
      if (line == null && console.people().types()) {
        console.err().println();
      }
      return line;
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "the questions could not be read from stdin", "Try again.", e);
    }
  }
}
