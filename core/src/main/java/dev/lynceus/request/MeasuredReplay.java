package dev.lynceus.request;

/// What was measured of one replay of a sweep, told while it runs; see [Running#aside].
///
/// @param number of the replay in the sweep, from 0: row by row, where it fills a map
/// @param probability of what is measured
/// @param logProbability of it, nats
/// @param logitDifference to what it is compared with, nats
public record MeasuredReplay(
    int number, double probability, double logProbability, double logitDifference) {}
