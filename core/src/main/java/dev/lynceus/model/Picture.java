package dev.lynceus.model;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.Extent;
import dev.lynceus.image.ImageProcessor;
import dev.lynceus.image.InPrompt;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.ProcessedPicture;
import dev.lynceus.image.RgbImage;
import dev.lynceus.image.VideoProcessor;
import dev.lynceus.image.ViewLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A picture and what the tower sees of it, which is computed when it is first asked for.
///
/// What is seen may depend on whether the picture has company in its prompt
/// ([ImageProcessor#mindsCompany()]): the prompt decides by [#among(int)], unless whoever made the
/// picture has. Until then it counts as alone. Threads may share a picture.
public final class Picture {
  private final String name;
  private final List<RgbImage> frames;
  private final @Nullable ImageProcessor processor;
  private final InPrompt place;
  private final boolean decided;
  private @Nullable ProcessedPicture processed;
  private @Nullable Picture company;

  private Picture(
      String name,
      RgbImage original,
      @Nullable ImageProcessor processor,
      InPrompt place,
      boolean decided) {
    this.name = name;
    this.frames = List.of(original);
    this.processor = processor;
    this.place = place;
    this.decided = decided;
  }

  /// A picture that was processed elsewhere.
  ///
  /// @param name file name or other label
  public Picture(String name, RgbImage original, ProcessedPicture processed) {
    this(name, List.of(original), processed);
  }

  private Picture(String name, List<RgbImage> frames, ProcessedPicture processed) {
    this.name = name;
    this.frames = List.copyOf(frames);
    this.processor = null;
    this.place = InPrompt.ALONE;
    this.decided = true;
    this.processed = processed;
  }

  /// A video: a sequence of pictures, of which each is a view.
  ///
  /// @param frames at least one, all of one size, in their order
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST for frames of different sizes
  public static Picture video(String name, List<RgbImage> frames, VideoProcessor processor) {
    List<ProcessedImage> views = processor.process(frames).frames();
    return new Picture(
        name, frames, new ProcessedPicture(views, new ViewLayout.Frames(views.size())));
  }

  /// A picture whose prompt decides how it is seen.
  ///
  /// @param name file name or other label
  /// @param original the picture as it was read
  /// @throws dev.lynceus.error.LynceusException BAD_IMAGE if it is too elongated or too small
  public static Picture of(String name, RgbImage original, ImageProcessor processor) {
    processor.layout(new Extent(original.height(), original.width()), InPrompt.ALONE);
    return new Picture(name, original, processor, InPrompt.ALONE, !processor.mindsCompany());
  }

  /// A picture that is seen in one way, whatever its prompt.
  public static Picture of(
      String name, RgbImage original, ImageProcessor processor, InPrompt place) {
    processor.layout(new Extent(original.height(), original.width()), place);
    return new Picture(name, original, processor, place, true);
  }

  /// This picture in a prompt that has so many.
  ///
  /// @param pictures at least one
  public Picture among(int pictures) {
    if (decided || pictures == 1) {
      return this;
    }
    synchronized (this) {
      if (company == null) {
        company = new Picture(name, original(), processor, InPrompt.AMONG_OTHERS, true);
      }
      return company;
    }
  }

  /// File name or other label.
  public String name() {
    return name;
  }

  /// The picture as it was read; of a video the first frame.
  public RgbImage original() {
    return frames.getFirst();
  }

  /// All frames as they were read; one of a picture.
  public List<RgbImage> frames() {
    return frames;
  }

  /// What a tile of its grid is a part of: the picture, or the frame of that number.
  public RgbImage original(int tile) {
    return isVideo() ? frames.get(tile) : original();
  }

  /// Whether it is a video.
  public boolean isVideo() {
    return processor == null && layout() instanceof ViewLayout.Frames;
  }

  /// Whether it counts as alone in its prompt.
  public InPrompt place() {
    return place;
  }

  /// Inputs of the tower, at least one.
  public List<ProcessedImage> views() {
    return processed().views();
  }

  /// The only input of a tower that sees pictures once.
  ///
  /// @throws LynceusException BAD_CHECKPOINT if the processor cuts the picture
  public ProcessedImage onlyView() {
    if (views().size() != 1) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "preprocessor_config.json cuts %s into %d views, this model takes one"
              .formatted(name, views().size()),
          "Use the preprocessor_config.json that belongs to this checkpoint.");
    }
    return views().getFirst();
  }

  /// How the views lie in the picture.
  public ViewLayout layout() {
    return processed().layout();
  }

  private synchronized ProcessedPicture processed() {
    if (processed == null) {
      if (processor == null) {
        throw new IllegalStateException("a picture is processed or has what processes it");
      }
      processed = processor.process(original(), place);
    }
    return processed;
  }
}
