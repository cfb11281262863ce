package dev.lynceus.lab.procedure;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.experiment.MapRow;
import dev.lynceus.lab.experiment.Outcome;
import dev.lynceus.lab.experiment.Procedure;
import dev.lynceus.lab.experiment.UnitRow;
import dev.lynceus.lab.strategy.AnswerJudge;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.Target;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.score.Comparer;
import dev.lynceus.method.score.Comparison;
import dev.lynceus.method.score.Truth;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Maps of the word of the answer that the picture raised most, by several methods, each judged by
/// what happens when patches go in its order, and by the regions of the data set where it has any.
final class Maps implements Procedure.Step {
  private final Template template;
  private static final String USUAL = "seeing-heads,top-heads,average-attention,random";

  /// Where pictures are read by cross-attention, of which the usual ones see nothing.
  private static final String USUAL_OF_READING = "occlusion,relevancy,random";

  private final String methods;
  private final int steps;
  private final int view;
  private final int tokens;

  Maps(Settings read) {
    template = new Template(read.text("prompt", "{question}"));
    methods = read.text("methods", USUAL);
    PatchMethod.named(methods);
    steps = read.whole("steps", 8, 0, 1024);
    view = read.whole("view", 0, 0, 4096);
    tokens = read.whole("tokens", 32, 1, 4096);
  }

  @Override
  public Outcome apply(LoadedModel model, Example example, long seed) {
    Asked asked = Asked.of(model, example, template, example.choices());
    KeyWord word = KeyWord.find(model, asked.prompt(), new TargetSpec.OwnAnswer(), tokens);
    List<TokenMap.View> views = PatchViews.of(model, word.prompt(), "to map");
    if (view >= views.size()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%s has no view %d among %d".formatted(example.origin(), view, views.size()),
          "Use the setting view with 0 to " + (views.size() - 1) + ".");
    }
    TokenMap.View seen = views.get(view);
    Comparison compared =
        new Comparer(
                model,
                PatchMethod.on(model.model(), PatchMethod.named(chosen(model))),
                new Comparer.Settings(steps, 0, 0, seed),
                Progress.NONE)
            .compare(word, view, truth(example, seen.image()));
    Target.Aim aim = word.target().aims().getFirst();
    int step = aim.row() - (asked.prompt().length() - 1);
    List<MapRow> maps = new ArrayList<>();
    List<UnitRow> units = new ArrayList<>();
    UnitRow.At at = asked.at(seed);
    for (Comparison.Judged one : compared.methods()) {
      maps.add(row(at, one, new Word(step, aim.id(), compared), seen));
      one.curves()
          .ifPresent(curves -> {
            units.add(UnitRow.named(at, "map", one.method(), "deletion", curves.deletionArea()));
            units.add(UnitRow.named(at, "map", one.method(), "insertion", curves.insertionArea()));
          });
      one.truth()
          .ifPresent(pointing -> {
            units.add(UnitRow.named(at, "map", one.method(), "hit", pointing.hit()));
            units.add(UnitRow.named(at, "map", one.method(), "precision", pointing.precision()));
            units.add(UnitRow.named(at, "map", one.method(), "iou", pointing.iou()));
            units.add(UnitRow.named(at, "map", one.method(), "energy", pointing.energy()));
            units.add(UnitRow.named(at, "map", one.method(), "chance", pointing.chance()));
          });
    }
    Boolean correct =
        example.answers().isEmpty()
            ? null
            : AnswerJudge.AUTO.score(word.answer(), example.answers()) >= .5;
    return new Outcome(
        asked.row(seed, word.answer(), new int[] {aim.id()}, correct, null),
        units,
        maps,
        List.of());
  }

  private String chosen(LoadedModel model) {
    boolean reads = Inputs.seesByReading(model.model());
    return reads && methods.equals(USUAL) ? USUAL_OF_READING : methods;
  }

  private record Word(int step, int token, Comparison compared) {}

  private MapRow row(UnitRow.At at, Comparison.Judged one, Word word, TokenMap.View seen) {
    TokenMap.Tile tile = seen.tile();
    double[] map = one.map();
    return new MapRow(
        at.example(),
        at.seed(),
        one.method(),
        word.step(),
        word.token(),
        word.compared().word(),
        word.compared().word(),
        Math.log(word.compared().probability()),
        seen.image(),
        view,
        tile.rows(),
        tile.columns(),
        tile.left(),
        tile.top(),
        tile.left() + tile.seenWidth(),
        tile.top() + tile.seenHeight(),
        Arrays.stream(map).boxed().toList(),
        Arrays.stream(map).sum(),
        Arrays.stream(map).max().orElse(0),
        one.truth().map(pointing -> finite(pointing.precision())).orElse(null));
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static Truth truth(Example example, int image) {
    return new Truth(
        example.regions().stream()
            .filter(region -> region.image() == image)
            .map(region ->
                new ImageRegion(
                    region.x0(), region.y0(), region.x1() - region.x0(), region.y1() - region.y0()))
            .toList(),
        List.of());
  }
}
