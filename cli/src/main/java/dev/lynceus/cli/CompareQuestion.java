package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.score.Truth;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A question whose explanations are compared.
///
/// @param target the word to explain; null = as the command says
/// @param kind of the question, where the dataset has kinds; empty if not
/// @param truth where the reason is, in pixels of the picture
record CompareQuestion(
    QuestionArguments.Asked asked, @Nullable String target, String kind, Truth truth) {

  private static final String EXAMPLE =
      "Write one JSON object a line, for example {\"image\": \"cat.png\", \"question\": \"What is this?\"}.";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /// A line of a dataset.
  ///
  /// @param image file of the picture, relative to the dataset's own folder
  /// @param target the word to explain; may be absent
  /// @param kind what kind of question it is; may be absent
  /// @param box left, top, right, bottom in pixels; may be absent
  /// @param boxes several of them, where the reason is in several places
  /// @param masks files of gray pictures as large as the picture, bright where the reason is
  private record Line(
      @Nullable String image,
      @Nullable String question,
      @Nullable String target,
      @Nullable String kind,
      int @Nullable [] box,
      @Nullable List<int[]> boxes,
      @Nullable List<String> masks) {}

  /// Reads a dataset: one JSON object a line; other fields are ignored.
  ///
  /// @throws LynceusException BAD_REQUEST if there is no such file, or a line is no question;
  ///   BAD_IMAGE
  static List<CompareQuestion> read(Path file, int limit, DatasetOptions options) {
    return options.lines(file, limit, CompareQuestion::parsed);
  }

  private static CompareQuestion parsed(
      String text, Path file, int number, DatasetOptions options) {
    String where = "line " + number + " of " + file;
    Line line;
    try {
      line = MAPPER.readValue(text, Line.class);
    } catch (JacksonException e) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, where + " is no question: " + e.getOriginalMessage(), EXAMPLE, e);
    }
    if (line == null
        || line.image() == null
        || line.question() == null
        || line.question().isBlank()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          where + " lacks " + (line == null || line.image() == null ? "image" : "question"),
          EXAMPLE);
    }
    Path image = options.picture(file, line.image(), where);
    RgbImage picture = new ImageFileReader().read(image);
    return new CompareQuestion(
        new QuestionArguments.Asked(List.of(image), List.of(picture), List.of(), line.question()),
        line.target(),
        line.kind() == null ? "" : line.kind(),
        truth(line, picture, file, where, options));
  }

  private static Truth truth(
      Line line, RgbImage picture, Path file, String where, DatasetOptions options) {
    List<ImageRegion> boxes = new ArrayList<>();
    if (line.box() != null) {
      boxes.add(region(line.box(), "box in " + where, picture));
    }
    if (line.boxes() != null) {
      line.boxes().forEach(box -> boxes.add(region(box, "a box in " + where, picture)));
    }
    List<Truth.Mask> masks = new ArrayList<>();
    if (line.masks() != null && !boxes.isEmpty()) {
      for (String name : line.masks()) {
        masks.add(mask(options.picture(file, name, where), picture, where));
      }
    }
    return new Truth(boxes, masks);
  }

  private static Truth.Mask mask(Path file, RgbImage picture, String where) {
    RgbImage read = new ImageFileReader().read(file);
    if (read.width() != picture.width() || read.height() != picture.height()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the mask %s in %s is %d x %d pixels, the picture %d x %d"
              .formatted(
                  file, where, read.width(), read.height(), picture.width(), picture.height()),
          "Give masks as large as the picture.");
    }
    byte[] covered = new byte[read.width() * read.height()];
    for (int i = 0; i < covered.length; i++) {
      covered[i] = (byte) read.sample(i % read.width(), i / read.width(), 0);
    }
    return new Truth.Mask(read.width(), read.height(), covered);
  }

  /// A box from its four edges.
  ///
  /// @param picture what it lies in
  /// @throws LynceusException BAD_REQUEST unless there are four, in order, within the picture
  static ImageRegion region(int @Nullable [] box, String what, RgbImage picture) {
    if (box == null || box.length != 4 || box[0] >= box[2] || box[1] >= box[3]) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          what + " is no box",
          "Give left, top, right and bottom in pixels, for example 10,20,60,80.");
    }
    if (box[0] < 0 || box[1] < 0 || box[2] > picture.width() || box[3] > picture.height()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%s, %s, is not within the picture of %d x %d pixels"
              .formatted(what, Arrays.toString(box), picture.width(), picture.height()),
          "Give left, top, right and bottom in pixels of the picture as it is stored, upright.");
    }
    return new ImageRegion(box[0], box[1], box[2] - box[0], box[3] - box[1]);
  }
}
