package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageProcessorSettings.Resizing;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads [VideoProcessorSettings] out of JSON.
final class VideoSettingsParser {
  private final SettingsReader reader;

  /// `source` is what errors call the file.
  VideoSettingsParser(JsonNode json, String source) {
    this.reader = new SettingsReader(json, source, VideoProcessorType.known());
  }

  /// @param fallback the type where the settings name none
  VideoProcessorSettings parse(@Nullable VideoProcessorType fallback) {
    VideoProcessorType type = type(fallback);
    VideoProcessorSettings defaults = VideoProcessorSettings.defaults(type);
    VideoProcessorSettings.Patching usual = defaults.patching();
    Resizing resizing;
    VideoProcessorSettings.Patching patching = null;
    if (usual == null) {
      boolean square = type == VideoProcessorType.INTERNVL;
      resizing = reader.resizing(defaults.resizing(), false, square, false);
    } else {
      Cutting.Patches patches = reader.patches(usual.patches());
      resizing = reader.inPixels(defaults.resizing(), patches, type == VideoProcessorType.QWEN2_VL);
      patching =
          new VideoProcessorSettings.Patching(
              patches,
              reader.flag("cap_pixels_per_frame", usual.capped()),
              reader.whole("max_video_tokens", 1, Integer.MAX_VALUE, usual.most()));
    }
    return new VideoProcessorSettings(
        type,
        resizing,
        usual == null ? crop() : null,
        reader.normalisation(defaults.normalisation(), false),
        patching);
  }

  private VideoProcessorType type(@Nullable VideoProcessorType fallback) {
    JsonNode name = reader.value("video_processor_type");
    if (name != null) {
      return VideoProcessorType.named(name.asString())
          .orElseThrow(() ->
              unknown(
                  "asks for the video processor "
                      + name.asString()
                      + ", which this version does not know"));
    }
    // Older checkpoints have one file for pictures and videos.
    return Optional.ofNullable(reader.value("image_processor_type"))
        .map(image -> image.asString().replace("ImageProcessor", "VideoProcessor"))
        .flatMap(VideoProcessorType::named)
        .or(() -> Optional.ofNullable(fallback))
        .orElseThrow(() -> unknown("has no video_processor_type"));
  }

  private LynceusException unknown(String what) {
    return new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        reader.source() + " " + what + "",
        "Known video processors: " + VideoProcessorType.known() + ".");
  }

  private @Nullable Extent crop() {
    if (!reader.flag("do_center_crop", false)) {
      return null;
    }
    JsonNode size = reader.value("crop_size");
    if (size == null) {
      throw reader.wrong("crop_size", "given, because do_center_crop is on");
    }
    return reader.cropSize(size);
  }
}
