package dev.lynceus.image;

import java.util.List;

/// The processor of CLIP, SigLIP, BLIP, ViT and LLaVA: one view of the picture.
///
/// Steps: pad to a square with the mean colour (LLaVA with `do_pad`), resize, centre crop, rescale,
/// normalise. Source: CLIPImageProcessor, SiglipImageProcessor, BlipImageProcessor,
/// ViTImageProcessor and LlavaImageProcessor of transformers 5.18.
public final class SingleViewProcessor implements ImageProcessor {
  private final ImageProcessorSettings settings;
  private final Finish finish;

  SingleViewProcessor(ImageProcessorSettings settings) {
    this.settings = settings;
    this.finish = Finish.of(settings);
  }

  @Override
  public ImageProcessorSettings settings() {
    return settings;
  }

  @Override
  public ViewLayout layout(Extent picture, InPrompt place) {
    return new ViewLayout.Whole();
  }

  @Override
  public ProcessedPicture process(RgbImage image, InPrompt place) {
    Frame frame = Frame.whole(image);
    if (settings.padsToSquare()) {
      frame = frame.paddedToSquare(settings.normalisation().mean());
    }
    return new ProcessedPicture(List.of(finish.of(frame)), new ViewLayout.Whole());
  }
}
