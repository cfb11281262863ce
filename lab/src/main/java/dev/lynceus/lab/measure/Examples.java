package dev.lynceus.lab.measure;

import dev.lynceus.method.Target;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.report.MapPicture;
import dev.lynceus.report.StaticPage.Gallery;
import dev.lynceus.report.StaticPage.Section;
import dev.lynceus.report.StaticPage.Shot;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A few scenes to look at: two things of each are asked about, and the map of the best heads shows
/// whether the model looks elsewhere when the question does.
final class Examples {
  private static final String METHOD = "top-heads";

  private Examples() {}

  /// Explains the colour of two things of a scene.
  static List<FindingsReport.Example> of(LoadedModel model, Twin twin) {
    List<FindingsReport.Example> examples = new ArrayList<>();
    try (Pictures pictures = new Pictures(model, List.of(twin.scene()))) {
      for (int thing : new int[] {twin.asked(), twin.other()}) {
        examples.add(example(pictures, twin, thing));
      }
    }
    return examples;
  }

  private static FindingsReport.Example example(Pictures pictures, Twin twin, int thing) {
    LoadedModel model = pictures.model();
    PatchMethod method = PatchMethod.named(METHOD).getFirst();
    Exchange exchange = Exchange.about(pictures, 0, twin.question(thing));
    Prompt prompt = exchange.untilKey();
    TokenMap.View view = prompt.tokens().views().getFirst();
    int row = prompt.length() - 1;
    try (Scope scope = Scope.open();
        Run run =
            pictures.run(
                List.of(prompt),
                pictures.merged(List.of(prompt), new int[] {0}),
                method.capture(model, row),
                List.of())) {
      Target target = Target.token("", row, exchange.key());
      return new FindingsReport.Example(
          twin.number(),
          twin.question(thing).text(),
          twin.scene().items().get(thing).colour().word(),
          view.tile().rows(),
          view.tile().columns(),
          method.map(run, target, view, new SplittableRandom(0)).values());
    }
  }

  /// The scenes with the maps over them.
  static Section section(FindingsReport report) {
    Exam exam = Twin.exam(report.seed());
    List<Shot> shots = new ArrayList<>();
    for (FindingsReport.Example example : report.examples()) {
      BufferedImage picture = exam.scene(example.scene()).image().toBufferedImage();
      shots.add(
          new Shot(
              example.question(),
              example.answer(),
              MapPicture.over(picture, example.map(), example.rows(), example.columns())));
    }
    return new Section(
        "What it looks like",
        "The first scenes that were answered right, two questions to each. The map is the log increase of every patch"
            + " through the six best heads: it moves with the question.",
        List.of(new Gallery(shots)),
        "");
  }
}
