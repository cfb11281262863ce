package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageFileReader;
import dev.lynceus.model.Picture;
import dev.lynceus.run.LoadedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A line of a data set of answers: what is asked about which pictures, the answer to judge, and
/// what is known of it. Pictures are read where they are needed, so that a broken one is told with
/// its line.
///
/// @param number of the line, from 1
/// @param files of the pictures
/// @param image as the line names them
/// @param fault what is wrong with the line; null where it can be used
record DatasetRow(
    int number, Line line, List<Path> files, String image, @Nullable LynceusException fault) {

  static final String EXAMPLE =
      "Write one JSON object a line, for example {\"image\": \"cat.png\", \"question\": \"What is this?\"}.";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /// What a line may hold; other fields are ignored.
  ///
  /// @param id of the user's own, passed on
  /// @param image file of the picture, relative to the data set's own folder
  /// @param images several of them
  /// @param question to be asked
  /// @param answer to judge; absent for the model's own
  /// @param expected the right answer, or its decisive words
  /// @param right whether the answer is right
  /// @param present things of the picture, with an attribute before them or without
  /// @param absent things and attributes that the picture has not
  /// @param complete whether `present` names every thing of the picture
  record Line(
      @Nullable JsonNode id,
      @Nullable String image,
      @Nullable List<String> images,
      @Nullable String question,
      @Nullable String answer,
      @Nullable String expected,
      @Nullable Boolean right,
      @Nullable List<String> present,
      @Nullable List<String> absent,
      @Nullable Boolean complete) {
    static final Line NONE = new Line(null, null, null, null, null, null, null, null, null, null);
  }

  /// Reads a data set; lines that are no rows have a [#fault()].
  ///
  /// @throws LynceusException BAD_REQUEST if there is no such file, or it has no lines
  static List<DatasetRow> read(Path file, int limit, DatasetOptions options) {
    return options.lines(file, limit, DatasetRow::row);
  }

  private static DatasetRow row(String text, Path file, int number, DatasetOptions options) {
    String where = "line " + number + " of " + file;
    Line line = Line.NONE;
    List<String> names = List.of();
    try {
      Line read = MAPPER.readValue(text, Line.class);
      line = read == null ? Line.NONE : read;
      names = names(line);
      if (names.isEmpty()) {
        throw lacking(where, "image");
      }
      List<Path> files = new ArrayList<>();
      for (String name : names) {
        files.add(options.picture(file, name, where));
      }
      return new DatasetRow(number, line, files, String.join(", ", names), null);
    } catch (JacksonException e) {
      return new DatasetRow(
          number,
          line,
          List.of(),
          "",
          new LynceusException(
              ErrorCode.BAD_REQUEST,
              where + " is no question: " + e.getOriginalMessage(),
              EXAMPLE,
              e));
    } catch (LynceusException e) {
      return new DatasetRow(number, line, List.of(), String.join(", ", names), e);
    }
  }

  private static List<String> names(Line line) {
    String image = line.image();
    List<String> images = line.images();
    if (image != null) {
      return List.of(image);
    }
    return images == null ? List.of() : images.stream().filter(Objects::nonNull).toList();
  }

  static LynceusException lacking(String where, String what) {
    return new LynceusException(ErrorCode.BAD_REQUEST, where + " lacks " + what, EXAMPLE);
  }

  /// The user's own name of the row; empty for none.
  String id() {
    JsonNode id = line.id();
    return id == null || id.isNull() ? "" : id.isValueNode() ? id.asString() : id.toString();
  }

  /// The question.
  ///
  /// @throws LynceusException BAD_REQUEST where the line is broken or has none
  String question(Path file) {
    require();
    String question = line.question();
    if (question == null || question.isBlank()) {
      throw lacking("line " + number + " of " + file, "question");
    }
    return question;
  }

  /// Passes where the line can be used.
  ///
  /// @throws LynceusException what is wrong with it
  void require() {
    if (fault != null) {
      throw fault;
    }
  }

  /// The pictures, as a model takes them.
  ///
  /// @throws LynceusException BAD_IMAGE
  List<Picture> pictures(LoadedModel model) {
    require();
    List<Picture> pictures = new ArrayList<>();
    for (Path one : files) {
      pictures.add(model.picture(QuestionArguments.name(one), new ImageFileReader().read(one)));
    }
    return pictures;
  }
}
