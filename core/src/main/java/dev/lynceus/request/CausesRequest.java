package dev.lynceus.request;

import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.method.cleann.CausalExplanation;
import dev.lynceus.method.cleann.CleannSettings;
import dev.lynceus.method.cleann.OrderedIcd;
import java.util.Optional;
import java.util.OptionalInt;

/// Learns a causal graph behind a word from one head's attention, and masks what it says explains
/// the word.
///
/// @param head whose attention, written `2.1`
/// @param target a word of the answer; empty = the one from which the head pays the picture most
/// @param threshold attention from which on a token becomes a node
/// @param patches most patches in the graph
/// @param alpha level of the tests of independence
/// @param samples what the correlations count as if they were estimated from
/// @param conditions most tokens that two tokens are tested given
/// @param radius depth of the tree around the word
/// @param trials random sets beside each explanation
/// @param seed of these sets
/// @param maxTokens most tokens of the answer; empty = what the checkpoint says, else 32
public record CausesRequest(
    ModelSpec model,
    Question question,
    HeadRef head,
    Optional<String> target,
    @Setting(otherwise = "0.005", least = 0, most = 1_000_000) double threshold,
    @Setting(otherwise = "50", least = 1, most = 10_000) int patches,
    @Setting(otherwise = "1e-5", least = 0, most = 1) double alpha,
    @Setting(otherwise = "128", least = 0, most = 1_000_000) int samples,
    @Setting(otherwise = "3", least = 0, most = 10_000) int conditions,
    @Setting(otherwise = "3", least = 1, most = 10_000) int radius,
    @Setting(otherwise = "20", least = 1, most = 1_000_000) int trials,
    @Setting(otherwise = "0") long seed,
    @Setting(least = 1, most = 1_000_000) OptionalInt maxTokens)
    implements Request<CausalExplanation> {

  /// How the graph is learned and tested.
  public CleannSettings settings() {
    return new CleannSettings(
        threshold,
        patches,
        samples,
        alpha,
        new OrderedIcd(conditions, OrderedIcd.DEFAULT.sets()),
        radius,
        trials,
        seed);
  }
}
