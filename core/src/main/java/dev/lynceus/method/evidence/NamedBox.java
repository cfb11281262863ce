package dev.lynceus.method.evidence;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.tap.TokenMap;
import java.util.List;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Where something lies in a picture.
///
/// @param name for example `cat`
/// @param box left, top, right, bottom in pixels of the original; right and bottom are the first
///   outside
/// @param image number of the picture, from 0
public record NamedBox(String name, List<Integer> box, int image) {
  private static final String HOW =
      "Write [{\"name\": \"cat\", \"box\": [left, top, right, bottom]}, ...] in pixels of the picture;"
          + " with several pictures also \"image\": N, from 0.";

  public NamedBox {
    Objects.requireNonNull(name);
    box = List.copyOf(box);
  }

  /// Reads a JSON list.
  ///
  /// @param file what messages call it
  /// @throws LynceusException BAD_REQUEST
  public static List<NamedBox> parse(String json, String file) {
    List<NamedBox> boxes;
    try {
      boxes =
          JsonMapper.shared()
              .readerFor(new TypeReference<List<NamedBox>>() {})
              .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
              .readValue(json);
    } catch (JacksonException | NullPointerException e) {
      throw new LynceusException(ErrorCode.BAD_REQUEST, file + " holds no boxes", HOW, e);
    }
    if (boxes == null || boxes.isEmpty() || boxes.stream().anyMatch(Objects::isNull)) {
      throw new LynceusException(ErrorCode.BAD_REQUEST, file + " holds no boxes", HOW);
    }
    for (NamedBox one : boxes) {
      if (one.name.isBlank()
          || one.box.size() != 4
          || one.box.get(0) >= one.box.get(2)
          || one.box.get(1) >= one.box.get(3)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST, file + ": the box of '" + one.name + "' has no inside", HOW);
      }
    }
    return List.copyOf(boxes);
  }

  /// Checks that the box lies in its picture.
  ///
  /// @throws LynceusException BAD_REQUEST
  void check(List<TokenMap.ImageGrid> pictures) {
    if (image < 0 || image >= pictures.size()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the box of '%s' is in picture %d, and there are %d"
              .formatted(name, image, pictures.size()),
          "Count pictures from 0.");
    }
    TokenMap.ImageGrid picture = pictures.get(image);
    if (box.get(0) < 0
        || box.get(1) < 0
        || box.get(2) > picture.width()
        || box.get(3) > picture.height()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the box of '%s' %s does not lie in %s, which is %d x %d"
              .formatted(name, box, picture.name(), picture.width(), picture.height()),
          HOW);
    }
  }

  /// The rectangle.
  ImageRegion region() {
    return new ImageRegion(
        box.get(0), box.get(1), box.get(2) - box.get(0), box.get(3) - box.get(1));
  }
}
