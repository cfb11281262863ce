package dev.lynceus.request;

/// A request that changes the model while it runs: a clean run, a sweep of changed ones, maps.
///
/// @param <M> what a map is
public sealed interface Change<M> extends Request<Changed<M>>
    permits AblateRequest,
        AttributeRequest,
        KnockoutRequest,
        OccludeRequest,
        PatchRequest,
        PathsRequest,
        RegionRequest,
        SilenceRequest,
        SteerRequest,
        TraceRequest {

  /// What is measured of every run.
  Measure measure();
}
