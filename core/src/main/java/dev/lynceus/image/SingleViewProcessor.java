package dev.lynceus.image;

import java.util.List;

/// The processor of CLIP, SigLIP and LLaVA: one view of the picture.
///
/// Steps: pad to a square with the mean colour (LLaVA with `do_pad`), resize, centre crop, rescale,
/// normalise. Source: CLIPImageProcessor, SiglipImageProcessor and LlavaImageProcessor of
/// transformers 5.18.
public final class SingleViewProcessor implements ImageProcessor {
  private final ImageProcessorSettings settings;
  private final PixelNormaliser normaliser;

  SingleViewProcessor(ImageProcessorSettings settings) {
    this.settings = settings;
    this.normaliser = new PixelNormaliser(settings);
  }

  @Override
  public ImageProcessorSettings settings() {
    return settings;
  }

  @Override
  public List<ProcessedImage> views(RgbImage image) {
    return List.of(process(image));
  }

  /// The view of `image`.
  ///
  /// @throws dev.lynceus.error.LynceusException `BAD_IMAGE` if the picture is too elongated
  public ProcessedImage process(RgbImage image) {
    Frame frame = Frame.whole(image);
    if (settings.doPad() && settings.type() == ImageProcessorType.LLAVA) {
      frame = frame.paddedToSquare(background(0), background(1), background(2));
    }
    if (settings.doResize()) {
      frame = frame.resized(settings.size(), settings.resample());
    }
    if (settings.doCenterCrop()) {
      frame = frame.centreCropped(settings.cropSize());
    }
    return ProcessedImage.of(frame, normaliser);
  }

  private int background(int channel) {
    return (int) (settings.imageMean().get(channel) * 255);
  }
}
