package dev.lynceus.request;

import dev.lynceus.method.Finding;

/// What is asked of a model: one record for each thing that can be asked, with all its settings. A
/// request is plain data; it becomes JSON and is read again ([RequestJson]), and is run by [Task].
///
/// ```java
/// ExplainRequest request =
///     Requests.of(ExplainRequest.class, Question.about("What is the color of the car?", "car.png"));
/// try (LoadedModel model = LoadedModel.load("pupil", LoadOptions.DEFAULT)) {
///   Result<Finding> result = Task.of(model, request, Pictures.files()).run(Running.QUIET);
/// }
/// ```
///
/// @param <V> what comes of it
public sealed interface Request<V extends Finding>
    permits AskRequest,
        AttentionRequest,
        CausesRequest,
        Change,
        CompareRequest,
        EvidenceRequest,
        ExplainRequest,
        LensRequest,
        LooksRequest,
        NeuronsRequest,
        QueriesRequest,
        ReadRequest,
        RelevancyRequest,
        StrategyRequest,
        ZonesRequest {

  /// Which model is asked.
  ModelSpec model();

  /// What it is asked.
  Question question();
}
