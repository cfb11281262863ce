package dev.lynceus.method.attention;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.text.TextConfig;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A head of the decoder, written `layer.head`.
public record HeadRef(int layer, int head) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

  /// Reads `layer.head`, for example `3.5`.
  ///
  /// @throws LynceusException BAD_REQUEST if it is written otherwise
  public static HeadRef parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "'" + text + "' names no head",
          "Write the layer, a dot and the head, for example 3.5; both count from 0.");
    }
    return new HeadRef(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /// This head, if a decoder has it.
  ///
  /// @throws LynceusException BAD_REQUEST if it has not
  public HeadRef in(TextConfig config) {
    if (layer >= config.layers() || head >= config.heads()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no head " + text(),
          "This decoder has layers 0 to %d with heads 0 to %d."
              .formatted(config.layers() - 1, config.heads() - 1));
    }
    return this;
  }

  /// `layer.head`.
  public String text() {
    return layer + "." + head;
  }
}
