package dev.lynceus.image;

import java.util.List;
import java.util.Optional;

/// What a vision tower sees of a video.
///
/// @param frames the frames, in their order, all of one size
/// @param grid how patches span them; empty where the tower takes every frame as a picture
public record ProcessedVideo(List<ProcessedImage> frames, Optional<PatchGrid> grid) {
  /// Copies the list.
  public ProcessedVideo {
    frames = List.copyOf(frames);
  }
}
