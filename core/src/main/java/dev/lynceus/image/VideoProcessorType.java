package dev.lynceus.image;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// The video processors that Lynceus knows, by the names that settings files use.
public enum VideoProcessorType {
  /// Every frame resized to the tower's size.
  LLAVA_ONEVISION("LlavaOnevisionVideoProcessor"),
  /// The same, with other defaults.
  INTERNVL("InternVLVideoProcessor"),
  /// Frames of one size, in patches that span some of them; the limits count pixels of a frame.
  QWEN2_VL("Qwen2VLVideoProcessor"),
  /// The same; the limits count pixels of all frames.
  QWEN3_VL("Qwen3VLVideoProcessor");

  private final String referenceName;

  VideoProcessorType(String referenceName) {
    this.referenceName = referenceName;
  }

  /// The class name in settings files.
  public String referenceName() {
    return referenceName;
  }

  /// The type of that class name.
  static Optional<VideoProcessorType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.referenceName.equals(name)).findFirst();
  }

  /// The type that belongs to a `model_type` of `config.json`, for settings that name none.
  static Optional<VideoProcessorType> ofModel(String modelType) {
    return switch (modelType) {
      case "llava_onevision" -> Optional.of(LLAVA_ONEVISION);
      case "internvl" -> Optional.of(INTERNVL);
      case "qwen2_vl", "qwen2_5_vl" -> Optional.of(QWEN2_VL);
      case "qwen3_vl" -> Optional.of(QWEN3_VL);
      default -> Optional.empty();
    };
  }

  /// The names of all types, for messages.
  static String known() {
    return Arrays.stream(values())
        .map(VideoProcessorType::referenceName)
        .collect(Collectors.joining(", "));
  }
}
