package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Picture;
import dev.lynceus.request.PictureRef;
import dev.lynceus.request.Pictures;
import dev.lynceus.request.Question;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Video;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Pictures and a question about them, as they stand on the command line.
final class QuestionArguments {
  /// Between the question and the answer of a turn.
  private static final String TURN = "=>";

  @Parameters(
      arity = "0..*",
      paramLabel = "IMAGE... QUESTION",
      description = {
        "Picture files (PNG, JPEG, WebP, GIF, BMP), then the question, in quotes.",
        "No picture for a text-only model."
      })
  List<String> words = List.of();

  @Mixin VideoFrames video = new VideoFrames();

  @Option(
      names = "--raw",
      description = {
        "QUESTION is the whole prompt: no chat template; <image> (or the model's own image token)",
        "stands once for each picture."
      })
  boolean raw;

  @Option(
      names = "--start",
      defaultValue = "",
      paramLabel = "TEXT",
      description = "Words that the answer begins with.")
  String start = "";

  @Option(
      names = "--before",
      paramLabel = "TURN",
      description = {
        "An earlier turn of the conversation, \"QUESTION => ANSWER\"; may be given again. The pictures",
        "belong to the first one."
      })
  List<String> before = List.of();

  @Option(
      names = "--passage",
      paramLabel = "TEXT",
      description = {
        "The passage that holds the answer, for models that read (BERT, ELECTRA, ALBERT); of a long one",
        "the window with the best answer is taken."
      })
  @Nullable String passage;

  @Option(
      names = "--passage-file",
      paramLabel = "FILE",
      description = "A text file with the passage.")
  @Nullable String passageFile;

  /// Pictures that were read, and what is asked about them.
  ///
  /// @param files in the order of the command line
  /// @param images one for each file
  /// @param shots files of the video
  /// @param frames of the video, which comes after the pictures; none without
  record Asked(
      List<Path> files,
      List<RgbImage> images,
      List<Path> shots,
      List<RgbImage> frames,
      String question) {

    /// A question about pictures.
    Asked(List<Path> files, List<RgbImage> images, String question) {
      this(files, images, List.of(), List.of(), question);
    }

    /// The pictures of a request.
    Pictures from() {
      return Pictures.files(known());
    }

    /// The pictures by the names that a request has for them.
    Map<PictureRef, RgbImage> known() {
      Map<PictureRef, RgbImage> known = new HashMap<>();
      for (int i = 0; i < files.size(); i++) {
        known.put(ref(files.get(i)), images.get(i));
      }
      for (int i = 0; i < shots.size(); i++) {
        known.put(ref(shots.get(i)), frames.get(i));
      }
      return known;
    }

    /// Whether there is nothing to see.
    boolean isBlind() {
      return files.isEmpty() && frames.isEmpty();
    }

    /// The pictures as a model takes them.
    List<Picture> pictures(LoadedModel model) {
      List<Picture> pictures = new ArrayList<>();
      for (int i = 0; i < files.size(); i++) {
        pictures.add(model.picture(name(files.get(i)), images.get(i)));
      }
      if (!frames.isEmpty()) {
        pictures.add(Video.of(model, "video", frames));
      }
      return pictures;
    }
  }

