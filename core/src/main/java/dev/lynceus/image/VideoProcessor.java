package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Turns the frames of a video into what a vision tower takes, as a checkpoint's settings tell.
/// Which frames those are is decided before.
///
/// Sizes and the order of patches are those of the video processors of transformers 5.18. Those
/// exist for torchvision only; frames are resized and normalised here as its Pillow backend does
/// with pictures, of which torchvision differs in the last places and, at some pixels, by levels of
/// 255.
public final class VideoProcessor {
  private final VideoProcessorSettings settings;
  private final Finish finish;

  private VideoProcessor(VideoProcessorSettings settings) {
    this.settings = settings;
    this.finish = Finish.of(settings.resizing(), settings.centreCrop(), settings.normalisation());
  }

  /// A processor of these settings.
  public static VideoProcessor of(VideoProcessorSettings settings) {
    return new VideoProcessor(settings);
  }

  /// A processor of the settings in `json`; errors call them `source`.
  ///
  /// @throws LynceusException `UNSUPPORTED_MODEL` for an unknown processor or an unknown way to
  ///   resize, `BAD_CHECKPOINT` for malformed settings
  public static VideoProcessor of(JsonNode json, String source) {
    return new VideoProcessor(new VideoSettingsParser(json, source).parse(null));
  }

  /// The processor of a checkpoint folder: the `video_processor` part of `processor_config.json` if
  /// it has one, else `video_preprocessor_config.json`, else `preprocessor_config.json`. Settings
  /// that name no video processor get that of the image processor's name, or the one that belongs
  /// to the `model_type` in `config.json`.
  ///
  /// @throws LynceusException `MODEL_NOT_FOUND` if there are no settings, else as for JSON
  public static VideoProcessor load(Path checkpoint) {
    SettingsFiles files = new SettingsFiles(checkpoint);
    SettingsFiles.Found found = files.ofVideos();
    @Nullable VideoProcessorType type =
        files.modelType().flatMap(VideoProcessorType::ofModel).orElse(null);
    return new VideoProcessor(new VideoSettingsParser(found.json(), found.source()).parse(type));
  }

  /// The settings in use.
  public VideoProcessorSettings settings() {
    return settings;
  }

  /// How patches span the frames; empty where every frame is a view of its own.
  ///
  /// @param frame size of every frame
  /// @param frames how many
  /// @throws LynceusException `BAD_IMAGE` if the frames are too elongated or too many,
  ///   `BAD_REQUEST` if there are too few
  public Optional<PatchGrid> grid(Extent frame, int frames) {
    VideoProcessorSettings.Patching patching = settings.patching();
    return patching == null
        ? Optional.empty()
        : Optional.of(PatchGrid.of(resized(frame, frames, patching), frames, patching.patches()));
  }

  /// What the tower sees of a video.
  ///
  /// @param frames at least one, all of one size, in their order
  /// @throws LynceusException `BAD_REQUEST` if there are too few frames or frames of different
  ///   sizes, `BAD_IMAGE` if they are too elongated or too many
  public ProcessedVideo process(List<RgbImage> frames) {
    Extent size = common(frames);
    Optional<PatchGrid> grid = grid(size, frames.size());
    VideoProcessorSettings.Patching patching = settings.patching();
    if (patching == null || !settings.resizing().on()) {
      return new ProcessedVideo(
          frames.stream().map(frame -> finish.of(Frame.whole(frame))).toList(), grid);
    }
    Extent resized = resized(size, frames.size(), patching);
    ResampleFilter filter = settings.resizing().filter();
    return new ProcessedVideo(
        frames.stream()
            .map(frame -> finish.unchanged(Frame.whole(frame).resized(resized, filter)))
            .toList(),
        grid);
  }

  private static Extent common(List<RgbImage> frames) {
    if (frames.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "a video needs frames, and none are given", "Give at least one.");
    }
    RgbImage first = frames.getFirst();
    for (int i = 0; i < frames.size(); i++) {
      RgbImage frame = frames.get(i);
      if (frame.width() != first.width() || frame.height() != first.height()) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "frame %d of the video has %d x %d pixels, the first has %d x %d"
                .formatted(i + 1, frame.width(), frame.height(), first.width(), first.height()),
            "Give frames of one size, or give them as several pictures.");
      }
    }
    return new Extent(first.height(), first.width());
  }

  private Extent resized(Extent frame, int frames, VideoProcessorSettings.Patching patching) {
    if (!settings.resizing().on()) {
      return frame;
    }
    SizeRule.PixelRange range = (SizeRule.PixelRange) settings.resizing().size();
    int temporal = patching.patches().temporal();
    long tokenPixels = (long) range.unit() * range.unit();
    long least = (long) (range.least() * 1.05);
    return switch (settings.type()) {
      case QWEN2_VL -> {
        long all = (long) (patching.most() * tokenPixels * 0.9);
        long share = Math.max(Math.min(range.most(), all * temporal / frames), least);
        yield (patching.capped() ? range.withMost(share) : range)
            .target(frame.height(), frame.width());
      }
      case QWEN3_VL -> {
        if (frames < temporal) {
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "a video of %d frames is too short: its patches span %d".formatted(frames, temporal),
              "Give more frames, or give them as pictures.");
        }
        long share =
            Math.max(Math.min(patching.most() * tokenPixels, range.most() / frames), least);
        yield (patching.capped() ? range.withMost(share * frames) : range)
            .targetOfAll(frame.height(), frame.width(), frames, temporal);
      }
      case LLAVA_ONEVISION, INTERNVL ->
          throw new IllegalStateException(settings.type() + " has no patches that span frames");
    };
  }
}
