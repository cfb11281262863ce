package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.reader.AnswerWord;
import dev.lynceus.method.score.Comparer;
import dev.lynceus.method.score.Comparison;
import dev.lynceus.method.score.Truth;
import dev.lynceus.run.LoadedModel;
import java.util.List;

/// Compares methods on a word.
record Comparing(Task<?> task, CompareRequest request, Running running) {

  Comparison comparison() {
    LoadedModel model = task.model();
    Comparer comparer =
        new Comparer(
            model,
            PatchMethod.on(model.model(), CompareRequest.chosen(request.methods())),
            new Comparer.Settings(
                request.steps(), request.noises(), request.noise(), request.seed()),
            running.progress());
    int patches =
        PatchViews.of(model, task.prompt(), "to map").stream()
            .mapToInt(view -> view.tile().patches())
            .max()
            .orElse(0);
    KeyWord word =
        AnswerWord.find(
            model,
            task.prompt(),
            request.target(),
            request.maxTokens().orElseGet(() -> Explained.usual(model, task.prompt().length())));
    running.notes().accept("about %d passes".formatted(comparer.passes(patches)));
    return comparer.compare(word, request.view(), truth()).ranked();
  }

  private Truth truth() {
    if (request.box().isEmpty()) {
      return Truth.NONE;
    }
    if (task.pictures().isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "there is no picture for a box to lie in", "Leave out the box.");
    }
    List<Integer> box = request.box();
    RgbImage picture = task.pictures().getFirst().original();
    if (box.get(0) >= box.get(2)
        || box.get(1) >= box.get(3)
        || box.get(2) > picture.width()
        || box.get(3) > picture.height()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the box %s is none within the picture of %d x %d pixels"
              .formatted(box, picture.width(), picture.height()),
          "Give left, top, right and bottom in pixels of the picture as it is stored, upright.");
    }
    return Truth.box(
        new ImageRegion(box.get(0), box.get(1), box.get(2) - box.get(0), box.get(3) - box.get(1)));
  }
}
