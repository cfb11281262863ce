package dev.lynceus.lab.measure;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Flow;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.run.Batch;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Pictures of scenes, encoded once and then asked about any number of times: the tower is most of
/// the cost of a short question.
final class Pictures implements AutoCloseable {
  private final LoadedModel model;
  private final VisionLanguageModel eyes;
  private final List<Picture> pictures;
  private final Tensor visual;

  Pictures(LoadedModel model, List<Scene> scenes) {
    this.model = model;
    if (!(model.model() instanceof VisionLanguageModel seeing)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          model.name() + " takes text only, and this measures answers about pictures",
          "Choose a vision-language model.");
    }
    this.eyes = seeing;
    List<Picture> made = new ArrayList<>();
    for (int i = 0; i < scenes.size(); i++) {
      made.add(model.picture("scene " + i, scenes.get(i).image()));
    }
    this.pictures = List.copyOf(made);
    try (Scope scope = Scope.open()) {
      this.visual =
          eyes.visualTokens(pictures, model.computeType(), Flow.fresh(), Tap.idle()).copy().own();
    }
  }

  LoadedModel model() {
    return model;
  }

  Picture get(int number) {
    return pictures.get(number);
  }

  int count() {
    return pictures.size();
  }

  /// Visual tokens of each picture.
  int tokens() {
    return (int) (visual.size(0) / pictures.size());
  }

  /// Sum of all visual tokens, `[width]`.
  double[] sum() {
    try (Scope scope = Scope.open()) {
      return visual.sum(0).toDoubles();
    }
  }

  /// One pass over prompts of one length.
  ///
  /// @param of number of the picture that each prompt asks about
  Run run(List<Prompt> prompts, int[] of, Capture capture, List<Intervention> changes) {
    try (Scope scope = Scope.open()) {
      return run(prompts, merged(prompts, of), capture, changes);
    }
  }

  /// One pass over prompts of one length with a given input of the first layer.
  ///
  /// @param merged `[prompts, pos, width]`
  Run run(List<Prompt> prompts, Tensor merged, Capture capture, List<Intervention> changes) {
    // Without its pictures a prompt has the same positions, and the tower does not run.
    List<Prompt> bare =
        prompts.stream()
            .map(p -> new Prompt(p.question(), p.text(), p.tokens(), List.of()))
            .toList();
    List<Intervention> all = new ArrayList<>();
    all.add(Intervention.at(Point.EMBED_MERGED, 0, new Op.Set(Values.of(merged))));
    all.addAll(changes);
    return model.run(Batch.of(bare, Batch.Padding.LEFT, 0), capture, all);
  }

  /// The input of the first layer for prompts of one length, `[prompts, pos, width]`.
  Tensor merged(List<Prompt> prompts, int[] of) {
    int length = prompts.getFirst().length();
    long[] ids = new long[prompts.size() * length];
    long[] marks = new long[ids.length];
    int[] rows = new int[prompts.size() * tokens()];
    for (int row = 0; row < prompts.size(); row++) {
      List<TokenMap.Spot> spots = prompts.get(row).tokens().spots();
      for (int p = 0; p < length; p++) {
        boolean image = spots.get(p).role() == TokenMap.Role.IMAGE;
        ids[row * length + p] = spots.get(p).id();
        marks[row * length + p] = image ? eyes.imageToken() : eyes.imageToken() + 1L;
      }
      for (int token = 0; token < tokens(); token++) {
        rows[row * tokens() + token] = of[row] * tokens() + token;
      }
    }
    long[] shape = {prompts.size(), length};
    Tensor embedded = eyes.decoder().embed(Tensor.of(ids, shape), model.computeType(), Tap.idle());
    return eyes.merge(
        embedded, Tensor.of(marks, shape), visual.indexSelect(0, Tensor.indices(rows)));
  }

  @Override
  public void close() {
    visual.close();
  }
}
