package dev.lynceus.image;

import java.util.List;

/// The processor of Qwen2-VL, Qwen2.5-VL and Qwen3-VL: every picture gets a size of its own, near
/// to its own size and shape, in whole squares of patches ([SizeRule.PixelRange]). The view holds
/// pixels; [PatchGrid#flattened] makes of it the rows of patches that the tower takes. Source:
/// Qwen2VLImageProcessor of transformers 5.18.
public final class PatchImageProcessor implements ImageProcessor {
  private final ImageProcessorSettings settings;
  private final Cutting.Patches patches;
  private final Finish finish;

  PatchImageProcessor(ImageProcessorSettings settings, Cutting.Patches patches) {
    this.settings = settings;
    this.patches = patches;
    this.finish = Finish.of(settings);
  }

  @Override
  public ImageProcessorSettings settings() {
    return settings;
  }

  /// The grid of patches of a picture of this size.
  ///
  /// @throws dev.lynceus.error.LynceusException `BAD_IMAGE` if it is too elongated
  public PatchGrid grid(Extent picture) {
    ImageProcessorSettings.Resizing resizing = settings.resizing();
    Extent resized =
        resizing.on() ? resizing.size().target(picture.height(), picture.width()) : picture;
    return PatchGrid.of(resized, 1, patches);
  }

  @Override
  public ViewLayout layout(Extent picture, InPrompt place) {
    return new ViewLayout.Patched(grid(picture));
  }

  @Override
  public ProcessedPicture process(RgbImage image, InPrompt place) {
    ViewLayout layout = layout(new Extent(image.height(), image.width()), place);
    return new ProcessedPicture(List.of(finish.of(Frame.whole(image))), layout);
  }
}
