package dev.lynceus.bench;

import dev.lynceus.image.Extent;
import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Picture;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import java.util.SplittableRandom;

/// A loaded model with the prompt that is measured: a random picture and words up to the length of
/// the shape.
///
/// @param prompt of as many positions as the shape says, or a short question
record Subject(Shape shape, LoadedModel model, Prompt prompt) implements AutoCloseable {
  private static final String QUESTION = "What is the color of the dog?";

  /// Loads a checkpoint and makes the prompt.
  static Subject open(Shape shape, java.nio.file.Path folder, LoadOptions load) {
    LoadedModel model = LoadedModel.load(folder, load);
    return new Subject(shape, model, prompt(shape, model));
  }

  private static Prompt prompt(Shape shape, LoadedModel model) {
    Picture picture = model.picture("random", image(shape.picture()));
    if (shape.positions() == 0) {
      return model.prompt(QUESTION, picture);
    }
    StringBuilder words = new StringBuilder();
    int next = 0;
    Prompt prompt = model.raw("USER: <image> " + words + "? ASSISTANT:", picture);
    while (prompt.length() < shape.positions()) {
      for (int missing = shape.positions() - prompt.length(); missing > 0; missing--) {
        words.append('w').append(100 + 7 * next++ % 400).append(' ');
      }
      prompt = model.raw("USER: <image> " + words + "? ASSISTANT:", picture);
    }
    return prompt;
  }

  private static RgbImage image(Extent size) {
    byte[] samples = new byte[3 * size.width() * size.height()];
    new SplittableRandom(7).nextBytes(samples);
    return RgbImage.of(size.width(), size.height(), samples);
  }

  @Override
  public void close() {
    model.close();
  }
}
