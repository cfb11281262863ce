package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.score.Truth;
import dev.lynceus.model.Picture;
import java.util.List;

/// A region of a picture, as a request has it: `[left, top, right, bottom]` in its pixels, or
/// nothing.
final class Box {
  private Box() {}

  /// The numbers, if they can be those of a region.
  ///
  /// @throws LynceusException BAD_REQUEST
  static List<Integer> checked(List<Integer> box) {
    if (!box.isEmpty() && box.size() != 4) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a box of %d numbers".formatted(box.size()),
          "Give left, top, right, bottom in pixels of the picture.");
    }
    return List.copyOf(box);
  }

  /// The region in the first picture of a question.
  ///
  /// @throws LynceusException BAD_REQUEST where it does not lie in it
  static Truth in(List<Picture> pictures, List<Integer> box) {
    if (box.isEmpty()) {
      return Truth.NONE;
    }
    if (pictures.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "there is no picture for a box to lie in", "Leave out the box.");
    }
    RgbImage picture = pictures.getFirst().original();
    if (box.get(0) >= box.get(2)
        || box.get(1) >= box.get(3)
        || box.get(2) > picture.width()
        || box.get(3) > picture.height()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the box %s is none within the picture of %d x %d pixels"
              .formatted(box, picture.width(), picture.height()),
          "Give left, top, right and bottom in pixels of the picture as it is stored, upright.");
    }
    return Truth.box(
        new ImageRegion(box.get(0), box.get(1), box.get(2) - box.get(0), box.get(3) - box.get(1)));
  }
}
