package dev.lynceus.lab.train;

import dev.lynceus.image.ImageProcessor;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.RgbImage;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.List;

/// The tower's input: what the image processor of the model makes of pictures of the world.
///
/// @param processor of the settings that the checkpoint is written with
record Pixels(ImageProcessor processor) {

  /// Pixels of some scenes, `[scenes, 3, size, size]`.
  Tensor of(List<Scene> scenes) {
    return ofImages(scenes.stream().map(Scene::image).toList());
  }

  /// Pixels of some pictures of any size, `[pictures, 3, size, size]`.
  Tensor ofImages(List<RgbImage> images) {
    return Torch.stack(images.stream().map(image -> tensor(image)).toList(), 0);
  }

  private Tensor tensor(RgbImage image) {
    ProcessedImage view = processor.views(image).getFirst();
    return Tensor.of(view.pixels(), view.channels(), view.height(), view.width());
  }
}
