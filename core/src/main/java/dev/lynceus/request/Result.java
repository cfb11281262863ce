package dev.lynceus.request;

import dev.lynceus.method.Finding;
import dev.lynceus.method.Provenance;
import dev.lynceus.run.Cost;
import java.util.Optional;

/// What came of a request.
///
/// @param provenance what computed it, and when
/// @param request what was asked
/// @param cost of its sweep as it was told before it began; empty where there was none
/// @param value what was found
/// @param <V> what the request asks for
public record Result<V extends Finding>(
    Provenance provenance, Request<V> request, Optional<Cost> cost, V value) {}
