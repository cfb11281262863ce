package dev.lynceus.request;

import dev.lynceus.method.causal.Conclusion;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.method.causal.Silencing;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import java.util.List;

/// Silencing heads together.
record SilenceMethod(Sweeping<Silencing.Result> sweeping, SilenceRequest request)
    implements ChangeMethod<Silencing.Result> {
  /// Most tokens of each of the many answers.
  private static final int SHORT = 16;

  @Override
  public Capture capture(LoadedModel model) {
    return Sweep.base(model);
  }

  @Override
  public List<Silencing.Result> explain(Run clean, Readout readout, Job job) {
    Prompt asked = sweeping.task().prompt();
    int most =
        request
            .maxTokens()
            .orElseGet(
                () -> Math.min(SHORT, clean.model().settings().limit(SHORT, asked.length())));
    return List.of(
        new Silencing(
                request.stack().stack(), request.heads(), request.draws(), request.seed(), most)
            .explain(clean, asked, readout, job));
  }

  @Override
  public String conclusion(Silencing.Result found, String word) {
    return Conclusion.of(found, word);
  }
}
