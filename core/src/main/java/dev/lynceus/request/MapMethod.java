package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.causal.Ablation;
import dev.lynceus.method.causal.ActivationPatching;
import dev.lynceus.method.causal.AttentionKnockout;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.CausalTracing;
import dev.lynceus.method.causal.Conclusion;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Occlusion;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.method.causal.RegionOcclusion;
import dev.lynceus.method.causal.Regions;
import dev.lynceus.model.Picture;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Stack;
import java.util.List;
import java.util.Optional;

/// What each request does that measures every cell of a grid.
///
/// @param sweeping what it is part of
record MapMethod(Sweeping<CausalMap> sweeping, Change<CausalMap> request)
    implements ChangeMethod<CausalMap> {

  @Override
  public String conclusion(CausalMap map, String word) {
    return Conclusion.of(map, word);
  }

  @Override
  public Capture capture(LoadedModel model) {
    return switch (request) {
      case TraceRequest trace ->
          patchings(trace, model).stream()
              .map(one -> one.capture(model))
              .reduce(Capture.NONE, Capture::and);
      case PatchRequest patch -> patch.site().patching().capture(model);
      case PathsRequest paths -> new PathMethod(sweeping, paths).capture(model);
      case KnockoutRequest _, OccludeRequest _, AblateRequest _ -> Sweep.base(model);
    };
  }

  @Override
  public List<CausalMap> explain(Run clean, Readout readout, Job job) {
    return switch (request) {
      case TraceRequest trace -> trace(trace, clean, readout, job);
      case PatchRequest patch -> {
        try (Run source = sweeping.other(this, patch.other())) {
          yield List.of(patch.site().patching().explain(clean, source, readout, job));
        }
      }
      case PathsRequest paths -> new PathMethod(sweeping, paths).explain(clean, readout, job);
      case KnockoutRequest knockout -> {
        List<AttentionKnockout.Edge> blocked =
            knockout.edges().isEmpty() ? AttentionKnockout.ways(clean) : knockout.edges();
        yield new AttentionKnockout(blocked, knockout.window(), knockout.heads())
            .beside(clean, readout, job, knockout.draws(), knockout.seed());
      }
      case OccludeRequest occlude -> occluded(occlude, clean, readout, job);
      case AblateRequest ablate ->
          List.of(
              new Ablation(ablate.site(), ablate.fill(), ablate.positions(), ablate.stack().stack())
                  .explain(clean, readout, job));
    };
  }

  private List<CausalMap> trace(TraceRequest trace, Run clean, Readout readout, Job job) {
    Corrupted corruption = trace.corruption();
    return new Corrupting(sweeping, this, corruption)
        .with(
            clean,
            (corrupt, where) ->
                CausalTracing.all(
                    patchings(trace, clean.model()).stream()
                        .map(patching ->
                            new CausalTracing(
                                corrupt,
                                where,
                                patching,
                                corruption.direction(),
                                trace.repeats(),
                                corruption.seed()))
                        .toList(),
                    clean,
                    readout,
                    job));
  }

  private static List<ActivationPatching> patchings(TraceRequest trace, LoadedModel model) {
    boolean encodes = model.model().textEncoder().isPresent();
    ActivationPatching decoder = trace.site().patching();
    ActivationPatching encoder = decoder.in(Stack.ENCODER);
    Optional<TraceRequest.Where> which = trace.stack();
    if (which.isEmpty()) {
      return encodes ? List.of(encoder, decoder) : List.of(decoder);
    }
    return switch (which.get()) {
      case DECODER -> List.of(decoder);
      case ENCODER -> {
        if (!encodes) {
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "no encoder reads the question in " + model.name(),
              "Leave out --stack.");
        }
        yield List.of(encoder);
      }
    };
  }

  private List<CausalMap> occluded(OccludeRequest occlude, Run clean, Readout readout, Job job) {
    return switch (occlude.parts()) {
      case OccludeRequest.Squares(int side) ->
          new Occlusion(occlude.space(), occlude.fill(), side).explain(clean, readout, job);
      case OccludeRequest.Superpixels(int count) ->
          regions(occlude, Regions.superpixels(clean, 0, count), clean, readout, job);
      case OccludeRequest.Masks(List<PictureRef> masks, int rings, int of) ->
          regions(
              occlude,
              Regions.masks(
                  clean,
                  of,
                  masks.stream().map(PictureRef::label).toList(),
                  masks.stream().map(sweeping.task().from()::read).toList(),
                  rings),
              clean,
              readout,
              job);
    };
  }

  private List<CausalMap> regions(
      OccludeRequest occlude, Regions regions, Run clean, Readout readout, Job job) {
    Picture first = clean.batch().pictures().getFirst();
    sweeping
        .running()
        .aside()
        .accept(
            new HiddenRegions(
                regions,
                first.views().size() == 1
                    ? Optional.of(first.views().getFirst().seen())
                    : Optional.empty()));
    return List.of(
        new RegionOcclusion(occlude.space(), occlude.fill()).explain(clean, regions, readout, job));
  }
}
