package dev.lynceus.method;

import dev.lynceus.model.Picture;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import java.util.List;

/// Asks a model and explains its answer: the whole of `explain`, from a question to an
/// [Explanation]. What is explained is kept while the model answers, so that there is one pass over
/// the prompt, and one over each token of the answer, for everything.
public final class Explainer {
  private final LoadedModel model;
  private final ExplainOptions options;
  private final Progress progress;

  /// @param progress told of every step, and asked after every pass whether to go on
  public Explainer(LoadedModel model, ExplainOptions options, Progress progress) {
    this.model = model;
    this.options = options;
    this.progress = progress;
  }

  /// Explains the answer to a question about some pictures.
  ///
  /// @throws dev.lynceus.error.LynceusException CANCELLED, within a pass
  public Explanation explain(String question, Picture... pictures) {
    return explain(model.prompt(question, List.of(pictures), options.start()));
  }

  /// Explains what the model answers to a prompt.
  ///
  /// @throws dev.lynceus.error.LynceusException CANCELLED, within a pass
  public Explanation explain(Prompt prompt) {
    return new Explaining(model, options, new Laps(progress), prompt).explanation();
  }
}
