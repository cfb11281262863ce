package dev.lynceus.request;

import dev.lynceus.method.causal.ActivationPatching;
import dev.lynceus.method.causal.Component;
import java.util.Optional;

/// Which states are put in, and where.
///
/// @param state what is put in
/// @param positions where: `all`, `last`, a number, `5:21`, `3,5,8`, or a label
/// @param window layers that are changed together
/// @param sever attention or feed-forward: what it writes at that position in later layers stays
///   that of the changed run; empty = nothing does
public record Site(
    @Setting(otherwise = "layer") Component state,
    @Setting(otherwise = "all") String positions,
    @Setting(otherwise = "1", least = 1, most = 10_000) int window,
    Optional<Component> sever) {

  /// The method with these settings.
  ActivationPatching patching() {
    return new ActivationPatching(state, positions, window, sever);
  }
}
