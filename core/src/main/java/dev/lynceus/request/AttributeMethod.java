package dev.lynceus.request;

import dev.lynceus.method.causal.AttributionMap;
import dev.lynceus.method.causal.AttributionPatching;
import dev.lynceus.method.causal.Component;
import dev.lynceus.method.causal.Conclusion;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import java.util.List;

/// Attribution patching.
record AttributeMethod(Sweeping<AttributionMap> sweeping, AttributeRequest request)
    implements ChangeMethod<AttributionMap> {

  private AttributionPatching method() {
    String everywhere = request.site() == Component.NEURON ? "last" : "all";
    return new AttributionPatching(
        request.site(),
        request.positions().isEmpty() ? everywhere : request.positions(),
        request.estimate(),
        request.retest(),
        request.sample(),
        request.corruption().seed());
  }

  @Override
  public Capture capture(LoadedModel model) {
    return method().capture(model);
  }

  @Override
  public List<AttributionMap> explain(Run clean, Readout readout, Job job) {
    AttributionPatching method = method();
    return new Corrupting(sweeping, this, request.corruption())
        .twins(
            clean,
            method.capture(clean.model()),
            (into, from) -> List.of(method.explain(into, from, readout, request.metric(), job)));
  }

  @Override
  public String conclusion(AttributionMap map, String word) {
    return Conclusion.of(map, word);
  }
}
