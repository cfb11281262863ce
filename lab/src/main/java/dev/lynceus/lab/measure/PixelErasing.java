package dev.lynceus.lab.measure;

import dev.lynceus.image.RgbImage;
import dev.lynceus.method.score.Pointing;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// Takes patches away in the picture itself, in the order of a map: their pixels become the mean
/// colour of the picture, and the tower sees the rest. What a visual token knows of its neighbours
/// goes with the pixels, which blanking tokens leaves.
record PixelErasing(LoadedModel model, Scene scene) {

  /// Area under the curve of the word's probability while patches are taken away, the best first.
  double deletion(Prompt prompt, TokenMap.View view, double[] map, int word) {
    List<Integer> best = Pointing.order(map);
    List<Scene> pictures = new ArrayList<>();
    for (double step : Erasing.STEPS) {
      pictures.add(without(best.subList(0, (int) Math.round(step * map.length)), view.tile()));
    }
    double[] curve;
    try (Pictures seen = new Pictures(model, pictures);
        Scope scope = Scope.open();
        Run run =
            seen.run(
                Collections.nCopies(pictures.size(), prompt),
                IntStream.range(0, pictures.size()).toArray(),
                Capture.NONE,
                List.of())) {
      curve = Torch.softmax(run.logits().to(DType.FLOAT64), 1).select(1, word).toDoubles();
    }
    return Erasing.areas(curve, curve).deletion();
  }

  private Scene without(List<Integer> patches, TokenMap.Tile tile) {
    RgbImage image = scene.image();
    byte[] samples = image.toBytes();
    int[] mean = mean(samples);
    for (int patch : patches) {
      double[] at = tile.pixels(patch / tile.columns(), patch % tile.columns());
      for (int y = (int) Math.round(at[1]); y < Math.round(at[1] + at[3]); y++) {
        for (int x = (int) Math.round(at[0]); x < Math.round(at[0] + at[2]); x++) {
          for (int c = 0; c < 3; c++) {
            samples[3 * (y * image.width() + x) + c] = (byte) mean[c];
          }
        }
      }
    }
    return new Scene(
        RgbImage.of(image.width(), image.height(), samples), scene.items(), scene.background());
  }

  private static int[] mean(byte[] samples) {
    long[] sum = new long[3];
    for (int i = 0; i < samples.length; i++) {
      sum[i % 3] += samples[i] & 0xff;
    }
    return IntStream.range(0, 3).map(c -> (int) (sum[c] * 3 / samples.length)).toArray();
  }
}
