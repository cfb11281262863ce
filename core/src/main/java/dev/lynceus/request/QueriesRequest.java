package dev.lynceus.request;

import dev.lynceus.method.TargetSpec;
import java.util.OptionalInt;

/// Reads the queries of a Q-Former: where each looks, and what a word loses without it.
///
/// @param target the word
/// @param draws sets of queries that are taken away at random, beside those that are worth most
/// @param seed of the draws
/// @param maxTokens most tokens of the answer; empty = what the checkpoint says, else 32
public record QueriesRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "own-answer") TargetSpec target,
    @Setting(otherwise = "32", least = 1, most = 10_000) int draws,
    @Setting(otherwise = "0") long seed,
    @Setting(least = 1, most = 1_000_000) OptionalInt maxTokens)
    implements Request<ReadQueries> {}
