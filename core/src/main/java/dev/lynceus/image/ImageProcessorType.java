package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Arrays;
import java.util.stream.Collectors;

/// The image processors that Lynceus knows, by the names that preprocessor settings use.
public enum ImageProcessorType {
  /// Shortest edge resized, centre cropped.
  CLIP("CLIPImageProcessor"),
  /// Resized to a square without regard to the aspect ratio.
  SIGLIP("SiglipImageProcessor"),
  /// As CLIP; may pad to a square with the mean colour first.
  LLAVA("LlavaImageProcessor"),
  /// The whole picture and tiles of it at the best fitting resolution.
  LLAVA_NEXT("LlavaNextImageProcessor"),
  /// Tiles of the enlarged picture, then the whole of it.
  IDEFICS3("Idefics3ImageProcessor"),
  /// The same.
  SMOLVLM("SmolVLMImageProcessor");

  private final String referenceName;

  ImageProcessorType(String referenceName) {
    this.referenceName = referenceName;
  }

  /// The class name in settings files.
  public String referenceName() {
    return referenceName;
  }

  /// The type that a settings file names. Older names end in `FeatureExtractor`; names that end in
  /// `Fast` or `Pil` choose another implementation of the same processor.
  ///
  /// @throws LynceusException `UNSUPPORTED_MODEL` for any other name
  static ImageProcessorType named(String name, String source) {
    String plain =
        name.replaceFirst("(Fast|Pil)$", "").replaceFirst("FeatureExtractor$", "ImageProcessor");
    for (ImageProcessorType type : values()) {
      if (type.referenceName.equals(plain)) {
        return type;
      }
    }
    throw new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        source + " asks for the image processor " + name + ", which this version does not know",
        "Known processors: " + known() + ".");
  }

  /// The names of all types, for messages.
  static String known() {
    return Arrays.stream(values())
        .map(ImageProcessorType::referenceName)
        .collect(Collectors.joining(", "));
  }
}
