package dev.lynceus.request;

import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Conclusion;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.PathPatching;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import java.util.List;

/// Path patching.
record PathMethod(Sweeping<?> sweeping, PathsRequest request) implements ChangeMethod<CausalMap> {

  private PathPatching method() {
    return new PathPatching(
        request.positions(),
        request.receivers().stream()
            .map(head -> new PathPatching.Receiver(head.layer(), head.head()))
            .toList(),
        request.input(),
        request.networks());
  }

  @Override
  public Capture capture(LoadedModel model) {
    return method().capture(model);
  }

  @Override
  public List<CausalMap> explain(Run clean, Readout readout, Job job) {
    PathPatching method = method();
    return new Corrupting(sweeping, this, request.corruption())
        .twins(
            clean,
            method.capture(clean.model()),
            (into, from) -> List.of(method.explain(into, from, readout, job)));
  }

  @Override
  public String conclusion(CausalMap map, String word) {
    return Conclusion.of(map, word);
  }
}
