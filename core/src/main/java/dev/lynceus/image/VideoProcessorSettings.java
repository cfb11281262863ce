package dev.lynceus.image;

import dev.lynceus.image.ImageProcessorSettings.Normalisation;
import dev.lynceus.image.ImageProcessorSettings.Resizing;
import org.jspecify.annotations.Nullable;

/// What a video processor does with the frames that it is given. Which frames of a film those are
/// is not its business.
///
/// @param type the processor
/// @param resizing how frames are resized
/// @param centreCrop `crop_size`; null where frames are not cropped
/// @param normalisation from bytes to numbers
/// @param patching patches that span frames; null where every frame is a view of its own
public record VideoProcessorSettings(
    VideoProcessorType type,
    Resizing resizing,
    @Nullable Extent centreCrop,
    Normalisation normalisation,
    @Nullable Patching patching) {

  /// Patches that span frames, and how large frames may be.
  ///
  /// @param patches sides of a patch, in pixels and frames
  /// @param capped `cap_pixels_per_frame`: whether all frames share the pixels of `most` tokens
  /// @param most `max_video_tokens`: visual tokens of a whole video ([VideoProcessorType#QWEN2_VL],
  ///   of which nine tenths are used), or of a frame ([VideoProcessorType#QWEN3_VL])
  public record Patching(Cutting.Patches patches, boolean capped, int most) {}

  /// What the reference processor of this type does where its settings say nothing.
  public static VideoProcessorSettings defaults(VideoProcessorType type) {
    return DefaultSettings.of(type);
  }
}
