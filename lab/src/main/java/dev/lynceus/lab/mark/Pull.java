package dev.lynceus.lab.mark;

import dev.lynceus.lab.picture.Mask;
import dev.lynceus.method.Inputs;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import java.util.List;

/// How much of the attention to a picture goes into a region: that of the position that predicts
/// the first word of the answer, mean over heads, as a share of what goes to all patches. A patch
/// counts by the part of it that the region covers.
public final class Pull {
  private Pull() {}

  /// Whether a model has patches among the words that its decoder looks at.
  static boolean known(LoadedModel model, Prompt prompt) {
    return !prompt.tokens().views().isEmpty()
        && !(model.model() instanceof VisionLanguageModel eyes && eyes.reading().isPresent());
  }

  /// What a run must keep.
  static Capture capture(Prompt prompt) {
    return Capture.of(
        Capture.request(Point.PATTERN)
            .at(Positions.of(prompt.length() - 1))
            .reduced(Capture.Reducer.MEAN_OVER_HEADS));
  }

  /// Attention of the position that predicts the first word.
  ///
  /// @param rows mean over heads, `[layer][position]`
  /// @param views the patches
  // Plain numbers; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Attention(double[][] rows, List<TokenMap.View> views) {

    /// The share of a region of the first picture, layer by layer.
    double[] into(Mask region) {
      double[] inside = new double[rows.length];
      double[] all = new double[rows.length];
      for (TokenMap.View view : views) {
        double[] covered = covered(view, region);
        for (int patch = 0; patch < covered.length; patch++) {
          for (int layer = 0; layer < rows.length; layer++) {
            double attention = rows[layer][view.positions()[patch]];
            all[layer] += attention;
            inside[layer] += attention * covered[patch];
          }
        }
      }
      for (int layer = 0; layer < rows.length; layer++) {
        inside[layer] = all[layer] == 0 ? Double.NaN : inside[layer] / all[layer];
      }
      return inside;
    }
  }

  /// Reads a run that kept what [#capture] says.
  static Attention of(Run run) {
    int layers = run.model().model().decoder().config().layers();
    double[][] rows = new double[layers][];
    for (int layer = 0; layer < layers; layer++) {
      rows[layer] = run.get(Point.PATTERN, layer).reshape(-1).toDoubles();
    }
    return new Attention(rows, run.tokens().views());
  }

  /// The part of each patch of a view that a region of the first picture covers.
  static double[] covered(TokenMap.View view, Mask region) {
    double[] covered = new double[view.positions().length];
    for (int patch = 0; view.image() == 0 && patch < covered.length; patch++) {
      double[] box =
          view.tile().pixels(patch / view.tile().columns(), patch % view.tile().columns());
      covered[patch] = region.share(box[0], box[1], box[2], box[3]);
    }
    return covered;
  }

  /// The patches of the first picture, and what of it they are.
  static List<TokenMap.View> views(LoadedModel model, Prompt prompt) {
    return Inputs.seen(model.model(), prompt).orElse(prompt.tokens()).views().stream()
        .filter(view -> view.image() == 0)
        .toList();
  }

  /// The view that shows most of the first picture.
  static TokenMap.View widest(List<TokenMap.View> views) {
    return views.stream()
        .max(
            java.util.Comparator.comparingDouble(
                view -> view.tile().seenWidth() * view.tile().seenHeight()))
        .orElseThrow();
  }
}
