package dev.lynceus.request;

import dev.lynceus.method.Blind;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.PatchViews;
import dev.lynceus.run.Altered;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.List;

/// Answers a question.
record Asking(Task<?> task, AskRequest request, Running running) {

  Answered answered() {
    LoadedModel model = task.model();
    GenerationOptions options =
        request
            .choice()
            .options(model.settings(), task.prompt().length(), request.maxTokens(), request.stop());
    List<Double> blind = new ArrayList<>();
    try (Generation generation = request.weigh() ? weighed(options, blind) : plain(options)) {
      if (request.choice() instanceof Choice.Greedy) {
        model.overruled(generation.answer()).forEach(running.notes());
      }
      return Answered.of(model, task.prompt(), generation.answer(), blind, request.choice());
    }
  }

  private Generation plain(GenerationOptions options) {
    return task.model()
        .generate(
            Batch.of(task.prompt()), options, Capture.NONE, List.of(), running.words()::accept);
  }

  /// @param blind takes what each token is without the pictures
  private Generation weighed(GenerationOptions options, List<Double> blind) {
    LoadedModel model = task.model();
    TokenMap seen = Inputs.seen(model.model(), task.prompt()).orElse(task.prompt().tokens());
    if (seen.positions(TokenMap.Role.IMAGE).length == 0) {
      throw PatchViews.noPicture(model.model(), "to weigh an answer without");
    }
    StringBuilder added = new StringBuilder();
    return model.generate(
        task.prompt(),
        options,
        text -> {
          added.append(text);
          running.words().accept(text);
        },
        new Altered(
            Blind.hide(model.model(), task.prompt()),
            (id, logProbability, altered) -> {
              blind.add(altered);
              running.aside().accept(new WeighedText(added.toString(), logProbability, altered));
              added.setLength(0);
            }));
  }
}
