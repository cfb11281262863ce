package dev.lynceus.lab.train;

/// What a stage of training follows from. The same plan gives the same weights.
///
/// @param shape sizes of the model
/// @param seed of weights and examples
/// @param steps of the stage
/// @param threads shards of a step, one for each thread; their gradients are added in order
public record TrainingPlan(PupilShape shape, long seed, long steps, int threads) {}
