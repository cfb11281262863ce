package dev.lynceus.method;

import dev.lynceus.model.Picture;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;

/// Asks a model and explains its answer: the whole of `explain`, from a question to an [Explanation].
public final class Explainer {
  private final LoadedModel model;
  private final ExplainOptions options;
  private final Progress progress;

  public Explainer(LoadedModel model, ExplainOptions options, Progress progress) {
    this.model = model;
    this.options = options;
    this.progress = progress;
  }

  /// Explains the answer to a question about some pictures.
  public Explanation explain(String question, Picture... pictures) {
    return explain(model.prompt(question, java.util.List.of(pictures), options.start()));
  }

  /// Explains what the model answers to a prompt.
  public Explanation explain(Prompt prompt) {
    throw new UnsupportedOperationException("under construction: " + prompt.length() + options + progress);
  }
}
