package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.reader.PassageReading;
import dev.lynceus.request.PassageWindows;
import dev.lynceus.request.Question;
import dev.lynceus.tensor.file.InputFile;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// A question beside a passage, and how the passage is read.
final class PassageArguments {
  @Parameters(
      arity = "0..*",
      paramLabel = "TEXT",
      description = "The question, then the passage, each in quotes.")
  List<String> texts = List.of();

  @Option(
      names = "--passage-file",
      paramLabel = "FILE",
      description = "A text file with the passage, in the place of the second text.")
  @Nullable String passageFile;

  @Option(
      names = "--window-length",
      defaultValue = "384",
      paramLabel = "N",
      description = {
        "Most positions of a window; longer passages are read in several. Default: ${DEFAULT-VALUE}."
      })
  int length = 384;

  @Option(
      names = "--overlap",
      defaultValue = "128",
      paramLabel = "N",
      description =
          "Tokens that windows have in common, at most half a window. Default: ${DEFAULT-VALUE}.")
  int overlap = 128;

  @Option(
      names = "--longest",
      defaultValue = "30",
      paramLabel = "N",
      description = "Most tokens of an answer. Default: ${DEFAULT-VALUE}.")
  int longest = 30;

  /// The question.
  ///
  /// @throws LynceusException BAD_REQUEST where there is none
  String question() {
    if (texts.isEmpty()) {
      throw missing("there is no question");
    }
    if (texts.size() > 2) {
      throw surplus(texts.get(2));
    }
    return texts.getFirst();
  }

  /// The only text.
  ///
  /// @throws LynceusException BAD_REQUEST where there is none, or another beside it
  String only() {
    if (texts.size() > 1) {
      throw surplus(texts.get(1));
    }
    return question();
  }

  private static LynceusException surplus(String text) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        "'%s' is one text too many".formatted(text),
        "Put each text in quotes, as one.");
  }

  /// The passage.
  ///
  /// @throws LynceusException BAD_REQUEST where there is none, or two
  String passage() {
    if (passageFile != null && texts.size() > 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there are two passages, one in quotes and one in " + passageFile,
          "Give one of them.");
    }
    if (passageFile != null) {
      return InputFile.REQUEST.text(InputFile.REQUEST.path(passageFile));
    }
    if (texts.size() < 2) {
      throw missing("there is no passage to read");
    }
    return texts.get(1);
  }

  private static LynceusException missing(String what) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        what,
        "Give both in quotes, for example: \"Who slept?\" \"The cat slept.\" -m org/name; or the"
            + " passage with --passage-file.");
  }

  /// A question whose answer a passage holds.
  static Question asked(String question, String passage) {
    return asked(question, Optional.of(passage));
  }

  /// A text alone.
  static Question asked(String text) {
    return asked(text, Optional.empty());
  }

  private static Question asked(String text, Optional<String> passage) {
    return new Question(List.of(), List.of(), text, Question.Form.CHAT, "", passage, List.of());
  }

  /// How the passage is read, as a request has it.
  PassageWindows windows() {
    return new PassageWindows(length, overlap, longest);
  }

  /// How the passage is read.
  PassageReading.Options options(@Nullable Double threshold) {
    return new PassageReading.Options(length, overlap, longest, Optional.ofNullable(threshold));
  }
}
