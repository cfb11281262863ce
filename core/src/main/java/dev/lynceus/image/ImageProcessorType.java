package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// The image processors that Lynceus knows, by the names that preprocessor settings use. What a
/// processor does where its settings are silent is in [ImageProcessorSettings#defaults].
public enum ImageProcessorType {
  /// Shortest edge resized, centre cropped.
  CLIP("CLIPImageProcessor"),
  /// Resized to a square without regard to the aspect ratio.
  SIGLIP("SiglipImageProcessor"),
  /// The same, with other defaults.
  BLIP("BlipImageProcessor"),
  /// The same, with other defaults.
  VIT("ViTImageProcessor"),
  /// As CLIP; may pad to a square with the mean colour first.
  LLAVA("LlavaImageProcessor"),
  /// The whole picture and tiles of it at the best fitting resolution.
  LLAVA_NEXT("LlavaNextImageProcessor"),
  /// The same; several pictures of one prompt are padded to squares instead.
  LLAVA_ONEVISION("LlavaOnevisionImageProcessor"),
  /// Tiles of the enlarged picture, then the whole of it.
  IDEFICS3("Idefics3ImageProcessor"),
  /// The same.
  SMOLVLM("SmolVLMImageProcessor"),
  /// Tiles of the grid that is nearest to the picture's shape, then the whole of it.
  GOT_OCR2("GotOcr2ImageProcessor"),
  /// The whole picture and, where asked for, crops of an elongated one.
  GEMMA3("Gemma3ImageProcessor"),
  /// A size of its own for every picture, in patches.
  QWEN2_VL("Qwen2VLImageProcessor");

  private final String referenceName;

  ImageProcessorType(String referenceName) {
    this.referenceName = referenceName;
  }

  /// The class name in settings files.
  public String referenceName() {
    return referenceName;
  }

  /// Whether a `size` of one number means a square; else it is the length of the shorter side.
  boolean squareOfOneNumber() {
    return switch (this) {
      case BLIP, VIT, GOT_OCR2, GEMMA3 -> true;
      case CLIP, SIGLIP, LLAVA, LLAVA_NEXT, LLAVA_ONEVISION, IDEFICS3, SMOLVLM, QWEN2_VL -> false;
    };
  }

  /// The type that a settings file names. Older names end in `FeatureExtractor`; names that end in
  /// `Fast` or `Pil` choose another implementation of the same processor.
  ///
  /// @throws LynceusException `UNSUPPORTED_MODEL` for any other name
  static ImageProcessorType named(String name, String source) {
    String plain =
        name.replaceFirst("(Fast|Pil)$", "").replaceFirst("FeatureExtractor$", "ImageProcessor");
    if (plain.equals("Qwen2_5_VLImageProcessor")) {
      // A name of early files of Qwen2.5-VL, never a processor of its own.
      return QWEN2_VL;
    }
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

  /// The type that belongs to a `model_type` of `config.json`, for settings that name none.
  static Optional<ImageProcessorType> ofModel(String modelType) {
    return switch (modelType) {
      case "clip", "vipllava" -> Optional.of(CLIP);
      case "siglip", "paligemma" -> Optional.of(SIGLIP);
      case "blip", "blip-2", "instructblip" -> Optional.of(BLIP);
      case "vit", "vit_mae" -> Optional.of(VIT);
      case "llava" -> Optional.of(LLAVA);
      case "llava_next" -> Optional.of(LLAVA_NEXT);
      case "llava_onevision" -> Optional.of(LLAVA_ONEVISION);
      case "idefics3" -> Optional.of(IDEFICS3);
      case "smolvlm" -> Optional.of(SMOLVLM);
      case "got_ocr2", "internvl" -> Optional.of(GOT_OCR2);
      case "gemma3" -> Optional.of(GEMMA3);
      case "qwen2_vl", "qwen2_5_vl", "qwen3_vl" -> Optional.of(QWEN2_VL);
      default -> Optional.empty();
    };
  }

  /// The names of all types, for messages.
  static String known() {
    return Arrays.stream(values())
        .map(ImageProcessorType::referenceName)
        .collect(Collectors.joining(", "));
  }
}
