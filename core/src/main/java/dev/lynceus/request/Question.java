package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.reader.AnswerWord;
import dev.lynceus.method.reader.PassageReading;
import dev.lynceus.model.Picture;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Video;
import dev.lynceus.text.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a model is asked: pictures, and words about them.
///
/// @param pictures in the order that they are shown
/// @param video frames of a video, which comes after the pictures; all of one size
/// @param text the question, or the whole prompt
/// @param form which of the two the text is
/// @param start words that the answer begins with; may be empty
/// @param passage that holds the answer, for models that read; empty for others
/// @param before earlier turns of the conversation, the first one first; the pictures belong to it
public record Question(
    List<PictureRef> pictures,
    List<PictureRef> video,
    String text,
    @Setting(otherwise = "chat") Form form,
    @Setting(otherwise = "") String start,
    Optional<String> passage,
    List<Turn> before) {

  /// An earlier turn of a conversation.
  ///
  /// @param question that was asked
  /// @param answer that was given
  public record Turn(String question, String answer) {}

  /// What the text is.
  public enum Form {
    /// A question, which the chat template of the model is put around.
    CHAT,
    /// The whole prompt, in which the image token stands once for each picture.
    RAW
  }

  public Question {
    pictures = List.copyOf(pictures);
    video = List.copyOf(video);
    before = List.copyOf(before);
    if (passage.isPresent() && (!pictures.isEmpty() || !video.isEmpty())) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is a picture beside the passage",
          "Give the question alone, in quotes, with its passage.");
    }
    if (!before.isEmpty() && (passage.isPresent() || form == Form.RAW)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "earlier turns stand before a question in the chat template alone",
          "Leave them out, or ask without --raw and without a passage.");
    }
  }

  /// A question about picture files.
  public static Question about(String text, String... files) {
    return new Question(
        Arrays.stream(files).<PictureRef>map(PictureRef.File::new).toList(),
        List.of(),
        text,
        Form.CHAT,
        "",
        Optional.empty(),
        List.of());
  }

  /// The same with an answer that begins with other words.
  public Question start(String words) {
    return new Question(pictures, video, text, form, words, passage, before);
  }

  /// The same with other words.
  Question text(String words) {
    return new Question(pictures, video, words, form, start, passage, before);
  }

  /// The same about other pictures.
  Question pictures(List<PictureRef> others) {
    return new Question(others, video, text, form, start, passage, before);
  }

  /// The same after other turns.
  public Question after(List<Turn> turns) {
    return new Question(pictures, video, text, form, start, passage, turns);
  }

  /// Whether there is nothing to see.
  public boolean isBlind() {
    return pictures.isEmpty() && video.isEmpty();
  }

  /// Reads the pictures, so that one that is missing is told before a model is loaded.
  ///
  /// @throws LynceusException as [Pictures#read]
  public void read(Pictures from) {
    Stream.concat(pictures.stream(), video.stream()).forEach(from::read);
  }

  /// The pictures as a model takes them.
  public List<Picture> shown(LoadedModel model, Pictures from) {
    List<Picture> shown = new ArrayList<>();
    pictures.forEach(ref -> shown.add(model.picture(ref.label(), from.read(ref))));
    if (!video.isEmpty()) {
      List<RgbImage> frames = video.stream().map(from::read).toList();
      shown.add(Video.of(model, "video", frames));
    }
    return shown;
  }

  /// The prompt. Of a long passage it is the window with the best answer.
  public Prompt prompt(LoadedModel model, List<Picture> shown) {
    if (passage.isPresent()) {
      return AnswerWord.prompt(
          model, text, passage.get(), PassageReading.Options.DEFAULT, Progress.NONE);
    }
    return switch (form) {
      case RAW -> model.raw(text + start, shown.toArray(Picture[]::new));
      case CHAT -> model.prompt(messages(shown), shown, start);
    };
  }

  private List<Message> messages(List<Picture> shown) {
    List<Message> messages = new ArrayList<>();
    for (Turn turn : before) {
      messages.add(
          LoadedModel.message(messages.isEmpty() ? shown : List.of(), turn.question().strip()));
      messages.add(Message.assistant(turn.answer()));
    }
    messages.add(LoadedModel.message(messages.isEmpty() ? shown : List.of(), text));
    return messages;
  }

  /// A command line about this question.
  ///
  /// @param verb for example `occlude`
  /// @param word that it measures; empty for its own choice
  /// @param model as it was named
  public String line(String verb, String word, String model) {
    StringBuilder line = new StringBuilder("lynceus ").append(verb);
    pictures.forEach(one -> line.append(' ').append(quoted(name(one))));
    line.append(' ').append(quoted(text));
    if (!video.isEmpty()) {
      line.append(" --video ")
          .append(quoted(String.join(",", video.stream().map(Question::name).toList())));
    }
    if (form == Form.RAW) {
      line.append(" --raw");
    }
    passage.ifPresent(one -> line.append(" --passage ").append(quoted(one)));
    before.forEach(
        turn -> line.append(" --before ").append(quoted(turn.question() + " => " + turn.answer())));
    if (!start.isEmpty()) {
      line.append(" --start ").append(quoted(start));
    }
    if (!word.isEmpty()) {
      line.append(" --target ").append(quoted(word));
    }
    if (!model.equals("pupil")) {
      line.append(" --model ").append(quoted(model));
    }
    return line.toString();
  }

  /// A picture as its user knows it.
  static String name(PictureRef ref) {
    return switch (ref) {
      case PictureRef.File file -> file.path();
      case PictureRef.Stored stored -> stored.label();
      case PictureRef.Attached attached -> attached.label();
    };
  }

  /// A word as a shell takes it.
  static String quoted(String word) {
    return word.matches("[\\p{L}\\p{N}_@%+=:,./-]+")
        ? word
        : "'" + word.replace("'", "'\\''") + "'";
  }
}
