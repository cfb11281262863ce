package dev.lynceus.request;

import dev.lynceus.method.Finding;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.query.QueryControl;
import dev.lynceus.method.query.QueryDetail;
import dev.lynceus.method.query.QueryReading;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;

/// What the queries of a Q-Former look at, and what a word of the answer loses without them.
///
/// @param answer what the model says
/// @param word of it that is measured
public record ReadQueries(
    String answer, String word, QueryReading queries, QueryDetail detail, QueryControl control)
    implements Finding {

  static ReadQueries of(Task<?> task, QueriesRequest request, Running running) {
    LoadedModel model = task.model();
    var capture = QueryDetail.capture(model);
    KeyWord found =
        KeyWord.find(
            model,
            task.prompt(),
            request.target(),
            request.maxTokens().orElseGet(() -> Explained.usual(model, task.prompt().length())));
    try (Run run = model.run(found.prompt(), capture)) {
      int id = found.target().aims().getFirst().id();
      Job job = Job.told(running.progress());
      QueryReading reading = QueryReading.of(run, id, job);
      return new ReadQueries(
          found.answer(),
          found.target().text(),
          reading,
          QueryDetail.of(run, reading, reading.byWorth().getFirst()),
          QueryControl.of(
              run, id, reading, new QueryControl.Options(request.draws(), request.seed()), job));
    }
  }
}
