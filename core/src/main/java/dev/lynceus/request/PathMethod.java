package dev.lynceus.request;

import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.CausalTracing.Direction;
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
    Corrupted corruption = request.corruption();
    return new Corrupting(sweeping, this, corruption)
        .with(
            clean,
            (corrupt, where) -> {
              try (Run broken =
                  clean
                      .model()
                      .run(
                          clean.batch(),
                          method.capture(clean.model()),
                          corrupt.changes(clean, where, corruption.seed()))) {
                boolean restoring = corruption.direction() == Direction.DENOISING;
                return List.of(
                    method.explain(
                        restoring ? broken : clean, restoring ? clean : broken, readout, job));
              }
            });
  }

  @Override
  public String conclusion(CausalMap map, String word) {
    return Conclusion.of(map, word);
  }
}
