package dev.lynceus.request;

import dev.lynceus.method.KeyWord;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.reader.AnswerWord;
import dev.lynceus.method.score.Comparer;
import dev.lynceus.method.score.Comparison;
import dev.lynceus.run.LoadedModel;

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
    return comparer.compare(word, request.view(), Box.in(task.pictures(), request.box())).ranked();
  }
}