  /// Reads the pictures. Needs no model, so that a misspelt file name is told at once.
  ///
  /// @throws LynceusException BAD_REQUEST without a question, BAD_IMAGE
  Asked read() {
    if (words.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the question is missing",
          "Give a picture and a question in quotes, for example: cat.png \"What is the cat doing?\".");
    }
    String question = words.getLast();
    // Beside a picture some models take no words: they describe it.
    if (question.isBlank() && words.size() == 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the question is empty",
          "Ask something, for example \"What is in the picture?\".");
    }
    if (isFile(question)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the question is missing: '" + question + "' is a file",
          "Put a question in quotes after the picture; \"\" stands for none where a model describes"
              + " pictures (BLIP).");
    }
    return read(words.subList(0, words.size() - 1), question);
  }

  /// Reads what a conversation begins with: pictures and, where the last word names no file, the
  /// first question; without that the question is empty.
  ///
  /// @throws LynceusException BAD_IMAGE; BAD_REQUEST for a word that can be no picture
  Asked begin() {
    if (raw) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--raw has no conversation to go on with",
          "Leave out --raw or --chat.");
    }
    boolean asks = !words.isEmpty() && !isFile(words.getLast());
    return asks ? read(words.subList(0, words.size() - 1), words.getLast()) : read(words, "");
  }

  /// Reads pictures.
  private Asked read(List<String> names, String question) {
    List<Path> files = new ArrayList<>();
    List<RgbImage> images = new ArrayList<>();
    for (String name : names) {
      Path file = path(name);
      if (name.indexOf('.') < 0 && !Files.exists(file)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "'" + name + "' is no picture",
            "Put the whole question in quotes after the picture.");
      }
      files.add(file);
      images.add(new ImageFileReader().read(file));
    }
    List<Path> shots = video.shots();
    return new Asked(
        files,
        images,
        shots,
        shots.stream().map(file -> new ImageFileReader().read(file)).toList(),
        question);
  }

  /// What was asked, as a request has it.
  Question question(Asked asked) {
    return new Question(
        asked.files().stream().map(QuestionArguments::ref).toList(),
        asked.shots().stream().map(QuestionArguments::ref).toList(),
        asked.question(),
        raw ? Question.Form.RAW : Question.Form.CHAT,
        start,
        Optional.ofNullable(passage()),
        turns());
  }

  /// Earlier turns of the conversation.
  ///
  /// @throws LynceusException BAD_REQUEST for one that is not a question and an answer
  private List<Question.Turn> turns() {
    return before.stream()
        .map(turn -> {
          int at = turn.indexOf(TURN);
          if (at < 1 || turn.substring(at + TURN.length()).isBlank()) {
            throw new LynceusException(
                ErrorCode.BAD_REQUEST,
                "--before " + Console.quoted(turn) + " is not a question and its answer",
                "For example --before \"Is there a car? => Yes.\".");
          }
          return new Question.Turn(
              turn.substring(0, at).strip(), turn.substring(at + TURN.length()).strip());
        })
        .toList();
  }

  /// Words that the answer begins with, for commands that make several prompts of their own.
  ///
  /// @throws LynceusException BAD_REQUEST where there are earlier turns
  String startAlone() {
    if (!before.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "this command asks questions of its own, and --before is of a conversation",
          "Leave --before out.");
    }
    return start;
  }

  /// A file as a request names it.
  static PictureRef ref(Path file) {
    return new PictureRef.File(file.toString());
  }

  /// Another command about the same pictures and question.
  ///
  /// @param verb for example `occlude`
  /// @param word that it measures; empty for its own choice
  /// @param model as it was named
  String line(String verb, String word, String model) {
    StringBuilder line = new StringBuilder(Console.launcher()).append(' ').append(verb);
    words.forEach(one -> line.append(' ').append(Console.quoted(one)));
    if (!video.names.isEmpty()) {
      line.append(" --video ").append(Console.quoted(String.join(",", video.names)));
    }
    if (raw) {
      line.append(" --raw");
    }
    if (passage != null) {
      line.append(" --passage ").append(Console.quoted(passage));
    }
    if (passageFile != null) {
      line.append(" --passage-file ").append(Console.quoted(passageFile));
    }
    before.forEach(turn -> line.append(" --before ").append(Console.quoted(turn)));
    if (!start.isEmpty()) {
      line.append(" --start ").append(Console.quoted(start));
    }
    if (!word.isEmpty()) {
      line.append(" --target ").append(Console.quoted(word));
    }
    if (!model.equals("pupil")) {
      line.append(" --model ").append(Console.quoted(model));
    }
    return line.toString();
  }

  /// The prompt that was asked for. Says where it lies outside of what the model was made for.
  Prompt prompt(LoadedModel model, Asked asked, List<Picture> pictures, ProgressLine progress) {
    Prompt prompt = prompt(model, asked, pictures);
    prompt.outside().forEach(progress::note);
    return prompt;
  }

  /// The same without a word about it.
  Prompt prompt(LoadedModel model, Asked asked, List<Picture> pictures) {
    return prompt(model, asked.question(), start, pictures);
  }

  /// A prompt with other words.
  Prompt prompt(LoadedModel model, String question, String begins, List<Picture> pictures) {
    return new Question(
            List.of(),
            List.of(),
            question,
            raw ? Question.Form.RAW : Question.Form.CHAT,
            begins,
            Optional.ofNullable(passage()),
            turns())
        .prompt(model, pictures);
  }

  /// Whether a text shall be read: a passage, or, as it is, one with words taken out.
  boolean readsText() {
    return raw || passage != null || passageFile != null;
  }

  /// The passage; null without one.
  ///
  /// @throws LynceusException BAD_REQUEST for two, or one beside a picture
  private @Nullable String passage() {
    if (passage != null && passageFile != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there are two passages, one in quotes and one in " + passageFile,
          "Give one of them.");
    }
    String file = passageFile;
    String read = file == null ? passage : InputFile.REQUEST.text(InputFile.REQUEST.path(file));
    if (read != null && (words.size() > 1 || !video.names.isEmpty())) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is a picture beside the passage",
          "Give the question alone, in quotes, with its passage.");
    }
    return read;
  }

  /// Whether a word names a file that is there.
  static boolean isFile(String word) {
    try {
      return Files.isRegularFile(Path.of(word));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /// The last part of a path.
  static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new LynceusException(
          ErrorCode.BAD_IMAGE, "'" + name + "' is not a file name", "Name a picture file.", e);
    }
  }
}
