package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.ImageSource;
import dev.lynceus.lab.data.LabelledRegion;
import dev.lynceus.lab.data.PictureFiles;
import dev.lynceus.method.score.Truth;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A question whose explanations are compared.
///
/// @param target the word to explain; null = as the command says
/// @param kind of the question, where the dataset has kinds; empty if not
/// @param truth where the reason is, in pixels of the picture
record CompareQuestion(
    QuestionArguments.Asked asked, @Nullable String target, String kind, Truth truth) {

  /// The questions of a data set.
  ///
  /// @throws LynceusException BAD_REQUEST if there is none, or a row is no question; BAD_IMAGE
  static List<CompareQuestion> read(Path file, int limit, DatasetOptions options, Console console) {
    PictureFiles files = PictureFiles.besideFile(file, options.data());
    List<CompareQuestion> questions = new ArrayList<>();
    for (DatasetRow row : DatasetRow.of(options.open(file, limit, console))) {
      questions.add(question(row, files));
    }
    return questions;
  }

  /// A row as a question about pictures.
  ///
  /// @throws LynceusException BAD_REQUEST if it is none; BAD_IMAGE
  static CompareQuestion question(DatasetRow row, PictureFiles files) {
    Example example = row.example();
    if (example.images().isEmpty()) {
      throw DatasetRow.lacking(row.where(), "image");
    }
    String question = row.question();
    List<Path> names = new ArrayList<>();
    List<RgbImage> images = new ArrayList<>();
    for (ImageSource image : example.images()) {
      names.add(DatasetRow.path(image));
      images.add(image.read());
    }
    String target = example.fields().get("target");
    return new CompareQuestion(
        new QuestionArguments.Asked(names, images, question),
        target,
        example.kind(),
        row.ours()
            ? truth(row, images.getFirst(), files)
            : truth(example.regions(), images.getFirst()));
  }

  private static Truth truth(DatasetRow row, RgbImage picture, PictureFiles files) {
    List<ImageRegion> boxes = new ArrayList<>();
    List<JsonNode> one = row.list("box");
    if (!one.isEmpty()) {
      boxes.add(region(edges(one), "box in " + row.where(), picture));
    }
    for (JsonNode box : row.list("boxes")) {
      boxes.add(region(edges(box.valueStream().toList()), "a box in " + row.where(), picture));
    }
    List<Truth.Mask> masks = new ArrayList<>();
    if (!boxes.isEmpty()) {
      for (JsonNode name : row.list("masks")) {
        masks.add(mask(files.file(name.asString(""), row.where()), picture, row.where()));
      }
    }
    return new Truth(boxes, masks);
  }

  /// Null where they are no whole numbers.
  private static int @Nullable [] edges(List<JsonNode> box) {
    int[] edges = new int[box.size()];
    for (int i = 0; i < edges.length; i++) {
      if (!box.get(i).isNumber()) {
        return null;
      }
      edges[i] = (int) box.get(i).doubleValue();
    }
    return edges;
  }

  /// Regions that data sets tell are cut to the picture, whose pixels they may pass by a fraction.
  private static Truth truth(List<LabelledRegion> regions, RgbImage picture) {
    List<ImageRegion> boxes = new ArrayList<>();
    for (LabelledRegion region : regions) {
      int left = (int) Math.max(0, Math.floor(region.x0()));
      int top = (int) Math.max(0, Math.floor(region.y0()));
      int right = (int) Math.min(picture.width(), Math.ceil(region.x1()));
      int bottom = (int) Math.min(picture.height(), Math.ceil(region.y1()));
      if (region.image() == 0 && left < right && top < bottom) {
        boxes.add(new ImageRegion(left, top, right - left, bottom - top));
      }
    }
    return new Truth(boxes, List.of());
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
