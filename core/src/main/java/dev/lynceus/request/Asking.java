package dev.lynceus.request;

import dev.lynceus.run.Batch;
import dev.lynceus.run.Generation;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tap.Capture;
import java.util.List;

/// Answers a question.
record Asking(Task<?> task, AskRequest request, Running running) {

  Answered answered() {
    LoadedModel model = task.model();
    try (Generation generation =
        model.generate(
            Batch.of(task.prompt()),
            request
                .choice()
                .options(
                    model.settings(), task.prompt().length(), request.maxTokens(), request.stop()),
            Capture.NONE,
            List.of(),
            running.words()::accept)) {
      if (request.choice() instanceof Choice.Greedy) {
        model.overruled(generation.answer()).forEach(running.notes());
      }
      return Answered.of(model, task.prompt(), generation.answer(), request.choice());
    }
  }
}
